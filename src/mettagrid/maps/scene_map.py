"""SceneMap: a map that a tree of scenes draws. Map i depends on the seed and on i alone."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from mettagrid import _core
from mettagrid.config.base import Config
from mettagrid.maps.canvas import AGENT, KINDS
from mettagrid.maps.place.random import RandomScene
from mettagrid.maps.scene import AnyScene, Wall
from mettagrid.maps.stream import Stream
from mettagrid.rules.names import unknown_name

_TRIES = 50
"""Drawings of one map before it is given up."""
_SAMPLES = 16
"""Maps that are drawn to estimate how many objects such a map has."""


_FAULTS = (
    "",
    "the scenes have more places for agents than the {num_agents} agents of the game",
    "{num_agents} agents do not fit into the cells that the scenes leave open",
    "not everything can be reached by everybody; leave more room or add make_connected",
)
"""What is wrong with a map, by the number that the core gives."""


class Site(NamedTuple):
    """Where one map is drawn, and what it must hold."""

    grid: np.ndarray
    field: np.ndarray
    num_agents: int
    kinds: Mapping[str, int]
    is_station: np.ndarray | None
    most: int


class SceneMap(Config):
    """A field of `height` x `width` cells inside a border, drawn by a scene and its children.

    Agents that no scene has placed are put on random empty cells of the largest open region.
    """

    form: Literal["scenes"] = "scenes"
    height: Annotated[int, Field(ge=1, le=1024)] = 25
    """Rows inside the border."""
    width: Annotated[int, Field(ge=1, le=1024)] = 25
    """Columns inside the border."""
    border: Wall | None = "wall"
    """Kind of the border around the field; None for no border."""
    border_width: Annotated[int, Field(ge=1, le=16)] = 1
    """How many cells wide the border is."""
    scene: AnyScene = Field(default_factory=RandomScene)
    """What draws the field."""
    connected: bool = True
    """Whether every agent can walk to every other and to a cell beside everything that is not only in the way.

    Maps where that is not so are drawn again.
    """
    max_objects: Annotated[int, Field(ge=0, le=2**20)] | None = None
    """The most objects of a map, border included: maps with more are drawn again. None to estimate it."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grids that are built, border included."""
        margin = 2 * self.border_width if self.border else 0
        return self.height + margin, self.width + margin

    def count_objects(self) -> int:
        """The most objects that a map may have: `max_objects`, or what it is most likely never to exceed."""
        if self.max_objects is not None:
            return self.max_objects
        return _estimate_objects(self.model_dump_json())

    def check(self, num_agents: int, kinds: Mapping[str, int]) -> None:
        """Refuses a map that does not fit a game: ValueError for unknown names or too little room."""
        if self.border is not None and not AGENT < kinds.get(self.border, 0) < KINDS:
            raise _unknown("border", self.border, {n for n, value in kinds.items() if AGENT < value < KINDS})
        for path, name, _ in self.scene.names():
            if name not in kinds:
                raise _unknown(f"scene.{path}", name, set(kinds))
        if num_agents > self.height * self.width:
            raise ValueError(f"{num_agents} agents do not fit into {self.height} x {self.width} cells")

    def build(self, num_maps: int, seed: int, num_agents: int, kinds: Mapping[str, int]) -> np.ndarray:
        """Draws maps: int32 [num_maps, rows, columns] of kind ids + grounds, border included.

        Raises:
            ValueError: the map does not fit the game, or cannot be drawn as asked in many tries.
        """
        self.check(num_agents, kinds)
        maps = np.empty((num_maps, *self.shape), np.int32)
        fields = self._inside(maps)
        maps[...] = 0 if self.border is None else kinds[self.border]
        fields[...] = 0
        is_bounded = self.max_objects is None or self.max_objects < maps[0].size
        most = self.count_objects() if is_bounded else maps[0].size
        is_station = self._stations(kinds) if self.connected else None
        seeds = Stream(seed % 2**64)
        for index in range(num_maps):
            site = Site(maps[index], fields[index], num_agents, kinds, is_station, most)
            self._draw(site, seeds.child(index))
        return maps

    def _inside(self, maps: np.ndarray) -> np.ndarray:
        """The maps without their borders."""
        width = self.border_width
        return maps if self.border is None else maps[..., width:-width, width:-width]

    def _draw(self, site: Site, stream: Stream) -> None:
        """Draws one map; again, with other random numbers, until it is as promised."""
        reason = ""
        for attempt in range(_TRIES):
            reason = self._try(site, stream.child(attempt))
            if not reason:
                return
            site.field[:] = 0
        raise ValueError(f"{reason} (in each of {_TRIES} tries)")

    def _try(self, site: Site, stream: Stream) -> str:
        """Draws one map; returns what is wrong with it, or nothing."""
        try:
            self.scene.draw(site.field, stream.child(0), site.kinds, site.num_agents)
        except ValueError as error:
            return f"scene: {error}"
        fault = _core.maps.settle(site.grid, site.field, site.num_agents, site.is_station, stream.key())
        if fault == 0 and site.most < site.grid.size:
            num_objects = np.count_nonzero((site.grid & (KINDS - 1)) > AGENT)
            if num_objects > site.most:
                return f"the map has more than {site.most} objects; set max_objects"
        return _FAULTS[fault].format(num_agents=site.num_agents)

    def _stations(self, kinds: Mapping[str, int]) -> np.ndarray:
        """Which kinds agents must be able to reach, by kind id."""
        names = list(self.scene.names())
        walls = {name for _, name, is_wall in names if is_wall} | {self.border}
        wanted = {kinds[name] for _, name, is_wall in names if not is_wall and name not in walls}
        return np.array([AGENT < value < KINDS and value in wanted for value in range(KINDS)], np.uint8)


def draw_grid(
    scene: AnyScene, height: int, width: int, seed: int, kinds: Mapping[str, int], num_agents: int = 0
) -> np.ndarray:
    """Draws a scene alone, without border, agents or checks: int32 [height, width].

    Raises:
        ValueError: it cannot be drawn; one line.
    """
    grid = np.zeros((height, width), np.int32)
    scene.draw(grid, Stream(seed % 2**64).child(0), kinds, num_agents)
    return grid


@lru_cache(maxsize=64)
def _estimate_objects(config: str) -> int:
    """A bound of the objects on a map: the most of some maps, with their spread on top."""
    one = SceneMap.model_validate_json(config)
    names = [name for _, name, _ in one.scene.names()] + ([one.border] if one.border else [])
    kinds = {"empty": 0, "agent": AGENT}
    for name in names:
        kinds.setdefault(name, len(kinds))
    counts = []
    for index in range(_SAMPLES):
        grid = np.zeros(one.shape, np.int32)
        one._try(Site(grid, one._inside(grid), 0, kinds, None, grid.size), Stream(index).child(0))
        counts.append(np.count_nonzero((grid & (KINDS - 1)) > AGENT))
    spread = max(counts) - min(counts)
    border = one.shape[0] * one.shape[1] - one.height * one.width
    return min(max(counts) + spread + spread // 2 + 8, one.height * one.width) + border


def _unknown(path: str, name: str, valid: set[str]) -> ValueError:
    return ValueError(f"{path}: {unknown_name('kind', name, valid)}")
