"""biomes: zones of different landscapes with ragged borders."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from mettagrid.maps.biomes.caves import Caves
from mettagrid.maps.biomes.city import City
from mettagrid.maps.biomes.desert import Desert
from mettagrid.maps.biomes.forest import Forest
from mettagrid.maps.biomes.plains import Plains
from mettagrid.maps.canvas import Canvas
from mettagrid.maps.numbers import drawn, whole
from mettagrid.maps.scene import AnyScene, Scene


def _all() -> list[Scene]:
    return [Forest(), Desert(), Caves(), City(), Plains()]


class Biomes(Scene):
    """Zones of different landscapes; where two meet, their cells mix.

    Every zone draws its landscape over the whole area, and is seen only where its own centre is the nearest.
    """

    form: Literal["biomes"] = "biomes"
    landscapes: Annotated[list[AnyScene], Field(min_length=1)] = Field(default_factory=_all)
    """What zones are made of, in turn from a random one on."""
    zones: whole(1, 64) = 5  # type: ignore[valid-type]
    """How many zones there are."""
    dither_depth: Annotated[int, Field(ge=0, le=64)] = 5
    """How far cells of a zone are strewn into the next."""
    dither_prob: Annotated[float, Field(ge=0, le=1)] = 0.15
    """Share of the cells that look for their zone that far away."""

    example: ClassVar[dict[str, Any]] = {"zones": 5}

    def parts(self) -> Any:
        """The landscapes, and the children."""
        yield from ((f"landscapes.{index}", scene) for index, scene in enumerate(self.landscapes))
        yield from super().parts()

    def paint(self, canvas: Canvas) -> None:
        """Nearest centres (a Voronoi diagram), then the dithered borders."""
        count = int(drawn(self.zones, canvas.stream))
        first = canvas.stream.below(len(self.landscapes))
        rng = canvas.stream.generator()
        zones = self._dithered(self._nearest(canvas, count, rng), rng)
        scratch = np.empty(canvas.grid.shape, np.int32)
        for zone in range(count):
            scratch[:] = canvas.grid
            scene = self.landscapes[(first + zone) % len(self.landscapes)]
            canvas.draw(scene, scratch, zone)
            np.copyto(canvas.grid, scratch, where=zones == zone)

    @staticmethod
    def _nearest(canvas: Canvas, count: int, rng: np.random.Generator) -> np.ndarray:
        """Number of the centre that is nearest to each cell."""
        rows, columns = rng.random(count) * canvas.height, rng.random(count) * canvas.width
        best = np.full(canvas.grid.shape, np.inf, np.float32)
        zones = np.zeros(canvas.grid.shape, np.int32)
        for zone in range(count):
            down = (np.arange(canvas.height, dtype=np.float32) - np.float32(rows[zone])) ** 2
            right = (np.arange(canvas.width, dtype=np.float32) - np.float32(columns[zone])) ** 2
            distance = down[:, None] + right
            nearer = distance < best
            np.copyto(best, distance, where=nearer)
            zones[nearer] = zone
        return zones

    def _dithered(self, zones: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Some cells take the zone of a cell nearby."""
        if self.dither_depth == 0 or self.dither_prob == 0:
            return zones
        rows, columns = np.nonzero(rng.random(zones.shape, np.float32) < self.dither_prob)
        away = rng.integers(-self.dither_depth, self.dither_depth + 1, (2, rows.size))
        from_row = np.clip(rows + away[0], 0, zones.shape[0] - 1)
        from_column = np.clip(columns + away[1], 0, zones.shape[1] - 1)
        mixed = zones.copy()
        mixed[rows, columns] = zones[from_row, from_column]
        return mixed
