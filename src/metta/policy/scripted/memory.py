"""What the scripted arena policy remembers, and how it knows that its last move succeeded."""

from dataclasses import dataclass

import torch
from torch import Tensor

STEPS = ((0, 0), (-1, 0), (0, 1), (1, 0), (0, -1))
"""(row, column) of staying and of a step north, east, south, west."""
_RANDOM_RANGE = 65536


@dataclass
class Memory:
    """One row per agent; places are (row, column) relative to the agent.

    Attributes:
        stations: [B, kinds, 3], place of the last seen station of each kind, and 1 if it is known.
        target: [B, 3], place to explore, and how many steps ago it was chosen.
        random: [B], state of a small generator; 0 = not started.
        last_move: [B], 0 = stayed, 1..4 = tried to step north, east, south, west.
        static: [B, H, W], 1 where something that never moves was seen.
    """

    stations: Tensor
    target: Tensor
    random: Tensor
    last_move: Tensor
    static: Tensor

    @staticmethod
    def size(num_kinds: int, height: int, width: int) -> int:
        """Return the number of floats that a row takes."""
        return num_kinds * 3 + 5 + height * width

    @classmethod
    def unpack(cls, state: Tensor, num_kinds: int, height: int, width: int) -> "Memory":
        """Read memory from float32 [B, size]."""
        stations, target, rest, static = state.split([num_kinds * 3, 3, 2, height * width], dim=1)
        return cls(
            stations.unflatten(1, (num_kinds, 3)).clone(),
            target.clone(),
            rest[:, 0].clone(),
            rest[:, 1].clone(),
            static.unflatten(1, (height, width)),
        )

    def pack(self) -> Tensor:
        """Return float32 [B, size]."""
        rest = torch.stack([self.random, self.last_move], dim=1)
        return torch.cat([self.stations.flatten(1), self.target, rest, self.static.flatten(1)], dim=1)

    def seed_random(self, observations: Tensor) -> None:
        """Start the generators that were not started, from what each agent sees."""
        tokens = observations.flatten(1).float()
        weights = torch.arange(1, tokens.shape[1] + 1, device=tokens.device) % 251 + 1.0
        seeds = (tokens @ weights) % (_RANDOM_RANGE - 1) + 1
        self.random = torch.where(self.random == 0, seeds.floor(), self.random)

    def draw(self) -> Tensor:
        """Return the next random numbers, float32 [B] in 0..1 (linear congruential, exact in floats)."""
        following = (self.random.long() * 25173 + 13849) % _RANDOM_RANGE
        self.random = following.clamp(min=1).float()
        return self.random / _RANDOM_RANGE

    def notice_step(self, static: Tensor) -> None:
        """Find out whether the last move succeeded, by which of both fits what is seen, and shift all places.

        Args:
            static: bool [B, H, W], where something that never moves is seen now.
        """
        misfit_if_stayed = ((self.static > 0) != static).flatten(1).sum(1)
        misfit = torch.stack([self._misfit(static, *step) for step in STEPS], dim=1)
        tried = self.last_move.long().unsqueeze(1)
        moved = misfit.gather(1, tried).squeeze(1) <= misfit_if_stayed
        steps = torch.tensor(STEPS, device=static.device, dtype=self.target.dtype)[self.last_move.long()]
        steps = steps * moved.unsqueeze(1)
        self.stations[..., :2] -= steps.unsqueeze(1)
        self.target[:, :2] -= steps
        self.target[:, 2] += 1
        self.static = static.float()

    def _misfit(self, static: Tensor, row: int, column: int) -> Tensor:
        """Count the cells that contradict a step, among those seen both before and after."""
        height, width = static.shape[1:]
        before = self.static[:, max(row, 0) : height + min(row, 0), max(column, 0) : width + min(column, 0)]
        after = static[:, max(-row, 0) : height + min(-row, 0), max(-column, 0) : width + min(-column, 0)]
        return ((before > 0) != after).flatten(1).sum(1)

    def note_stations(self, seen: Tensor, distance: Tensor) -> None:
        """Remember the nearest station of each kind in sight; forget those that should be there and are not.

        Args:
            seen: bool [B, kinds, H, W].
            distance: float32 [H, W], steps from the agent.
        """
        height, width = seen.shape[2:]
        nearest = torch.where(seen, distance, torch.inf).flatten(2).argmin(2)
        place = torch.stack([nearest // width - height // 2, nearest % width - width // 2], dim=2)
        visible = seen.flatten(2).any(2)
        inside = (self.stations[..., 0].abs() <= height // 2) & (self.stations[..., 1].abs() <= width // 2)
        known = visible | ((self.stations[..., 2] > 0) & ~inside)
        self.stations[..., :2] = torch.where(visible.unsqueeze(2), place.float(), self.stations[..., :2])
        self.stations[..., 2] = known.float()
