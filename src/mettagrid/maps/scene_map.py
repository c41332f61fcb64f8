"""SceneMap: a map that a tree of scenes draws. Map i depends on the seed and on i alone."""

from collections.abc import Mapping
from contextlib import suppress
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
    "the map has more than {most_objects} objects; set max_objects",
)
"""What is wrong with a map, by the number that the core gives."""


class Site(NamedTuple):
    """Where maps are drawn, and what they must hold."""

    maps: np.ndarray
    """int32 [num_maps, rows, columns], the border there already."""
    fields: np.ndarray
    """Views of what lies inside of the borders, to be drawn."""
    num_agents: int
    kinds: Mapping[str, int]
    is_station: np.ndarray | None
    """Kinds that everybody must be able to reach; None if nothing is promised."""
    most_objects: int

    def one(self, index: int) -> "Site":
        """The site of one of the maps."""
        part = slice(index, index + 1)
        return self._replace(maps=self.maps[part], fields=self.fields[part])


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
        # What is not random is drawn once, and the others are copies.
        num_drawn = min(num_maps, 1) if self.scene.is_fixed() else num_maps
        maps = np.zeros((num_drawn, *self.shape), np.int32)
        self._draw_border(maps, kinds)
        keys, own_keys = _core.maps.map_keys(seed % 2**64, 0, num_maps, 0)
        reasons = self._draw(self._inside(maps), keys, num_agents, kinds)
        if num_drawn < num_maps:
            maps = np.repeat(maps, num_maps, axis=0)
        is_bounded = self.max_objects is None or self.max_objects < maps[0].size
        most = self.count_objects() if is_bounded else maps[0].size
        is_station = self._stations(kinds) if self.connected else None
        site = Site(maps, self._inside(maps), num_agents, kinds, is_station, most)
        reasons = self._settle(site, own_keys) | reasons
        for index in sorted(reasons):
            self._draw_again(site.one(index), seed, index, reasons[index])
        return maps

    def _draw_border(self, maps: np.ndarray, kinds: Mapping[str, int]) -> None:
        if self.border is not None:
            width, value = self.border_width, kinds[self.border]
            maps[:, :width] = maps[:, -width:] = value
            maps[:, :, :width] = maps[:, :, -width:] = value

    def _inside(self, maps: np.ndarray) -> np.ndarray:
        """The maps without their borders."""
        width = self.border_width
        return maps if self.border is None else maps[..., width:-width, width:-width]

    def _draw(
        self, fields: np.ndarray, keys: list[int], num_agents: int, kinds: Mapping[str, int]
    ) -> dict[int, str]:
        """Has the scene drawn into each of the fields; returns what is wrong, by the number of the map."""
        reasons = {}
        for index, (field, key) in enumerate(zip(fields, keys, strict=False)):
            try:
                self.scene.draw(field, Stream(key), kinds, num_agents)
            except ValueError as error:
                reasons[index] = f"scene: {error}"
        return reasons

    def _settle(self, site: Site, keys: list[int]) -> dict[int, str]:
        """Places the agents that are missing; returns what is wrong with which map."""
        border = self.border_width if self.border else 0
        demand = (site.num_agents, site.most_objects, site.is_station)
        faults = _core.maps.settle(site.maps, border, *demand, keys)
        return {index: _FAULTS[fault].format(**site._asdict()) for index, fault in faults}

    def _draw_again(self, site: Site, seed: int, index: int, reason: str) -> None:
        """Draws one map with other random numbers until it is as promised."""
        for attempt in range(1, _TRIES):
            site.fields[:] = 0
            keys, own_keys = _core.maps.map_keys(seed % 2**64, index, 1, attempt)
            reasons = self._draw(site.fields, keys, site.num_agents, site.kinds)
            reasons = reasons or self._settle(site, own_keys)
            if not reasons:
                return
            reason = reasons[0]
        raise ValueError(f"{reason} (in each of {_TRIES} tries)")

    def _stations(self, kinds: Mapping[str, int]) -> np.ndarray:
        """Which kinds agents must be able to reach, by kind id."""
        names = self.scene.names()
        walls = {name for _, name, is_wall in names if is_wall} | {self.border}
        wanted = {kinds[name] for _, name, is_wall in names if not is_wall and name not in walls}
        is_station = np.zeros(KINDS, np.uint8)
        is_station[[value for value in wanted if AGENT < value < KINDS]] = 1
        return is_station


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
        with suppress(ValueError):
            one.scene.draw(one._inside(grid), Stream(index).child(0).child(0), kinds, 0)
        counts.append(np.count_nonzero((grid & (KINDS - 1)) > AGENT))
    spread = max(counts) - min(counts)
    border = one.shape[0] * one.shape[1] - one.height * one.width
    return min(max(counts) + spread + spread // 2 + 8, one.height * one.width) + border


def _unknown(path: str, name: str, valid: set[str]) -> ValueError:
    return ValueError(f"{path}: {unknown_name('kind', name, valid)}")
