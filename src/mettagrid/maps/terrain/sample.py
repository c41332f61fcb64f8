"""What `wfc` and `convchain` share: an example and how its pieces are taken."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mettagrid.config.nearest import did_you_mean
from mettagrid.maps.scene import Scene, Wall
from mettagrid.maps.terrain.patterns import PATTERNS

_SYMMETRIES = {"none": 1, "mirror": 2, "turn": 4, "all": 8}
CoreSample = tuple[list[int], int, int, bool, int]
"""Numbers of the cells, height, size of the pieces, whether it begins again, number of symmetries."""


class Sampled(Scene):
    """Fields of a scene that imitates an example."""

    wall: Wall = "wall"
    """What `#` stands for."""
    pattern: str = "rooms"
    """The example: the name of one of ours, or a drawing of `#` and `.`, all rows equally long."""
    pattern_size: Annotated[int, Field(ge=2, le=5)] = 3
    """Height and width of the pieces of the example that are compared."""
    periodic: bool = True
    """Whether the example begins again beyond its edges."""
    symmetry: Literal["none", "mirror", "turn", "all"] = "all"
    """Which other ways to lay the pieces count, too: mirrored left to right, turned by quarters, both."""

    @model_validator(mode="after")
    def _check_pattern(self) -> "Sampled":
        rows = self.rows()
        if len(rows) == 1 and not set(rows[0]) <= set("#."):
            raise ValueError(
                f"pattern: unknown pattern '{self.pattern}'; {did_you_mean(self.pattern, PATTERNS)}"
            )
        for number, row in enumerate(rows, start=1):
            if len(row) != len(rows[0]):
                raise ValueError(
                    f"pattern: row {number} has {len(row)} characters, the first row has {len(rows[0])}"
                )
            if strange := set(row) - set("#."):
                column = min(row.index(character) for character in strange)
                raise ValueError(
                    f"pattern: row {number}, column {column + 1}: {row[column]!r} is neither # nor ."
                )
        if min(len(rows), len(rows[0])) < self.pattern_size or max(len(rows), len(rows[0])) > 64:
            size = f"{len(rows)} x {len(rows[0])} cells"
            raise ValueError(f"pattern: {size}; from {self.pattern_size} to 64 rows and columns are needed")
        return self

    def rows(self) -> list[str]:
        """The rows of the example."""
        return PATTERNS.get(self.pattern, self.pattern).strip().split("\n")

    def sample(self) -> CoreSample:
        """The example as the core takes it: 1 is wall."""
        rows = self.rows()
        cells = [int(character == "#") for row in rows for character in row]
        return cells, len(rows), self.pattern_size, self.periodic, _SYMMETRIES[self.symmetry]
