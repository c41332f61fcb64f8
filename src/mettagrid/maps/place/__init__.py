"""Scenes that put things into what others have drawn."""

from mettagrid.maps.place.buildings import Buildings, Spread
from mettagrid.maps.place.compound import Compound
from mettagrid.maps.place.corner_compounds import CornerCompounds
from mettagrid.maps.place.hub import Hub
from mettagrid.maps.place.lattice import Lattice
from mettagrid.maps.place.mean_distance import MeanDistance
from mettagrid.maps.place.perimeter import Perimeter
from mettagrid.maps.place.random import RandomScene
from mettagrid.maps.place.random_objects import RandomObjects
from mettagrid.maps.place.spiral import Spiral

__all__ = [
    "Buildings",
    "Compound",
    "CornerCompounds",
    "Hub",
    "Lattice",
    "MeanDistance",
    "Perimeter",
    "RandomObjects",
    "RandomScene",
    "Spiral",
    "Spread",
]
