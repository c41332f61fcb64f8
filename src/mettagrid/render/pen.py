"""A small drawing surface in units of one cell, smoothed by drawing it larger than it is shown."""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TypedDict, Unpack

from PIL import Image, ImageDraw, ImageFont

from mettagrid.render.palette import LIGHT, Color, Palette, mix

# How much larger a sprite is drawn than shown: 4 gives smooth edges and keeps a sprite under a millisecond.
OVERSAMPLING = 4

_OUTLINE_WIDTH = 0.03

Point = tuple[float, float]


class Style(TypedDict, total=False):
    """How a shape looks; a shape without fill and outline is not seen."""

    fill: Color
    outline: Color
    width: float  # of the outline
    alpha: int  # 0 invisible .. 255 opaque


class Pen:
    """Draws on one square cell; x and y run from 0 (left, top) to 1. `finish()` gives the picture."""

    def __init__(self, cell_size: int, colors: Palette = LIGHT) -> None:
        """Args: cell_size: pixels of the finished square. colors: what drawings choose from."""
        self.cell_size = cell_size
        self.colors = colors
        self._scale = cell_size * OVERSAMPLING
        self._image = Image.new("RGBA", (self._scale, self._scale), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._image)

    def ellipse(self, x: float, y: float, rx: float, ry: float | None = None, **style: Unpack[Style]) -> None:
        """An ellipse with centre (x, y)."""
        ry = rx if ry is None else ry
        self._shape("ellipse", [(x - rx, y - ry), (x + rx, y + ry)], style)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        radius: float = 0.0,
        **style: Unpack[Style],
    ) -> None:
        """A rectangle with corners rounded by `radius`."""
        radius_pixels = radius * self._scale
        self._shape("rounded_rectangle", [(left, top), (right, bottom)], style, radius=radius_pixels)

    def polygon(self, points: Iterable[Point], **style: Unpack[Style]) -> None:
        """A closed shape through `points`."""
        self._shape("polygon", points, style)

    def line(self, points: Iterable[Point], color: Color, width: float, alpha: int = 255) -> None:
        """A line through `points` with round joints."""
        pixels = self._pixels(points)
        pixel_width = max(1, round(width * self._scale))
        radius = pixel_width / 2
        with self._layer(alpha) as draw:
            draw.line(pixels, fill=color, width=pixel_width, joint="curve")
            for x, y in (pixels[0], pixels[-1]):
                draw.ellipse([(x - radius, y - radius), (x + radius, y + radius)], fill=color)

    def text(self, x: float, y: float, words: str, height: float, color: Color) -> None:
        """Letters of about `height` with their middle at (x, y)."""
        place = (x * self._scale, y * self._scale)
        self._draw.text(place, words, color, plain_font(max(4, round(height * self._scale))), "mm")

    def finish(self) -> Image.Image:
        """The smoothed picture, RGBA, `cell_size` pixels square."""
        return self._image.reduce(OVERSAMPLING)

    def darker(self, color: Color, share: float) -> Color:
        """The colour with `share` (0..1) of ink in it."""
        return mix(color, self.colors.ink, share)

    def lighter(self, color: Color, share: float) -> Color:
        """The colour with `share` of paper in it."""
        return mix(color, self.colors.paper, share)

    def faded(self, color: Color, share: float) -> Color:
        """The colour with `share` of the floor in it: of what rests."""
        return mix(color, self.colors.floor, share)

    def _shape(self, shape: str, points: Iterable[Point], style: Style, **more: float) -> None:
        options: dict[str, object] = dict(more)
        if "fill" in style:
            options["fill"] = style["fill"]
        if "outline" in style:
            options["outline"] = style["outline"]
            options["width"] = max(
                1, round(style.get("width", _OUTLINE_WIDTH) * self.colors.edge * self._scale)
            )
        with self._layer(style.get("alpha", 255)) as draw:
            getattr(draw, shape)(self._pixels(points), **options)

    @contextmanager
    def _layer(self, alpha: int) -> Iterator[ImageDraw.ImageDraw]:
        """Where to draw so that the result lets `255 - alpha` of what is below shine through."""
        if alpha == 255:
            yield self._draw
            return
        layer = Image.new("RGBA", self._image.size, (0, 0, 0, 0))
        yield ImageDraw.Draw(layer)
        layer.putalpha(layer.getchannel("A").point([round(level * alpha / 255) for level in range(256)]))
        self._image.alpha_composite(layer)

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self._scale, y * self._scale) for x, y in points]


def put(picture: Image.Image, image: Image.Image, place: tuple[int, int]) -> None:
    """Lays a picture with transparency over an RGB picture; what sticks out is cut off."""
    picture.paste(image, place, image)


@lru_cache(maxsize=64)
def plain_font(size: int) -> ImageFont.ImageFont:
    """Pillow's own font: nothing to install, the same everywhere."""
    return ImageFont.load_default(size)  # type: ignore[return-value]


def heart_outline(x: float, y: float, size: float, num_points: int = 48) -> list[Point]:
    """Points of a heart with centre (x, y), about `size` wide."""
    points = []
    for step in range(num_points):
        t = 2 * math.pi * step / num_points
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x + across / 34 * size, y - up / 34 * size))
    return points


def star_outline(
    x: float, y: float, outer: float, inner: float, num_tips: int, turn: float = 0.0
) -> list[Point]:
    """Points of a star with centre (x, y) and radii `outer` and `inner`; `turn` in radians."""
    points = []
    for step in range(2 * num_tips):
        radius = outer if step % 2 == 0 else inner
        angle = turn + math.pi * step / num_tips - math.pi / 2
        points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return points


def regular_outline(x: float, y: float, radius: float, num_sides: int) -> list[Point]:
    """Points of a regular polygon that stands on a side or, with 4 sides, on a tip."""
    return star_outline(x, y, radius, radius * math.cos(math.pi / num_sides), num_sides)
