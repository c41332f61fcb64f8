"""Names to looks: which word in a kind's name decides how things of that kind are drawn. It draws nothing."""

from collections.abc import Callable

from mettagrid.render.palette import LIGHT, Color, Palette

# Words in kind names -> how such things look. The first word of this table that is in the name wins; a kind without
# any of them is a tile with letters.
_LOOKS = {
    "wall": "wall",
    "border": "border",
    "generator": "gem",
    "diamond": "gem",
    "mine": "ore",
    "charger": "bolt",
    "altar": "heart",
    "sign": "note",
    "mark": "note",
    "bush": "bush",
    "tree": "tree",
    "rock": "rock",
    "stone": "rock",
    "grass": "grass",
    "house": "house",
    "site": "site",
    "block": "block",
    "brick": "block",
    "door": "door",
    "box": "box",
    "chest": "chest",
    "vault": "vault",
    "store": "store",
    "crate": "crate",
    "lever": "lever",
    "extractor": "extractor",
    "forge": "forge",
    "assembler": "assembler",
    "beacon": "beacon",
    "stag": "stag",
    "hare": "hare",
}

TILE = "tile"
WALLS = ("wall", "border")


def look_of(kind: str) -> str:
    """How things of `kind` are drawn: `agent`, one of the looks above, or `tile`."""
    if kind == "agent":
        return "agent"
    words = kind.split("_")
    return next((look for word, look in _LOOKS.items() if word in words), TILE)


def number_of(kind: str) -> int:
    """The number at the end of a name (`beacon_2` is 2), 0 without one."""
    last = kind.rsplit("_", 1)[-1]
    return int(last) if last.isdecimal() else 0


def label_of(kind: str) -> str:
    """One or two letters for a tile: `Al` for altar, `S3` for station_3."""
    number = number_of(kind)
    return kind[0].upper() + (str(number % 10) if number else kind[1:2])


# Look -> the colour of a dot or a sign that stands for it; others by their names.
_COLORS: dict[str, Callable[[Palette], Color]] = {
    "border": lambda colors: colors.border_top,
    "wall": lambda colors: colors.wall_top,
    "bolt": lambda colors: colors.gold,
    "heart": lambda colors: colors.pink,
    "bush": lambda colors: colors.leaf,
    "tree": lambda colors: colors.leaf,
    "grass": lambda colors: colors.leaf,
    "house": lambda colors: colors.wood,
    "site": lambda colors: colors.wood,
    "door": lambda colors: colors.wood,
    "chest": lambda colors: colors.wood,
    "crate": lambda colors: colors.wood,
}


def kind_color(kind: str, colors: Palette = LIGHT) -> Color:
    """One colour for things of `kind`, where they are a dot or a sign."""
    look = look_of(kind)
    if look == TILE:
        return colors.own_color(kind, 0.6)
    if look in ("beacon", "store") and number_of(kind):
        return colors.team_color(number_of(kind))
    return _COLORS[look](colors) if look in _COLORS else colors.named_color(kind)
