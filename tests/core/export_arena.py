"""The arena's compiled tables as a text file: the C++ golden trace plays the real game without Python.

Run `python -m tests.core.export_arena` after a change of the arena; docs/testing.md says what then.
"""

from pathlib import Path

import numpy as np

from mettagrid.builder.envs import make_arena
from mettagrid.compile import build_maps, compile_game

FIXTURE = Path(__file__).parents[2] / "core" / "tests" / "data" / "arena.tables"
NUM_MAPS = 4
"""Maps in the fixture, built with seed 0."""


def arena_text() -> str:
    """Every table and the maps, one a line: name, number of values, values."""
    game = make_arena()
    arrays = dict(compile_game(game).tables) | {"maps": build_maps(game, NUM_MAPS, 0)}
    return "".join(_line(name, arrays[name]) for name in sorted(arrays))


def _line(name: str, array: np.ndarray) -> str:
    values = np.asarray(array).ravel().tolist()
    return " ".join(map(str, [name, len(values), *values])) + "\n"


if __name__ == "__main__":
    FIXTURE.write_text(arena_text(), encoding="ascii")
    print(f"wrote {FIXTURE}")
