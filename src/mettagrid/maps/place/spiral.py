"""spiral: things along a spiral from the middle."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid import _core
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Counts, Scene

Length = Annotated[float, Field(ge=0, le=1024)]


class Spiral(Scene):
    """Puts things along a spiral from the middle outwards, at even spacing."""

    form: Literal["spiral"] = "spiral"
    objects: Counts = Field(default_factory=dict)
    """How many of each kind, in this order from the middle on."""
    spacing: Annotated[float, Field(ge=1, le=1024)] = 15.0
    """Cells from thing to thing."""
    start_radius: Length = 0.0
    """Distance of the first thing from the middle."""
    radius_step: Annotated[float, Field(ge=0.5, le=64)] = 15.0
    """Cells by which a whole turn leads farther out."""
    angle_step: Annotated[float, Field(gt=0.001, le=1)] = 0.05
    """How finely the spiral is followed, in radians."""
    jitter: Annotated[int, Field(ge=0, le=64)] = 2
    """Cells that a thing may be beside the spiral."""
    as_many_as_fit: bool = True
    """Whether it is no mistake if the spiral leaves the area before everything is placed."""

    example: ClassVar[dict[str, Any]] = {
        "objects": {"altar": 24},
        "spacing": 5,
        "radius_step": 6,
        "jitter": 1,
    }

    def paint(self, canvas: Canvas) -> None:
        """Places that are taken are left out."""
        shape = (self.spacing, self.start_radius, self.radius_step, self.angle_step)
        key = canvas.stream.key()
        left = _core.maps.on_spiral(canvas.grid, self.objects, canvas.values, shape, self.jitter, key)
        if left and not self.as_many_as_fit:
            wanted = sum(self.objects.values())
            raise ValueError(
                f"only {wanted - left} of {wanted} things fit on the spiral; use a smaller spacing"
            )
