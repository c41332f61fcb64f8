"""Maps: where things stand when an episode begins, as grids of kinds. A map is a function of its seed.

A map is a drawing (`AsciiMap`), a random field (`RandomMap`) or drawn by scenes (`SceneMap`).
`mettagrid.maps.scene` says how to add a scene. Each folder holds scenes of one kind, one in a file.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.maps.ascii import AsciiMap
from mettagrid.maps.biomes import Biomes, Caves, City, Desert, Forest, Plains
from mettagrid.maps.compose import Candidate, Choice, Drawing, Fill, MakeConnected, Mirror
from mettagrid.maps.mazes import Fork, MazeDfs, MazeKruskal, MazePrim, RadialMaze
from mettagrid.maps.place import (
    Buildings,
    Compound,
    CornerCompounds,
    Hub,
    Lattice,
    MeanDistance,
    Perimeter,
    RandomObjects,
    RandomScene,
    Spiral,
    Spread,
)
from mettagrid.maps.random import RandomMap
from mettagrid.maps.rooms import (
    Auto,
    BoundedLayout,
    Bsp,
    BspLayout,
    Layout,
    LayoutArea,
    LeftAndRight,
    RoomGrid,
)
from mettagrid.maps.scene import AnyScene, Child, Scene, scene_forms
from mettagrid.maps.scene_map import SceneMap, draw_grid
from mettagrid.maps.terrain import Asteroid, ConvChain, VariedTerrain, Wfc

MapConfig = Annotated[AsciiMap | RandomMap | SceneMap, Field(discriminator="form")]
"""Any map; `form` tells which."""

__all__ = [
    "AnyScene",
    "AsciiMap",
    "Asteroid",
    "Auto",
    "Biomes",
    "BoundedLayout",
    "Bsp",
    "BspLayout",
    "Buildings",
    "Candidate",
    "Caves",
    "Child",
    "Choice",
    "City",
    "Compound",
    "ConvChain",
    "CornerCompounds",
    "Desert",
    "Drawing",
    "Fill",
    "Forest",
    "Fork",
    "Hub",
    "Lattice",
    "Layout",
    "LayoutArea",
    "LeftAndRight",
    "MakeConnected",
    "MapConfig",
    "MazeDfs",
    "MazeKruskal",
    "MazePrim",
    "MeanDistance",
    "Mirror",
    "Perimeter",
    "Plains",
    "RadialMaze",
    "RandomMap",
    "RandomObjects",
    "RandomScene",
    "RoomGrid",
    "Scene",
    "SceneMap",
    "Spiral",
    "Spread",
    "VariedTerrain",
    "Wfc",
    "draw_grid",
    "scene_forms",
]
