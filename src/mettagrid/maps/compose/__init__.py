"""Scenes that work with other scenes, or on what they have drawn."""

from mettagrid.maps.compose.choice import Candidate, Choice
from mettagrid.maps.compose.drawing import Drawing
from mettagrid.maps.compose.fill import Fill
from mettagrid.maps.compose.make_connected import MakeConnected
from mettagrid.maps.compose.mirror import Mirror

__all__ = ["Candidate", "Choice", "Drawing", "Fill", "MakeConnected", "Mirror"]
