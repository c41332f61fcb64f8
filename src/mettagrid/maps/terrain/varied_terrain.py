"""varied_terrain: clumps, crosses, small labyrinths, blocks and single walls, in seven styles."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Scene, Wall

_AREA = 3600
"""Cells that the numbers of a style are for."""
Range = tuple[int, int]


@dataclass(frozen=True)
class Style:
    """The least and the most of each shape on 3,600 cells."""

    large: Range
    small: Range
    crosses: Range
    labyrinths: Range
    scattered: Range
    blocks: Range
    clumpiness: float
    most_share: float = 0.3


STYLES = {
    "sparse": Style((0, 2), (0, 2), (0, 2), (0, 0), (0, 8), (0, 2), 0.1),
    "balanced": Style((3, 7), (3, 7), (3, 7), (1, 2), (10, 30), (2, 4), 0.3),
    "dense": Style((8, 15), (8, 15), (7, 15), (2, 4), (40, 80), (3, 8), 0.5, 0.4),
    "maze": Style((0, 2), (0, 2), (0, 2), (12, 20), (0, 10), (0, 2), 0.1, 0.5),
    "all_sparse": Style((1, 3), (1, 3), (1, 3), (1, 1), (5, 10), (1, 2), 0.2),
    "all_balanced": Style((4, 8), (4, 8), (4, 8), (2, 4), (15, 30), (3, 5), 0.3),
    "all_dense": Style((10, 16), (10, 16), (10, 16), (5, 8), (50, 80), (5, 9), 0.5, 0.45),
}
"""`all_...` styles have some of every shape; the others may lack one."""


class VariedTerrain(Scene):
    """Clumps, crosses, small labyrinths, blocks and single walls, strewn in one of seven styles."""

    form: Literal["varied_terrain"] = "varied_terrain"
    wall: Wall = "wall"
    """What everything is made of."""
    style: Literal["sparse", "balanced", "dense", "maze", "all_sparse", "all_balanced", "all_dense"] = (
        "balanced"
    )
    """How much of each shape there is, per cell of the area."""
    most_share: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of the cells that is never exceeded; None for the style's own."""

    example: ClassVar[dict[str, Any]] = {"style": "all_balanced"}

    def paint(self, canvas: Canvas) -> None:
        """Shapes fall anywhere on empty cells and may overlap; labyrinths first."""
        style = STYLES[self.style]
        scale = canvas.height * canvas.width / _AREA
        shapes = (style.large, style.small, style.crosses, style.labyrinths, style.scattered, style.blocks)
        amounts = [self._scaled(low, high, scale) for low, high in shapes]
        share = style.most_share if self.most_share is None else self.most_share
        value, key = canvas.values[self.wall], canvas.stream.key()
        _core.maps.terrain(canvas.grid, amounts, style.clumpiness, share, value, key)

    @staticmethod
    def _scaled(low: int, high: int, scale: float) -> Range:
        """A range for an area of another size: what there is at all can be there in a small one, too."""
        return int(low * scale), max(int(high * scale + 0.5), int(high > 0))
