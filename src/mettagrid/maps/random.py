"""RandomMap: things scattered over a field with a border, so that every agent reaches every station."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from mettagrid import _core
from mettagrid.config.base import Config
from mettagrid.rules.names import unknown_name

_TRIES = 100
"""Drawings of one map before it is given up as too crowded."""

_GROUND = 256
"""Values of a cell from here on are grounds; below are kinds."""
_BLURS = 2

Counts = dict[str, Annotated[int, Field(ge=0)]]


class RandomMap(Config):
    """A field of `height` x `width` cells inside a border, with things at random cells."""

    form: Literal["random"] = "random"
    height: Annotated[int, Field(ge=1, le=250)] = 25
    """Rows inside the border."""
    width: Annotated[int, Field(ge=1, le=250)] = 25
    """Columns inside the border."""
    border: str | None = None
    """Kind of the one cell wide border around the field; None for no border."""
    stations: Counts = Field(default_factory=dict)
    """How many of each kind that agents use: each stands where every agent can reach a cell beside it."""
    obstacles: Counts = Field(default_factory=dict)
    """How many of each kind that is only in the way."""
    grounds: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    """Share of the field's cells that have each ground, in patches; a later one covers an earlier one."""

    @model_validator(mode="after")
    def _check_room(self) -> "RandomMap":
        if self._num_things() > self.height * self.width:
            things = f"{self._num_things()} stations and obstacles"
            raise ValueError(f"{things} do not fit into {self.height} x {self.width} cells")
        return self

    def _num_things(self) -> int:
        return sum(self.stations.values()) + sum(self.obstacles.values())

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grids that are built, border included."""
        margin = 2 if self.border else 0
        return self.height + margin, self.width + margin

    def count_objects(self) -> int:
        """Number of objects on every such map."""
        border = 2 * (self.height + self.width) + 4 if self.border else 0
        return self._num_things() + border

    def check(self, num_agents: int, kinds: Mapping[str, int]) -> None:
        """Refuses a map that does not fit a game: ValueError for unknown kinds or too little room."""
        names = [*self.stations, *self.obstacles, *([self.border] if self.border else [])]
        for name in names:
            if not 1 < kinds.get(name, 0) < _GROUND:
                raise unknown_name("kind", name, {n for n, value in kinds.items() if 1 < value < _GROUND})
        for name in self.grounds:
            if kinds.get(name, 0) < _GROUND:
                raise unknown_name("ground", name, {n for n, value in kinds.items() if value >= _GROUND})
        if self._num_things() + num_agents > self.height * self.width:
            raise ValueError(
                f"{num_agents} agents and {self._num_things()} things do not fit into "
                f"{self.height} x {self.width} cells"
            )

    def build(self, num_maps: int, seed: int, num_agents: int, kinds: Mapping[str, int]) -> np.ndarray:
        """Draws maps: int32 [num_maps, rows, columns] of kind ids + grounds, border included.

        Map i depends on the seed and on i alone.

        Raises:
            ValueError: the map is so crowded that agents or stations are sealed in every time.
        """
        self.check(num_agents, kinds)
        things = self._things(num_agents, kinds)
        is_station = np.zeros(_GROUND, np.uint8)
        is_station[[kinds[name] for name in self.stations]] = 1
        border = 1 if self.border else 0
        maps = np.zeros((num_maps, *self.shape), np.int32)
        which = list(range(num_maps))
        for attempt in range(_TRIES):
            rng = np.random.default_rng([attempt, seed % 2**64])
            numbers = rng.random((num_maps, self.height * self.width))
            which = _core.maps.scatter_by_rank(maps, border, things, numbers, which, is_station)
            if not which:
                self._finish(maps, seed, kinds)
                return maps
        raise ValueError(
            f"the map is too crowded: no way to every station in {_TRIES} tries; use fewer obstacles"
        )

    def _things(self, num_agents: int, kinds: Mapping[str, int]) -> list[int]:
        """Kind ids of everything that stands in the field; number i is at the rank of random number i."""
        counts = [("agent", num_agents), *self.stations.items(), *self.obstacles.items()]
        return [kinds[name] for name, count in counts for _ in range(count)]

    def _finish(self, maps: np.ndarray, seed: int, kinds: Mapping[str, int]) -> None:
        """Lays the grounds and draws the border."""
        fields = maps[:, 1:-1, 1:-1] if self.border else maps
        if self.grounds:
            fields += self._grounds(len(maps), seed, kinds)
        if self.border:
            maps[:, [0, -1]] = maps[:, :, [0, -1]] = kinds[self.border]

    def _grounds(self, num_maps: int, seed: int, kinds: Mapping[str, int]) -> np.ndarray:
        """What grounds add to cells, int32 [num_maps, height, width]: patches are where blurred noise is highest."""
        cells = np.zeros((num_maps, self.height * self.width), np.int32)
        for index, (name, share) in enumerate(self.grounds.items()):
            rng = np.random.default_rng([_TRIES + index, seed % 2**64])
            noise = rng.random((num_maps, self.height, self.width))
            for _ in range(_BLURS):
                noise = _blurred(noise)
            highest = (-noise.reshape(num_maps, -1)).argsort(axis=1)[
                :, : round(share * self.height * self.width)
            ]
            np.put_along_axis(cells, highest, kinds[name], axis=1)
        return cells.reshape(num_maps, self.height, self.width)


def _blurred(values: np.ndarray) -> np.ndarray:
    """The mean of each cell and the eight around it; over the edge the map begins again. Shape [n, height, width]."""
    for axis in (1, 2):
        values = (np.roll(values, 1, axis) + values + np.roll(values, -1, axis)) / 3
    return values


def are_connected(grids: np.ndarray, agent: int, is_station: np.ndarray) -> np.ndarray:
    """Tells for each map whether all agents can walk to each other and to a cell beside every station.

    Args:
        grids: kind ids, int32 [num_maps, height, width].
        agent: kind id of an agent's place.
        is_station: bool [num_kinds], which kinds must be reached.

    Returns:
        bool [num_maps]. Walking goes over empty cells and over the other agents' places. Without agents, what counts
        are the cells of the largest open region.
    """
    marks = np.zeros(_GROUND, np.uint8)
    marks[: is_station.size] = is_station[:_GROUND]
    return np.array([_core.maps.all_reached(grid, marks) for grid in grids], bool)
