"""Maps: where things stand when an episode begins, as grids of kinds. A map is a function of its seed.

A map is a drawing (`AsciiMap`), a random field (`RandomMap`) or drawn by scenes (`SceneMap`).
`mettagrid.maps.scene` says how to add a scene. Each folder holds scenes of one kind, one in a file.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.maps.ascii import AsciiMap
from mettagrid.maps.mazes import MazeDfs, MazeKruskal, MazePrim
from mettagrid.maps.place import RandomScene
from mettagrid.maps.random import RandomMap
from mettagrid.maps.rooms import RoomGrid
from mettagrid.maps.scene import AnyScene, Child, Scene, scene_forms
from mettagrid.maps.scene_map import SceneMap, draw_grid

MapConfig = Annotated[AsciiMap | RandomMap | SceneMap, Field(discriminator="form")]
"""Any map; `form` tells which."""

__all__ = [
    "AnyScene",
    "AsciiMap",
    "Child",
    "MapConfig",
    "MazeDfs",
    "MazeKruskal",
    "MazePrim",
    "RandomMap",
    "RandomScene",
    "RoomGrid",
    "Scene",
    "SceneMap",
    "draw_grid",
    "scene_forms",
]
