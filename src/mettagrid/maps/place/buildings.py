"""buildings: things whose places follow a distribution, each kind by its own if wished."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.config.base import Config
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Counts, Kind, Scene

_LAWS = {"uniform": 0, "normal": 1, "exponential": 2, "poisson": 3, "bimodal": 4}


class Spread(Config):
    """How places are distributed over the rows, and in the same way over the columns."""

    law: Literal["uniform", "normal", "exponential", "poisson", "bimodal"] = "uniform"
    """Its kind; `exponential` crowds in the upper left corner, `bimodal` around two places on the diagonals."""
    mean: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Centre as a share of the side; of `bimodal` the one centre, the other lies as far from the other end."""
    deviation: Annotated[float, Field(gt=0, le=1)] = 0.15
    """Standard deviation as a share of the side; of `exponential` the mean."""


class Buildings(Scene):
    """Puts things at places that follow a distribution: even, a heap in the middle, in a corner, or two heaps."""

    form: Literal["buildings"] = "buildings"
    objects: Counts = Field(default_factory=dict)
    """How many of each kind."""
    spread: Spread = Field(default_factory=Spread)
    """How they are distributed."""
    spreads: dict[Kind, Spread] = Field(default_factory=dict)
    """Kinds that are distributed in a way of their own."""
    coverage: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of the area's cells that buildings stand on: numbers are scaled to it; None for the numbers as they are."""
    padding: Annotated[int, Field(ge=0, le=16)] = 1
    """Empty cells that are kept around each thing."""
    clear: bool = False
    """Take away what stands in the area first."""

    example: ClassVar[dict[str, Any]] = {
        "objects": {"altar": 12, "mine": 12},
        "spread": {"law": "normal"},
        "spreads": {"mine": {"law": "bimodal", "mean": 0.15, "deviation": 0.08}},
    }

    def paint(self, canvas: Canvas) -> None:
        """What finds no place in many tries is left out."""
        if self.clear:
            canvas.clear()
        total = sum(self.objects.values())
        wanted = total if self.coverage is None else self.coverage * canvas.height * canvas.width
        for name, count in self.objects.items():
            spread = self.spreads.get(name, self.spread)
            _core.maps.by_law(
                canvas.grid,
                {name: round(count * wanted / total) if total else 0},
                canvas.values,
                _LAWS[spread.law],
                spread.mean,
                spread.deviation,
                self.padding,
                canvas.stream.key(),
            )
