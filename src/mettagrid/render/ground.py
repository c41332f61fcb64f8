"""Pictures of the ground of one cell and of traces on it, drawn under all things."""

from collections.abc import Callable
from functools import lru_cache

from PIL import Image

from mettagrid.render.palette import LIGHT, Color, Palette, mix
from mettagrid.render.pen import Pen

# Words in the names of grounds -> tint and pattern. All others: a colour of their own, with stripes.
_GROUNDS: dict[str, tuple[Callable[[Palette], Color], str]] = {
    "water": (lambda _: (120, 176, 224), "waves"),
    "swamp": (lambda _: (150, 152, 104), "waves"),
    "mud": (lambda _: (164, 134, 100), "waves"),
    "bush": (lambda colors: mix(colors.leaf, colors.floor, 0.35), "leaves"),
    "grass": (lambda colors: mix(colors.leaf, colors.floor, 0.55), "leaves"),
    "forest": (lambda colors: colors.leaf, "leaves"),
    "thorns": (lambda _: (206, 168, 148), "spikes"),
    "doorway": (lambda colors: mix(colors.wood, colors.floor, 0.45), "frame"),
    "depot": (lambda _: (216, 190, 226), "stripes"),
    "sand": (lambda _: (236, 212, 150), "dots"),
    "road": (lambda colors: mix(colors.stone, colors.floor, 0.4), "dots"),
}
_OTHERS = "stripes"
_NUM_STRENGTHS = 5


def ground_tint(kind: str, colors: Palette = LIGHT) -> Color:
    """The main colour of a ground."""
    word = _word(kind)
    tint = _GROUNDS[word][0](colors) if word else colors.own_color(kind, 0.76, 0.45)
    return mix(tint, colors.floor, colors.ground_fade)


def ground_pattern(kind: str) -> str:
    """The name of a ground's pattern: `waves`, `leaves` and so on."""
    word = _word(kind)
    return _GROUNDS[word][1] if word else _OTHERS


@lru_cache(maxsize=256)
def ground_tile(kind: str, is_shaded: bool, size: int, colors: Palette = LIGHT) -> Image.Image:
    """A cell of this ground. `is_shaded`: on a dark cell of the checkerboard."""
    tint = mix(ground_tint(kind, colors), colors.ink, 0.04 * is_shaded)
    pen = Pen(size, colors)
    pen.box(0, 0, 1, 1, fill=tint)
    _PATTERNS[ground_pattern(kind)](pen, mix(tint, colors.ink, 0.28))
    return pen.finish()


def trace_tile(kind: str, strength: float, size: int, colors: Palette = LIGHT) -> Image.Image:
    """A trace, the paler the less of it is left. Args: strength: 0 gone .. 1 fresh."""
    return _trace(kind, max(1, round(strength * _NUM_STRENGTHS)), size, colors)


@lru_cache(maxsize=256)
def _trace(kind: str, level: int, size: int, colors: Palette) -> Image.Image:
    pen = Pen(size, colors)
    alpha = 250 * level // _NUM_STRENGTHS
    for x, y in ((0.5, 0.34), (0.36, 0.60), (0.64, 0.60)):
        pen.ellipse(
            x, y, 0.10, fill=pen.colors.own_color(kind), outline=pen.colors.paper, width=0.025, alpha=alpha
        )
    return pen.finish()


def _word(kind: str) -> str:
    """The word of the table that is in a ground's name, "" if none is."""
    return next((word for word in kind.split("_") if word in _GROUNDS), "")


def _draw_waves(pen: Pen, color: Color) -> None:
    for y in (0.22, 0.52, 0.82):
        points = [(x / 8, y + (0.04 if x % 4 in (1, 2) else -0.04)) for x in range(1, 8)]
        pen.line(points, color, 0.035)


def _draw_leaves(pen: Pen, color: Color) -> None:
    for x, y in ((0.22, 0.28), (0.68, 0.20), (0.45, 0.58), (0.82, 0.66), (0.18, 0.82), (0.60, 0.88)):
        pen.line([(x - 0.08, y - 0.08), (x, y), (x + 0.08, y - 0.08)], color, 0.035)


def _draw_spikes(pen: Pen, color: Color) -> None:
    for x, y in ((0.25, 0.28), (0.72, 0.24), (0.48, 0.58), (0.20, 0.84), (0.78, 0.84)):
        pen.line([(x - 0.09, y - 0.09), (x + 0.09, y + 0.09)], color, 0.035)
        pen.line([(x - 0.09, y + 0.09), (x + 0.09, y - 0.09)], color, 0.035)


def _draw_dots(pen: Pen, color: Color) -> None:
    for x, y in ((0.2, 0.2), (0.6, 0.3), (0.35, 0.6), (0.8, 0.7), (0.55, 0.88)):
        pen.ellipse(x, y, 0.03, fill=color)


def _draw_frame(pen: Pen, color: Color) -> None:
    pen.box(0.05, 0.03, 0.95, 0.97, outline=color, width=0.06)


def _draw_stripes(pen: Pen, color: Color) -> None:
    for x in (0.1, 0.4, 0.7):
        pen.line([(x, 0.9), (x + 0.2, 0.1)], color, 0.03)


_PATTERNS = {
    "waves": _draw_waves,
    "leaves": _draw_leaves,
    "spikes": _draw_spikes,
    "dots": _draw_dots,
    "frame": _draw_frame,
    "stripes": _draw_stripes,
}
