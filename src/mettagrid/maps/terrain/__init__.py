"""Terrain: shapes strewn over a field, ragged rims, and imitations of examples."""

from mettagrid.maps.terrain.asteroid import Asteroid
from mettagrid.maps.terrain.convchain import ConvChain
from mettagrid.maps.terrain.varied_terrain import VariedTerrain
from mettagrid.maps.terrain.wfc import Wfc

__all__ = ["Asteroid", "ConvChain", "VariedTerrain", "Wfc"]
