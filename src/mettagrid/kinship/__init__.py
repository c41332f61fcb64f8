"""Kinship: who is how near to whom in an episode, as a matrix of scores from 0 to 1. One file for each kind of it."""

from typing import Annotated

from pydantic import Field

from mettagrid.kinship.groups import Level, NestedGroups
from mettagrid.kinship.none import NoKinship
from mettagrid.kinship.pairs import RandomKinship
from mettagrid.kinship.teams import Teams
from mettagrid.kinship.trees import FamilyTrees

Kinship = Annotated[NoKinship | RandomKinship | Teams | NestedGroups | FamilyTrees, Field(discriminator="op")]
"""Any kinship; `op` tells which."""

__all__ = ["FamilyTrees", "Kinship", "Level", "NestedGroups", "NoKinship", "RandomKinship", "Teams"]
