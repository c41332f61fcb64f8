"""Scenes that divide their area into rooms and sub-areas."""

from mettagrid.maps.rooms.auto import Auto
from mettagrid.maps.rooms.bounded_layout import BoundedLayout
from mettagrid.maps.rooms.bsp import Bsp
from mettagrid.maps.rooms.bsp_layout import BspLayout
from mettagrid.maps.rooms.layout import Layout, LayoutArea
from mettagrid.maps.rooms.left_and_right import LeftAndRight
from mettagrid.maps.rooms.room_grid import RoomGrid

__all__ = ["Auto", "BoundedLayout", "Bsp", "BspLayout", "Layout", "LayoutArea", "LeftAndRight", "RoomGrid"]
