"""Mazes."""

from mettagrid.maps.mazes.fork import Fork
from mettagrid.maps.mazes.maze_dfs import MazeDfs
from mettagrid.maps.mazes.maze_kruskal import MazeKruskal
from mettagrid.maps.mazes.maze_prim import MazePrim
from mettagrid.maps.mazes.radial_maze import RadialMaze

__all__ = ["Fork", "MazeDfs", "MazeKruskal", "MazePrim", "RadialMaze"]
