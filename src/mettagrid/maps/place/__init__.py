"""Scenes that put things into what others have drawn."""

from mettagrid.maps.place.random import RandomScene

__all__ = ["RandomScene"]
