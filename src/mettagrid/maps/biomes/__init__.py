"""Landscapes."""

from mettagrid.maps.biomes.biomes import Biomes
from mettagrid.maps.biomes.caves import Caves
from mettagrid.maps.biomes.city import City
from mettagrid.maps.biomes.desert import Desert
from mettagrid.maps.biomes.forest import Forest
from mettagrid.maps.biomes.plains import Plains

__all__ = ["Biomes", "Caves", "City", "Desert", "Forest", "Plains"]
