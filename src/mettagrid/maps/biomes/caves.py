"""caves: a cellular automaton that makes caverns out of noise."""

from typing import Annotated, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, share
from mettagrid.maps.scene import Scene, Wall


class Caves(Scene):
    """Caverns with smooth walls, by a cellular automaton."""

    form: Literal["caves"] = "caves"
    wall: Wall = "wall"
    """What the rock is made of."""
    fill: share() = 0.4  # type: ignore[valid-type]
    """Share of the cells that are rock at first."""
    steps: Annotated[int, Field(ge=0, le=64)] = 3
    """Steps of the automaton: the more, the smoother."""
    birth: Annotated[int, Field(ge=0, le=9)] = 5
    """Rock neighbours (of eight) from which on an empty cell becomes rock."""
    death: Annotated[int, Field(ge=0, le=9)] = 3
    """Rock neighbours from which on a rock stays."""

    def paint(self, canvas: Canvas) -> None:
        """What lies outside of the area counts as rock."""
        fill, key = drawn(self.fill, canvas.stream), canvas.stream.key()
        value = canvas.values[self.wall]
        _core.maps.caves(canvas.grid, fill, self.steps, self.birth, self.death, value, key)
