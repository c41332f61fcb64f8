"""mean_distance: an agent in the middle, things around it at random distances."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, share
from mettagrid.maps.scene import Counts, Scene


class MeanDistance(Scene):
    """Puts things around the middle at random distances with a given mean, in all directions."""

    form: Literal["mean_distance"] = "mean_distance"
    mean: share(0, 512) = 8.0  # type: ignore[valid-type]
    """Mean distance from the middle, in cells: distances follow a Poisson distribution."""
    objects: Counts = Field(default_factory=dict)
    """How many of each kind."""
    agent: bool = True
    """Whether an agent starts in the middle."""
    as_many_as_fit: bool = False
    """Whether it is no mistake if something finds no empty cell inside of the area."""

    example: ClassVar[dict[str, Any]] = {"objects": {"altar": 12}}

    def paint(self, canvas: Canvas) -> None:
        """Distances beyond the area are drawn again."""
        if self.agent:
            canvas.put("agent", (canvas.height // 2, canvas.width // 2))
        mean, key = drawn(self.mean, canvas.stream), canvas.stream.key()
        left = _core.maps.at_mean_distance(canvas.grid, self.objects, canvas.values, mean, key)
        if left and not self.as_many_as_fit:
            wanted, room = sum(self.objects.values()), f"{canvas.height} x {canvas.width} cells"
            raise ValueError(f"only {wanted - left} of {wanted} things found an empty cell in {room}")
