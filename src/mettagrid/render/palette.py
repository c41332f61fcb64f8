"""The colours of every picture of a world, as (red, green, blue) in 0..255: one palette is a table of all of them."""

import colorsys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mettagrid.config.nearest import did_you_mean

Color = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Palette:
    """All colours of a picture. There is one object of each, so that caches can tell them apart quickly."""

    floor: Color = (238, 231, 216)
    """The light cells of the checkerboard; what rests fades towards it."""
    floor_shade: Color = (231, 223, 206)
    """The dark cells."""
    wall: Color = (92, 84, 84)
    wall_top: Color = (138, 126, 120)
    border: Color = (56, 60, 78)
    border_top: Color = (84, 89, 110)
    wall_shadow: Color = (196, 186, 166)
    ground_fade: float = 0.0
    """How much of the floor's colour is mixed into that of other grounds."""
    ink: Color = (38, 40, 52)
    """Outlines, pupils: dark in every palette."""
    paper: Color = (252, 250, 245)
    """Highlights, eyes, bubbles: pale in every palette."""
    bar: Color = (38, 40, 52)
    """Behind the energy of an agent."""
    page: Color = (252, 250, 245)
    """Behind the legend."""
    words: Color = (38, 40, 52)
    """The words of the legend."""
    edge: float = 1.0
    """Width of outlines, as a multiple of the usual one."""
    muted: Color = (120, 120, 130)
    red: Color = (214, 57, 60)
    blue: Color = (46, 110, 214)
    green: Color = (52, 158, 84)
    gold: Color = (250, 196, 38)
    pink: Color = (236, 72, 121)
    ice: Color = (165, 218, 250)
    shield: Color = (0, 178, 214)
    charger: Color = (53, 72, 66)
    altar: Color = (126, 104, 150)
    parchment: Color = (252, 244, 214)
    stone: Color = (158, 160, 168)
    leaf: Color = (74, 140, 66)
    wood: Color = (158, 106, 60)
    night: Color = (18, 22, 58)
    agents: tuple[Color, ...] = ()
    """Colours of agents; those beyond have the first ones again. As many as divide `NUM_AGENT_COLORS`."""
    teams: tuple[Color, ...] = ((236, 132, 36), (112, 76, 204), (24, 150, 140), (200, 60, 140))
    """Colours of team 1, team 2 and so on, and of what belongs to them."""
    own: tuple[Color, ...] = ()
    """Colours of what has no other colour; empty: any hue."""
    more_words: Mapping[str, Color] = field(
        default_factory=lambda: {
            "food": (196, 40, 92),
            "meat": (186, 84, 72),
            "carbon": (64, 66, 74),
            "oxygen": (120, 190, 232),
            "silicon": (206, 172, 112),
            "circuit": (40, 140, 104),
        }
    )
    """Colours of things whose name has such a word; see also `_WORDS`."""

    def agent_color(self, agent: int) -> Color:
        """The colour of agent number `agent`."""
        return self.agents[agent % len(self.agents)]

    def team_color(self, team: int) -> Color:
        """The colour of team number `team`, which begin with 1."""
        return self.teams[(team - 1) % len(self.teams)]

    def named_color(self, name: str, default: Color | None = None) -> Color:
        """The colour that a name mentions ("generator_red" is red), or `default`, or that of stone."""
        words = name.replace(":", "_").replace(".", "_").split("_")
        # Colours before materials: `ore_red` is red.
        for word in sorted(words, key=lambda word: word not in _COLOR_WORDS):
            if word in _WORDS:
                return getattr(self, _WORDS[word])
            if word in self.more_words:
                return self.more_words[word]
        return default or self.stone

    def own_color(self, name: str, lightness: float = 0.45, saturation: float = 0.55) -> Color:
        """A colour that any name has for itself, the same in every run."""
        stem, number = _numbered(name)
        start = zlib.crc32(stem.encode()) / 2**32
        if self.own:
            return self.own[(int(start * len(self.own)) + number) % len(self.own)]
        # Steps of the golden ratio keep `station_1`, `station_2` and so on far apart.
        hue = (start + number * 0.6180339887) % 1.0
        return to_color(colorsys.hls_to_rgb(hue, lightness, saturation))


NUM_AGENT_COLORS, NUM_TEAM_COLORS = 24, 4
"""Colours that agents and teams have in the palette with the most."""

# A word in a kind's or a variable's name -> which colour of the palette the thing has.
_WORDS = {
    "red": "red",
    "blue": "blue",
    "green": "green",
    "yellow": "gold",
    "gold": "gold",
    "pink": "pink",
    "heart": "pink",
    "energy": "gold",
    "battery": "gold",
    "ore": "stone",
    "laser": "red",
    "armor": "stone",
    "wood": "wood",
    "stone": "stone",
}
_COLOR_WORDS = ("red", "blue", "green", "yellow", "gold", "pink")


def mix(color: Color, other: Color, share: float) -> Color:
    """`color` with `share` (0..1) of `other` mixed into it."""
    return tuple(round(a + (b - a) * share) for a, b in zip(color, other, strict=True))  # type: ignore[return-value]


def brightness(color: Color) -> float:
    """How bright a colour looks, 0..1 (luma of ITU-R BT.601)."""
    red, green, blue = color
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def to_color(fractions: tuple[float, float, float]) -> Color:
    """Fractions 0..1 as bytes."""
    red, green, blue = (round(255 * fraction) for fraction in fractions)
    return red, green, blue


def to_hex(color: Color) -> str:
    """As `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def _numbered(name: str) -> tuple[str, int]:
    """A name without what counts at its end, and the number: of `item_c` and `item3` it is 3."""
    stem = name.rstrip("0123456789")
    if stem == name and name[-2:-1] == "_":
        return name[:-1], ord(name[-1]) - ord("a") + 1
    return stem, int(name[len(stem) :] or 0)


_NUM_HUES = 8


def _hues(*shades: tuple[float, float]) -> tuple[Color, ...]:
    """A round of hues for each (lightness, saturation); any two colours differ in hue or in lightness."""
    return tuple(
        # Every third hue: agents that follow each other differ most. Later rounds lie between the earlier hues.
        to_color(
            colorsys.hls_to_rgb(
                (step * 3 % _NUM_HUES + turn / len(shades)) / _NUM_HUES % 1.0, lightness, saturation
            )
        )
        for turn, (lightness, saturation) in enumerate(shades)
        for step in range(_NUM_HUES)
    )


LIGHT = Palette(agents=_hues((0.50, 0.68), (0.70, 0.75), (0.33, 0.62)))

_DARK = replace(
    LIGHT,
    floor=(44, 47, 56),
    floor_shade=(39, 42, 50),
    wall=(62, 58, 66),
    wall_top=(112, 106, 112),
    border=(22, 24, 34),
    border_top=(66, 71, 94),
    wall_shadow=(26, 28, 34),
    ground_fade=0.45,
    bar=(12, 13, 18),
    page=(32, 34, 41),
    words=(226, 226, 222),
    charger=(84, 112, 102),
    altar=(150, 128, 176),
    night=(4, 5, 18),
    agents=_hues((0.60, 0.80), (0.82, 0.75), (0.58, 0.40)),
    more_words={**LIGHT.more_words, "carbon": (108, 112, 124)},
)

# Dark, saturated colours on white: the contrast of agents to the floor is above 4 (WCAG 2.1 asks for 3 of graphics).
_CONTRAST = replace(
    LIGHT,
    floor=(255, 255, 255),
    floor_shade=(240, 240, 240),
    wall=(0, 0, 0),
    wall_top=(70, 70, 70),
    border=(0, 0, 0),
    border_top=(20, 20, 60),
    wall_shadow=(205, 205, 205),
    ink=(0, 0, 0),
    paper=(255, 255, 255),
    page=(255, 255, 255),
    words=(0, 0, 0),
    edge=1.6,
    muted=(84, 84, 90),
    red=(196, 0, 10),
    blue=(0, 60, 200),
    green=(0, 116, 40),
    gold=(255, 206, 0),
    pink=(214, 0, 96),
    shield=(0, 120, 190),
    charger=(16, 40, 32),
    altar=(86, 44, 130),
    stone=(112, 114, 122),
    leaf=(26, 104, 22),
    wood=(122, 66, 16),
    agents=(
        (200, 0, 0),
        (0, 64, 208),
        (0, 118, 40),
        (150, 0, 170),
        (146, 92, 0),
        (0, 112, 128),
        (96, 40, 0),
        (24, 24, 96),
        (204, 0, 104),
        (64, 64, 64),
        (84, 100, 0),
        (104, 64, 224),
    ),
    teams=((190, 76, 0), (84, 36, 190), (0, 112, 104), (180, 0, 110)),
)

# The palette of Okabe and Ito (Color Universal Design, 2008), which people with deuteranopia, protanopia or tritanopia
# tell apart; the test measures it with the simulation of Machado, Oliveira and Fernandes (2009).
_OKABE_ITO: dict[str, Color] = {
    "orange": (230, 159, 0),
    "sky": (86, 180, 233),
    "green": (0, 158, 115),
    "yellow": (240, 228, 66),
    "blue": (0, 114, 178),
    "vermillion": (213, 94, 0),
    "purple": (204, 121, 167),
    "black": (0, 0, 0),
}
_COLORBLIND = replace(
    LIGHT,
    red=_OKABE_ITO["vermillion"],
    blue=_OKABE_ITO["blue"],
    green=_OKABE_ITO["green"],
    gold=_OKABE_ITO["yellow"],
    pink=_OKABE_ITO["purple"],
    shield=_OKABE_ITO["sky"],
    agents=tuple(
        _OKABE_ITO[name]
        for name in ("vermillion", "sky", "yellow", "blue", "green", "purple", "orange", "black")
    ),
    teams=tuple(_OKABE_ITO[name] for name in ("orange", "blue", "green", "purple")),
    own=tuple(_OKABE_ITO.values()),
    more_words={
        "food": _OKABE_ITO["purple"],
        "meat": _OKABE_ITO["orange"],
        "carbon": _OKABE_ITO["black"],
        "oxygen": _OKABE_ITO["sky"],
        "silicon": _OKABE_ITO["yellow"],
        "circuit": _OKABE_ITO["green"],
    },
)

PALETTES: dict[str, Palette] = {
    "light": LIGHT,
    "dark": _DARK,
    "contrast": _CONTRAST,
    "colorblind": _COLORBLIND,
}
"""All palettes, by name."""


def find_palette(name: str) -> Palette:
    """The palette of this name.

    Raises:
        ValueError: there is none.
    """
    if name not in PALETTES:
        raise ValueError(f"palette: there is no '{name}', {did_you_mean(name, PALETTES)}")
    return PALETTES[name]
