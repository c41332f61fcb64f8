"""Pictures of what agents carry: ore, batteries, food and so on; a cut gem for all others. A square of any size."""

from collections.abc import Callable

from mettagrid.render.palette import Color
from mettagrid.render.pen import Pen, heart_outline
from mettagrid.render.things.stations import draw_gem

_Shape = Callable[[Pen, Color, "_Square"], None]


class _Square:
    """Where a drawing in units of its own square (0..1, y downwards) goes in a cell."""

    def __init__(self, x: float, y: float, size: float) -> None:
        """Args: x, y: the middle in the cell. size: from the middle to a side."""
        self._left, self._top, self.scale = x - size, y - size, 2 * size

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the square in the cell."""
        return self._left + x * self.scale, self._top + y * self.scale

    def outline(self, *points: tuple[float, float]) -> list[tuple[float, float]]:
        """Points of the square in the cell."""
        return [self.at(*point) for point in points]


def draw_good(pen: Pen, name: str, x: float, y: float, size: float) -> None:
    """What a variable of this name stands for: the word in its name decides. Args: size: from the middle to a side."""
    color = pen.colors.named_color(name, pen.colors.own_color(name))
    shape = next((_SHAPES[word] for word in name.split("_") if word in _SHAPES), _draw_cut_gem)
    shape(pen, color, _Square(x, y, size))


def _edge(square: _Square) -> float:
    """Width of outlines: strong enough for a gem at an agent's feet."""
    return 0.085 * square.scale


def _draw_cut_gem(pen: Pen, color: Color, square: _Square) -> None:
    # Its tip is longer than its crown, so its centre is above the middle.
    draw_gem(pen, color, *square.at(0.5, 0.42), 0.41 * square.scale, 0.075 * square.scale)


def _draw_heart(pen: Pen, color: Color, square: _Square) -> None:
    pen.polygon(heart_outline(*square.at(0.5, 0.5), square.scale), fill=pen.darker(color, 0.55))
    pen.polygon(heart_outline(*square.at(0.5, 0.5), 0.8 * square.scale), fill=color)


def _draw_lump(pen: Pen, color: Color, square: _Square) -> None:
    """A rough stone with two bright faces."""
    outline = square.outline(
        (0.10, 0.66), (0.22, 0.26), (0.52, 0.10), (0.84, 0.28), (0.92, 0.70), (0.56, 0.92)
    )
    pen.polygon(outline, fill=color, outline=pen.darker(color, 0.6), width=_edge(square))
    pen.polygon(
        square.outline((0.28, 0.34), (0.52, 0.20), (0.58, 0.48), (0.36, 0.58)), fill=pen.lighter(color, 0.5)
    )
    pen.polygon(square.outline((0.58, 0.48), (0.78, 0.36), (0.80, 0.64)), fill=pen.lighter(color, 0.25))


def _draw_battery(pen: Pen, color: Color, square: _Square) -> None:
    pen.box(*square.at(0.36, 0.04), *square.at(0.64, 0.22), fill=pen.colors.words)
    pen.box(*square.at(0.20, 0.14), *square.at(0.80, 0.96), radius=0.1 * square.scale, fill=pen.colors.words)
    pen.box(*square.at(0.29, 0.24), *square.at(0.71, 0.87), fill=color)
    bolt = square.outline((0.56, 0.28), (0.34, 0.60), (0.49, 0.60), (0.44, 0.84), (0.66, 0.50), (0.51, 0.50))
    pen.polygon(bolt, fill=pen.colors.paper)


def _draw_laser(pen: Pen, color: Color, square: _Square) -> None:
    """A barrel with a grip."""
    pen.polygon(square.outline((0.16, 0.44), (0.44, 0.44), (0.36, 0.92), (0.10, 0.92)), fill=pen.colors.words)
    pen.box(*square.at(0.04, 0.20), *square.at(0.96, 0.56), radius=0.1 * square.scale, fill=pen.colors.words)
    pen.box(*square.at(0.14, 0.30), *square.at(0.90, 0.46), fill=color)


def _draw_armor(pen: Pen, color: Color, square: _Square) -> None:
    """A shield."""
    outline = square.outline((0.10, 0.14), (0.5, 0.04), (0.90, 0.14), (0.84, 0.60), (0.5, 0.96), (0.16, 0.60))
    pen.polygon(outline, fill=color, outline=pen.colors.words, width=_edge(square))
    half = square.outline((0.5, 0.14), (0.80, 0.22), (0.75, 0.57), (0.5, 0.83))
    pen.polygon(half, fill=pen.darker(color, 0.3))


def _draw_logs(pen: Pen, color: Color, square: _Square) -> None:
    """Three logs, seen from their ends."""
    for x, y in ((0.29, 0.68), (0.71, 0.68), (0.50, 0.32)):
        pen.ellipse(
            *square.at(x, y),
            0.24 * square.scale,
            fill=color,
            outline=pen.darker(color, 0.6),
            width=_edge(square),
        )
        pen.ellipse(*square.at(x, y), 0.11 * square.scale, fill=pen.lighter(color, 0.55))


def _draw_berry(pen: Pen, color: Color, square: _Square) -> None:
    """A round fruit with a leaf."""
    pen.ellipse(
        *square.at(0.5, 0.60),
        0.36 * square.scale,
        fill=color,
        outline=pen.darker(color, 0.55),
        width=_edge(square),
    )
    pen.ellipse(*square.at(0.38, 0.48), 0.10 * square.scale, fill=pen.lighter(color, 0.6))
    leaf = square.outline((0.48, 0.30), (0.56, 0.06), (0.86, 0.06), (0.76, 0.26))
    pen.polygon(
        leaf, fill=pen.colors.leaf, outline=pen.darker(pen.colors.leaf, 0.55), width=0.05 * square.scale
    )


def _draw_meat(pen: Pen, color: Color, square: _Square) -> None:
    """A leg with its bone."""
    pen.line(square.outline((0.30, 0.72), (0.84, 0.20)), pen.darker(color, 0.6), 0.24 * square.scale)
    pen.line(square.outline((0.30, 0.72), (0.84, 0.20)), pen.colors.paper, 0.13 * square.scale)
    pen.ellipse(
        *square.at(0.36, 0.64),
        0.31 * square.scale,
        fill=color,
        outline=pen.darker(color, 0.6),
        width=_edge(square),
    )
    pen.ellipse(*square.at(0.28, 0.55), 0.09 * square.scale, fill=pen.lighter(color, 0.45))


def _draw_flask(pen: Pen, color: Color, square: _Square) -> None:
    """A flask of an element."""
    glass = square.outline((0.38, 0.06), (0.62, 0.06), (0.62, 0.36), (0.92, 0.92), (0.08, 0.92), (0.38, 0.36))
    pen.polygon(glass, fill=pen.colors.paper, outline=pen.colors.words, width=_edge(square))
    pen.polygon(square.outline((0.36, 0.54), (0.64, 0.54), (0.81, 0.85), (0.19, 0.85)), fill=color)


def _draw_circuit(pen: Pen, color: Color, square: _Square) -> None:
    """A chip with pins."""
    for place in (0.30, 0.50, 0.70):
        for ends in (((place, 0.06), (place, 0.94)), ((0.06, place), (0.94, place))):
            pen.line(square.outline(*ends), pen.colors.words, 0.07 * square.scale)
    pen.box(
        *square.at(0.18, 0.18),
        *square.at(0.82, 0.82),
        fill=color,
        outline=pen.colors.words,
        width=_edge(square),
    )
    pen.box(*square.at(0.38, 0.38), *square.at(0.62, 0.62), fill=pen.lighter(color, 0.6))


_SHAPES: dict[str, _Shape] = {
    "heart": _draw_heart,
    "ore": _draw_lump,
    "stone": _draw_lump,
    "battery": _draw_battery,
    "laser": _draw_laser,
    "armor": _draw_armor,
    "wood": _draw_logs,
    "food": _draw_berry,
    "meat": _draw_meat,
    "carbon": _draw_flask,
    "oxygen": _draw_flask,
    "silicon": _draw_flask,
    "circuit": _draw_circuit,
}
