"""A map as coloured characters, two columns per cell, for terminals. It prints nothing itself."""

from collections.abc import Mapping

import numpy as np
from rich.text import Text

from mettagrid.maps.canvas import AGENT, KINDS
from mettagrid.render.ground import ground_tint
from mettagrid.render.looks import kind_color
from mettagrid.render.palette import to_hex
from mettagrid.render.signs import AGENTS, signs_of

_EMPTY, _AGENT = "· ", "▲ "


def map_text(grid: np.ndarray, values: Mapping[str, int]) -> Text:
    """The map, row by row; `▲` is a place for an agent, the legend tells the others."""
    looks = _looks(values)
    tints = {value // KINDS: to_hex(ground_tint(name)) for name, value in values.items() if value >= KINDS}
    text = Text(no_wrap=True)
    for index, row in enumerate(grid.tolist()):
        for cell in row:
            sign, style = looks[cell % KINDS]
            ground = cell // KINDS
            text.append(sign, f"{style} on {tints[ground]}" if ground in tints else style)
        text.append("\n" if index + 1 < len(grid) else "")
    return text


def map_legend(values: Mapping[str, int]) -> Text:
    """What the signs stand for, in one line."""
    text = Text(f"{_AGENT}agent")
    for name, value in values.items():
        if AGENT < value < KINDS:
            sign, style = _looks(values)[value]
            text.append("   ").append(sign.strip() + " ", style).append(name)
        elif value >= KINDS:
            text.append("   ").append("  ", f"on {to_hex(ground_tint(name))}").append(f" {name}")
    return text


def _looks(values: Mapping[str, int]) -> dict[int, tuple[str, str]]:
    """Sign and style of each kind."""
    names = [name for name, value in values.items() if value < KINDS and name not in AGENTS]
    signs = signs_of(names, [], [])
    looks = {values[name]: (signs["kind", name], to_hex(kind_color(name))) for name in names}
    return {0: (_EMPTY, "grey30"), AGENT: (_AGENT, "bold red"), **looks}
