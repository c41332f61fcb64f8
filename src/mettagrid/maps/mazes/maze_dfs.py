"""maze_dfs: a walk that goes back only where it is stuck."""

from typing import ClassVar, Literal

from mettagrid.maps.mazes.maze import Maze


class MazeDfs(Maze):
    """A perfect maze by depth-first search: long winding corridors, few branches."""

    form: Literal["maze_dfs"] = "maze_dfs"
    algorithm: ClassVar[int] = 2
