"""The colours of every picture of a world, as (red, green, blue) in 0..255."""

import colorsys
import zlib

Color = tuple[int, int, int]

FLOOR: Color = (238, 231, 216)
FLOOR_SHADE: Color = (231, 223, 206)
WALL: Color = (92, 84, 84)
WALL_TOP: Color = (138, 126, 120)
BORDER: Color = (56, 60, 78)
BORDER_TOP: Color = (84, 89, 110)
WALL_SHADOW: Color = (196, 186, 166)
INK: Color = (38, 40, 52)
PAPER: Color = (252, 250, 245)
MUTED: Color = (120, 120, 130)
RED: Color = (214, 57, 60)
BLUE: Color = (46, 110, 214)
GREEN: Color = (52, 158, 84)
GOLD: Color = (250, 196, 38)
PINK: Color = (236, 72, 121)
ICE: Color = (165, 218, 250)
SHIELD: Color = (0, 178, 214)
CHARGER: Color = (53, 72, 66)
ALTAR: Color = (126, 104, 150)
PARCHMENT: Color = (252, 244, 214)
STONE: Color = (158, 160, 168)
LEAF: Color = (74, 140, 66)
WOOD: Color = (158, 106, 60)
NIGHT: Color = (18, 22, 58)

# Colours of team 1, team 2 and so on, and of what belongs to them.
_TEAMS: tuple[Color, ...] = ((236, 132, 36), (112, 76, 204), (24, 150, 140), (200, 60, 140))

# A word in a kind's or a variable's name that says what colour the thing has.
NAMED_COLORS: dict[str, Color] = {
    "red": RED,
    "blue": BLUE,
    "green": GREEN,
    "yellow": GOLD,
    "gold": GOLD,
    "pink": PINK,
    "heart": PINK,
    "energy": GOLD,
    "battery": GOLD,
    "ore": STONE,
    "laser": RED,
    "armor": STONE,
    "wood": WOOD,
    "stone": STONE,
    "food": (196, 40, 92),
    "meat": (186, 84, 72),
    "carbon": (64, 66, 74),
    "oxygen": (120, 190, 232),
    "silicon": (206, 172, 112),
    "circuit": (40, 140, 104),
}

_NUM_HUES = 8
# Lightness and saturation of the first, second and third round of hues.
_SHADES = ((0.50, 0.68), (0.70, 0.75), (0.33, 0.62))
NUM_AGENT_COLORS = _NUM_HUES * len(_SHADES)
"""Agents beyond these have the colours of the first ones again."""
NUM_TEAM_COLORS = len(_TEAMS)
"""Teams that look different."""


def agent_color(agent: int) -> Color:
    """The colour of agent number `agent`; any two of the first two dozen differ in hue or in lightness."""
    shade = agent // _NUM_HUES % len(_SHADES)
    # Every third hue: agents that follow each other differ most. Later rounds lie between the earlier hues.
    hue = (agent * 3 % _NUM_HUES + shade / len(_SHADES)) / _NUM_HUES
    lightness, saturation = _SHADES[shade]
    return to_color(colorsys.hls_to_rgb(hue % 1.0, lightness, saturation))


def named_color(name: str, default: Color = STONE) -> Color:
    """The colour that a name mentions ("generator_red" is red), or `default`."""
    for word in name.replace(":", "_").replace(".", "_").split("_"):
        if word in NAMED_COLORS:
            return NAMED_COLORS[word]
    return default


def team_color(team: int) -> Color:
    """The colour of team number `team`, which begin with 1."""
    return _TEAMS[(team - 1) % len(_TEAMS)]


def own_color(name: str, lightness: float = 0.45, saturation: float = 0.55) -> Color:
    """A colour that any name has for itself, the same in every run."""
    stem = name.rstrip("0123456789")
    # Steps of the golden ratio keep `station_1`, `station_2` and so on far apart.
    hue = (zlib.crc32(stem.encode()) / 2**32 + int(name[len(stem) :] or 0) * 0.6180339887) % 1.0
    return to_color(colorsys.hls_to_rgb(hue, lightness, saturation))


def mix(color: Color, other: Color, share: float) -> Color:
    """`color` with `share` (0..1) of `other` mixed into it."""
    return tuple(round(a + (b - a) * share) for a, b in zip(color, other, strict=True))  # type: ignore[return-value]


def to_color(fractions: tuple[float, float, float]) -> Color:
    """Fractions 0..1 as bytes."""
    red, green, blue = (round(255 * fraction) for fraction in fractions)
    return red, green, blue
