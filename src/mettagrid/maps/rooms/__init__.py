"""Scenes that divide their area into rooms and sub-areas."""

from mettagrid.maps.rooms.room_grid import RoomGrid

__all__ = ["RoomGrid"]
