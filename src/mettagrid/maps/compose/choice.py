"""choice: one of several scenes."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import AnyScene, Scene


class Candidate(Config):
    """A scene that may be drawn."""

    scene: AnyScene
    """What is drawn if it is chosen."""
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """How likely it is, relative to the others."""


class Choice(Scene):
    """Draws one of several scenes, each as likely as its weight says."""

    form: Literal["choice"] = "choice"
    candidates: Annotated[list[Candidate], Field(min_length=1)]
    """What is drawn from."""

    example: ClassVar[dict[str, Any]] = {
        "candidates": [{"scene": {"form": "maze_kruskal"}}, {"scene": {"form": "caves"}, "weight": 2}]
    }

    def parts(self) -> Any:
        """The candidates, and the children."""
        yield from ((f"candidates.{index}.scene", one.scene) for index, one in enumerate(self.candidates))
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """One draw decides."""
        left = canvas.stream.unit() * sum(one.weight for one in self.candidates)
        for index, candidate in enumerate(self.candidates):
            left -= candidate.weight
            if left < 0 or index + 1 == len(self.candidates):
                canvas.draw(candidate.scene, canvas.grid, index)
                return
