"""Who plays which rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from metta.policy.policy import Policy


@dataclass(frozen=True)
class Seat:
    """A policy and the rows that it plays."""

    policy: Policy
    rows: Sequence[int] | None = None
    """Row numbers in 0..N-1; None = all rows."""


class SeatedPolicy:
    """A seat in a running rollout: its policy, the index of its rows and their memory."""

    def __init__(self, seat: Seat, num_rows: int, device: torch.device) -> None:
        self.policy = seat.policy
        self.rows = None if seat.rows is None else list(seat.rows)
        self.index = None if self.rows is None else torch.tensor(self.rows, dtype=torch.int64, device=device)
        self.num_rows = num_rows if seat.rows is None else len(seat.rows)
        self.memory = self.policy.initial_state(self.num_rows, device)  # [rows of this seat, S]
        self.logits = torch.zeros(0, device=device)  # [rows of this seat, num_actions], of the last decision

    def own(self, rows: Tensor) -> Tensor:
        """Pick this seat's part of a tensor over all rows; with a single seat that is the tensor itself."""
        return rows if self.index is None else rows[self.index]

    def put(self, rows: Tensor, values: Tensor) -> None:
        """Write this seat's values to their places in a tensor over all rows."""
        if self.index is None:
            rows.copy_(values)
        else:
            rows[self.index] = values.to(rows.dtype)


def check_seats(seats: Sequence[Seat], num_rows: int) -> None:
    """Refuse seats that leave a row empty or give it to two policies.

    Raises:
        ValueError: with the first row that is not played by exactly one policy.
    """
    counts = [0] * num_rows
    for seat in seats:
        for row in range(num_rows) if seat.rows is None else seat.rows:
            if not 0 <= row < num_rows:
                raise ValueError(f"row {row} does not exist; the batch has rows 0..{num_rows - 1}")
            counts[row] += 1
    wrong = next((row for row, count in enumerate(counts) if count != 1), None)
    if wrong is not None:
        raise ValueError(f"row {wrong} is played by {counts[wrong]} policies; every row needs exactly one")
