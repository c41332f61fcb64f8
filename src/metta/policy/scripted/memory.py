"""What a scripted policy remembers, and how it knows that its last move succeeded."""

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
        stations: [B, kinds, 3], place of the last seen thing of each kind, and 1 if it is known.
        target: [B, 3], place to explore, and how many steps ago it was chosen.
        random: [B], state of a small generator; 0 = not started.
        last_move: [B], 0 = stayed, 1..4 = tried to step north, east, south, west; 5..8 = did something that way
            that seldom moves.
        static: [B, H, W], 1 where something that never moves was seen.
        lot: [B], a number from 0 to 1 that was drawn when the episode began.
        patience: [B, errands], steps spent on each errand in a row; below 0, steps until it may be tried again.
    """

    stations: Tensor
    target: Tensor
    random: Tensor
    last_move: Tensor
    static: Tensor
    lot: Tensor
    patience: Tensor

    @staticmethod
    def size(num_kinds: int, height: int, width: int, num_errands: int = 0) -> int:
        """Return the number of floats that a row takes."""
        return num_kinds * 3 + 6 + num_errands + height * width

    @classmethod
    def unpack(cls, state: Tensor, num_kinds: int, height: int, width: int) -> "Memory":
        """Read memory from float32 [B, size]."""
        num_cells = height * width
        num_errands = state.shape[1] - Memory.size(num_kinds, height, width)
        sizes = [num_kinds * 3, 3, 3, num_errands, num_cells]
        stations, target, rest, patience, static = state.split(sizes, dim=1)
        return cls(
            stations.unflatten(1, (num_kinds, 3)).clone(),
            target.clone(),
            rest[:, 0].clone(),
            rest[:, 1].clone(),
            static.unflatten(1, (height, width)),
            rest[:, 2].clone(),
            patience,
        )

    def pack(self) -> Tensor:
        """Return float32 [B, size]."""
        rest = torch.stack([self.random, self.last_move, self.lot], dim=1)
        parts = [self.stations.flatten(1), self.target, rest, self.patience, self.static.flatten(1)]
        return torch.cat(parts, dim=1)

    def seed_random(self, observations: Tensor) -> None:
        """Start the generators that were not started, from what each agent sees."""
        tokens = observations.flatten(1).float()
        weights = torch.arange(1, tokens.shape[1] + 1, device=tokens.device) % 251 + 1.0
        seeds = ((tokens @ weights) % (_RANDOM_RANGE - 1) + 1).floor()
        is_new = self.random == 0
        self.random = torch.where(is_new, seeds, self.random)
        lots = (seeds.long() * 40503 % _RANDOM_RANGE).float() / _RANDOM_RANGE
        self.lot = torch.where(is_new, lots, self.lot)

    def draw(self) -> Tensor:
        """Return the next random numbers, float32 [B] in 0..1 (linear congruential, exact in floats)."""
        following = (self.random.long() * 25173 + 13849) % _RANDOM_RANGE
        self.random = following.clamp(min=1).float()
        return self.random / _RANDOM_RANGE

    def note_disobedience(self, tried: Tensor) -> None:
        """Somebody else may have acted (a learner who is taught, a player): go by the step that was tried.

        Args:
            tried: int64 [B], as `Surroundings.tried`.
        """
        last_move = self.last_move.long()
        meant = torch.where(last_move > 4, last_move - 4, last_move)
        is_another = (tried > 0) & (tried != meant)
        is_none = (tried == 0) & (last_move <= 4)
        self.last_move = torch.where(is_another | is_none, tried, last_move).float()

    def notice_step(self, static: Tensor) -> None:
        """Find out whether the last move succeeded, by which of both fits what is seen, and shift all places.

        Args:
            static: bool [B, H, W], where something that never moves is seen now.
        """
        misfit_if_stayed = ((self.static > 0) != static).flatten(1).sum(1)
        misfit = torch.stack([self._misfit(static, *step) for step in STEPS], dim=1)
        last_move = self.last_move.long()
        tried = torch.where(last_move > 4, last_move - 4, last_move)
        fits = misfit.gather(1, tried.unsqueeze(1)).squeeze(1)
        # Where nothing tells them apart, a step was made, but nothing else that seldom moves.
        moved = torch.where(last_move > 4, fits < misfit_if_stayed, fits <= misfit_if_stayed)
        steps = torch.tensor(STEPS, device=static.device, dtype=self.target.dtype)[tried]
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

    def note_errand(self, errand: Tensor, limits: Tensor) -> None:
        """Count the steps spent on each errand; when the limit is reached, leave it for as many steps.

        Args:
            errand: int64 [B], what each agent is busy with; -1 = none.
            limits: int64 [errands]; 0 = no limit.
        """
        is_busy = torch.arange(len(limits), device=limits.device) == errand.unsqueeze(1)
        counts = torch.where(is_busy | (self.patience < 0), self.patience + 1, 0.0)
        self.patience = torch.where((limits > 0) & (counts >= limits), -limits.float(), counts)
