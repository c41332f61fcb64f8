"""Compiling: a GameConfig becomes the core's tables and the GameSpec by which policies know the game."""

from mettagrid.compile.compiler import CompiledGame, build_maps, compile_game
from mettagrid.compile.side_by_side import compile_games, joint_spec

__all__ = ["CompiledGame", "build_maps", "compile_game", "compile_games", "joint_spec"]
