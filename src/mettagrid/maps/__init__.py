"""Maps: where things stand when an episode begins, as grids of kinds. A map is a function of its seed."""

from typing import Annotated

from pydantic import Field

from mettagrid.maps.ascii import AsciiMap
from mettagrid.maps.random import RandomMap

MapConfig = Annotated[AsciiMap | RandomMap, Field(discriminator="form")]
"""Any map; `form` tells which."""

__all__ = ["AsciiMap", "MapConfig", "RandomMap"]
