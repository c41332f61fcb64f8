"""random: things and agents on random empty cells, as many of each as asked."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mettagrid.maps.canvas import Canvas
from mettagrid.maps.scene import Counts, Scene


class RandomScene(Scene):
    """Puts an exact number of each thing on random empty cells."""

    form: Literal["random"] = "random"
    objects: Counts = Field(default_factory=dict)
    """How many of each kind (or ground)."""
    agents: Annotated[int, Field(ge=0, le=65535)] = 0
    """How many agents start here; those of the game that no scene places are placed by the map."""
    keep_ways: bool = True
    """Use only the largest open region, and put nothing where it would cut a way or hide another thing."""
    as_many_as_fit: bool = False
    """Whether a full area is no mistake: what does not fit is left out."""

    example: ClassVar[dict[str, Any]] = {"objects": {"wall": 60, "altar": 4, "mine": 8}, "agents": 6}

    def paint(self, canvas: Canvas) -> None:
        """Draws without replacement; what keeps ways open is decided thing by thing."""
        counts = {"agent": self.agents, **self.objects} if self.agents else self.objects
        if not counts:
            return
        left = canvas.scatter(counts, self.keep_ways)
        if left and not self.as_many_as_fit:
            wanted = sum(counts.values())
            room = f"only {wanted - left} of {wanted} things fit into {canvas.height} x {canvas.width} cells"
            raise ValueError(f"{room}; fewer things, a larger area, keep_ways=false or as_many_as_fit=true")
