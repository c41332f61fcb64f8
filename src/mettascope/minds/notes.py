"""What policies thought while they played: how likely each action was, how much they expected, where they looked."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from metta.policy.policy import ATTENTION, PolicyOutput
from mettagrid.spec import GameSpec

_MOST_BYTES = 128 << 20  # of probabilities and attention; the oldest ticks are forgotten first
_LEVELS = 255  # numbers 0..1 are kept in a byte each
_PLACES = 256  # values of a token's first byte
_EMPTY = 255  # the place of tokens that say nothing
_OBSERVER = 254  # the place of tokens about the agent itself


@dataclass(frozen=True)
class Mind:
    """A policy's view of one agent at one tick."""

    probabilities: list[float]
    """Of each action; 0..1 in steps of 1/255."""
    value: float
    """The discounted return that it expected."""
    attention: list[tuple[int, int, float]] | None
    """Rows and columns of its view, as it is turned, and how much it looked there; the most is 1. The agent itself is
    (-1, -1). None if the policy does not say."""


class MindNotes:
    """Notes of an episode.

    Args:
        spec: of the game.
    """

    def __init__(self, spec: GameSpec) -> None:
        self._shape = (spec.num_agents, len(spec.action_names))
        self._most_ticks = max(1, _MOST_BYTES // (self._shape[0] * (self._shape[1] + _PLACES)))
        self._probabilities: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()
        self._attention: dict[int, NDArray[np.uint8]] = {}
        self._values: dict[int, NDArray[np.float32]] = {}

    def note(
        self, tick: int, agents: Sequence[int], output: PolicyOutput, observations: NDArray[np.uint8]
    ) -> None:
        """Keeps what a policy made of a tick.

        Args:
            tick: at which it looked at the world.
            agents: which agents it played.
            output: for these agents.
            observations: uint8 [num_agents, num_tokens, 3], what all agents saw.
        """
        rows = np.asarray(agents)
        if tick not in self._probabilities:
            self._values[tick] = np.full(self._shape[0], np.nan, np.float32)
            self._probabilities[tick] = np.zeros(self._shape, np.uint8)
        self._probabilities[tick][rows] = _levels(output.logits.float().softmax(dim=-1))
        if ATTENTION in output.extras:
            looks = self._attention.setdefault(tick, np.zeros((self._shape[0], _PLACES), np.uint8))
            looks[rows] = _looks(output.extras[ATTENTION].numpy(force=True), observations[rows])
        self._values[tick][rows] = output.value.float().numpy(force=True)  # now others may read it
        while len(self._probabilities) > self._most_ticks:
            oldest, _ = self._probabilities.popitem(last=False)
            self._attention.pop(oldest, None)

    def at(self, agent: int, tick: int) -> Mind | None:
        """What was noted of an agent at a tick, None if nothing was or it is forgotten."""
        levels = self._probabilities.get(tick)
        if levels is None or np.isnan(self._values[tick][agent]):
            return None
        looks = self._attention.get(tick)
        attention = _places(looks[agent]) if looks is not None and looks[agent].any() else None
        return Mind((levels[agent] / _LEVELS).tolist(), float(self._values[tick][agent]), attention)

    def values(self, agent: int, first: int = 0, most: int | None = None) -> list[tuple[int, float]]:
        """What an agent's policy expected at each tick that was noted.

        Args:
            agent: which agent.
            first: the first tick that is asked for.
            most: how many ticks at most; None for all.
        """
        ticks = sorted(tick for tick in list(self._values) if tick >= first)
        noted = [(tick, float(self._values[tick][agent])) for tick in ticks]
        return [(tick, value) for tick, value in noted if not np.isnan(value)][:most]


def _levels(shares: Tensor) -> NDArray[np.uint8]:
    return (shares * _LEVELS).round().byte().numpy(force=True)


def _looks(attention: NDArray[np.float32], observations: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Adds up tokens by their place: uint8 [rows, 256], the largest 255."""
    rows = len(observations)
    place = observations[:, :, 0].astype(np.int64) + _PLACES * np.arange(rows)[:, None]
    sums = np.bincount(place.ravel(), attention.ravel(), _PLACES * rows).reshape(rows, _PLACES)
    sums[:, _EMPTY] = 0
    most = sums.max(axis=1, keepdims=True)
    return np.rint(_LEVELS * sums / np.where(most > 0, most, 1)).astype(np.uint8)


def _places(looks: NDArray[np.uint8]) -> list[tuple[int, int, float]]:
    """Where a token's first byte says it is: row * 16 + column of the view."""
    return [
        (-1, -1, looks[place] / _LEVELS)
        if place == _OBSERVER
        else (int(place) >> 4, int(place) & 15, looks[place] / _LEVELS)
        for place in np.flatnonzero(looks)
    ]
