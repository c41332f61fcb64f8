"""Compiling: a GameConfig becomes the core's tables and the GameSpec by which policies know the game."""

from mettagrid.compile.compiler import CompiledGame, build_maps, compile_game

__all__ = ["CompiledGame", "build_maps", "compile_game"]
