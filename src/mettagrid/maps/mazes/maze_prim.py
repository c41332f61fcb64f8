"""maze_prim: the maze grows from one corridor through random walls of its border."""

from typing import ClassVar, Literal

from mettagrid.maps.mazes.maze import Maze


class MazePrim(Maze):
    """A perfect maze by Prim's algorithm: it grows from one place and branches everywhere."""

    form: Literal["maze_prim"] = "maze_prim"
    algorithm: ClassVar[int] = 1
