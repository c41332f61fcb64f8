"""`make_arena` and its siblings; each game is a file in `mettagrid.games`."""

from mettagrid.games.arena import make_arena

__all__ = ["make_arena"]
