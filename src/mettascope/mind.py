"""What policies thought while they played: how likely each action was to them, and how much they expected."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mettagrid.spec import GameSpec

_MOST_BYTES = 128 << 20  # of probabilities; the oldest ticks are forgotten first
_LEVELS = 255  # probabilities are kept in a byte each


@dataclass(frozen=True)
class Mind:
    """A policy's view of one agent at one tick."""

    probabilities: list[float]
    """Of each action; 0..1 in steps of 1/255."""
    value: float
    """The discounted return that it expected."""


class MindNotes:
    """Notes of an episode.

    Args:
        spec: of the game.
    """

    def __init__(self, spec: GameSpec) -> None:
        self._shape = (spec.num_agents, len(spec.action_names))
        self._most_ticks = max(1, _MOST_BYTES // (self._shape[0] * self._shape[1]))
        self._probabilities: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()
        self._values: dict[int, NDArray[np.float32]] = {}

    def note(self, tick: int, agents: Sequence[int], logits: Tensor, values: Tensor) -> None:
        """Keeps what a policy made of a tick.

        Args:
            tick: at which it looked at the world.
            agents: which agents it played.
            logits: float32 [len(agents), num_actions].
            values: float32 [len(agents)].
        """
        rows = np.asarray(agents)
        levels = (logits.softmax(dim=-1) * _LEVELS).round().byte().numpy(force=True)
        if tick not in self._probabilities:
            self._probabilities[tick] = np.zeros(self._shape, np.uint8)
            self._values[tick] = np.full(self._shape[0], np.nan, np.float32)
        self._probabilities[tick][rows] = levels
        self._values[tick][rows] = values.numpy(force=True)
        while len(self._probabilities) > self._most_ticks:
            self._probabilities.popitem(last=False)

    def at(self, agent: int, tick: int) -> Mind | None:
        """What was noted of an agent at a tick, None if nothing was or it is forgotten."""
        levels = self._probabilities.get(tick)
        if levels is None or np.isnan(self._values[tick][agent]):
            return None
        return Mind((levels[agent] / _LEVELS).tolist(), float(self._values[tick][agent]))

    def values(self, agent: int) -> list[tuple[int, float]]:
        """What an agent's policy expected at each tick that was noted."""
        noted = ((tick, float(values[agent])) for tick, values in sorted(self._values.items()))
        return [(tick, value) for tick, value in noted if not np.isnan(value)]
