"""Two characters for every kind, ground and trace of a game, all different, for maps in a terminal."""

import string
from collections import Counter
from collections.abc import Iterable

from mettagrid.render.ground import ground_pattern
from mettagrid.render.looks import TILE, label_of, look_of

AGENTS = ("empty", "agent")

# Look -> sign. One column wide in every terminal, and none that stands for agents, marks or the empty cell.
_SIGNS = {
    "border": "██",
    "wall": "▒▒",
    "gem": "◆ ",
    "bolt": "ϟ ",
    "heart": "♥ ",
    "note": "¶ ",
    "box": "▣ ",
    "ore": "◊ ",
    "bush": "♣ ",
    "tree": "♠ ",
    "rock": "● ",
    "grass": '" ',
    "house": "⌂ ",
    "site": "⊞ ",
    "block": "▓▓",
    "door": "∩ ",
    "chest": "▤ ",
    "vault": "⊗ ",
    "store": "▦ ",
    "crate": "▧ ",
    "lever": "/ ",
    "extractor": "◎ ",
    "forge": "Ω ",
    "assembler": "¤ ",
    "beacon": "! ",
    "stag": "Y ",
    "hare": "v ",
}
_GROUND_SIGNS = {"waves": "~ ", "leaves": "„ ", "spikes": "× ", "dots": ": ", "frame": "∏ ", "stripes": "≡ "}
_TRACE_SIGN = "∴ "


def kind_sign(kind: str) -> str:
    """The sign of a kind by itself; in a game several kinds may share it."""
    look = look_of(kind)
    return f"{label_of(kind):2}" if look == TILE else _SIGNS[look]


def signs_of(
    kinds: Iterable[str], grounds: Iterable[str], traces: Iterable[str]
) -> dict[tuple[str, str], str]:
    """A sign of its own for everything in a game.

    Returns:
        Signs by (`kind`, `ground` or `trace`, name), in this order.
    """
    plain = {("kind", name): kind_sign(name) for name in kinds if name not in AGENTS}
    plain |= {("ground", name): _GROUND_SIGNS[ground_pattern(name)] for name in grounds}
    plain |= {("trace", name): _TRACE_SIGN for name in traces}
    return _different(plain)


def _different(plain: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Signs that several share get a second character each, if possible one of the name."""
    counts = Counter(plain.values())
    signs: dict[tuple[str, str], str] = {}
    taken = {sign for sign, count in counts.items() if count == 1}
    for key, sign in plain.items():
        signs[key] = sign if counts[sign] == 1 else _with_letter(sign, key[1], taken)
        taken.add(signs[key])
    return signs


def _with_letter(sign: str, name: str, taken: set[str]) -> str:
    letters = [*name.rsplit("_", 1)[-1], *name, *string.ascii_letters, *string.digits]
    return next((sign[0] + letter for letter in letters if sign[0] + letter not in taken), sign)
