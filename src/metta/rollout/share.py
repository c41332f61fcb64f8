"""Which of a run's worlds one process plays, where several train together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class WorldShare:
    """Worlds `first .. first + num_worlds - 1` of `total`.

    A world has the same random numbers whoever plays it: streams are numbers among all worlds, and random numbers for
    rows are drawn for the rows of all worlds, of which everybody takes their own.
    """

    first: int
    num_worlds: int
    total: int

    @classmethod
    def whole(cls, num_worlds: int) -> "WorldShare":
        """Return the share of a process that is alone."""
        return cls(0, num_worlds, num_worlds)

    @property
    def streams(self) -> NDArray[np.int64]:
        """int64 [W]: the number of each world among all."""
        return np.arange(self.first, self.first + self.num_worlds, dtype=np.int64)

    def own(self, rows: Tensor) -> Tensor:
        """Return the rows of these worlds out of those of all worlds; a view.

        Args:
            rows: of all worlds, [total * A, ..].
        """
        agents = len(rows) // self.total
        return rows[self.first * agents : (self.first + self.num_worlds) * agents]
