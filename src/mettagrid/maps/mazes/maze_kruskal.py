"""maze_kruskal: walls are opened in random order wherever they part what is not joined yet."""

from typing import ClassVar, Literal

from mettagrid.maps.mazes.maze import Maze


class MazeKruskal(Maze):
    """A perfect maze by Kruskal's algorithm: many short dead ends."""

    form: Literal["maze_kruskal"] = "maze_kruskal"
    algorithm: ClassVar[int] = 0
