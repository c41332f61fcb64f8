"""Reward sharing: how what an agent earned in a step is passed on to others, or ranked against others.

Every way but `Prestige` only redistributes: the sum of all rewards of a step stays the same, to the thousandth (what
does not divide stays with whoever earned it). `GameConfig.sharing` is a list; each way works on what the ones before it
left. `r_i` is what agent i earned, `s` the share. The dead keep what they earned and receive nothing.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.rules import FULL_KINSHIP, Names, Word

Share = Annotated[float, Field(ge=0, le=1)]
SharingRow = tuple[int, int, int, int]
"""mode, share, variable, limit."""

GIVEN, RECEIVED = "reward.given", "reward.received"
"""Statistics, in thousandths: what an agent passed on to others, and what it got from them."""


class KinshipSharing(Word):
    """Kin share by how near they are: `r_i' = (1 - s) r_i + s * sum_j K[j, i] / sum_k K[j, k] * r_j`.

    K is the kinship matrix with `K[j, j] = 1`. With each earner's row normalised this is `r' = (1 - s) r + s K_norm r`,
    where the columns of `K_norm[i, j] = K[j, i] / sum_k K[j, k]` sum to 1: that conserves the sum of rewards.
    """

    MODE: ClassVar[int] = 0
    op: Literal["kinship"] = Field("kinship", init=False)
    share: Share = 0.5
    """Part of each reward that is shared; kept to 1/65536."""

    def encode(self, names: Names) -> SharingRow:
        """The row for the core."""
        return self.MODE, round(self.share * 65536), -1, 0


class GroupSharing(Word):
    """Equals share evenly: `r_i' = (1 - s) r_i + s * mean of r over the group of i`.

    A group is whoever has the same value of a variable.
    """

    MODE: ClassVar[int] = 1
    op: Literal["group"] = Field("group", init=False)
    share: Share = 0.5
    """Part of each reward that is shared; kept to 1/65536."""
    variable: str = "team"
    """What the members of a group have in common."""

    def encode(self, names: Names) -> SharingRow:
        """The row for the core."""
        return self.MODE, round(self.share * 65536), names.variable(self.variable), 0


class FamilySharing(Word):
    """Near kin share evenly: `r_i' = (1 - s) r_i + s * sum_j [K[j, i] >= k] / n_j * r_j`.

    n_j is how many are that near to j, j itself included.
    """

    MODE: ClassVar[int] = 2
    op: Literal["family"] = Field("family", init=False)
    share: Share = 0.5
    """Part of each reward that is shared; kept to 1/65536."""
    least: Share = 0.25
    """Kinship score from which two are family."""

    def encode(self, names: Names) -> SharingRow:
        """The row for the core."""
        return self.MODE, round(self.share * 65536), -1, round(self.least * FULL_KINSHIP)


class BondSharing(Word):
    """Mates share: `r_a' = (1 - s) r_a + s r_b` and `r_b' = (1 - s) r_b + s r_a` while a and b are bonded."""

    MODE: ClassVar[int] = 3
    op: Literal["bond"] = Field("bond", init=False)
    share: Share = 0.5
    """Part of each reward that goes to the mate; kept to 1/65536."""

    def encode(self, names: Names) -> SharingRow:
        """The row for the core."""
        return self.MODE, round(self.share * 65536), -1, 0


class Prestige(Word):
    """Rank pays every `period` steps: `r_i += reward * (number below i - number above i) / (n - 1)`; its sum is 0."""

    MODE: ClassVar[int] = 4
    op: Literal["prestige"] = Field("prestige", init=False)
    reward: Annotated[float, Field(ge=0, le=1000)]
    """What the first of all gets; the last loses as much."""
    variable: str
    """What agents are ranked by; equals have the same rank."""
    period: Annotated[int, Field(ge=1)] = 100
    """Steps from one ranking to the next."""

    def encode(self, names: Names) -> SharingRow:
        """The row for the core."""
        return self.MODE, round(self.reward * 1000), names.variable(self.variable), self.period


Sharing = Annotated[
    KinshipSharing | GroupSharing | FamilySharing | BondSharing | Prestige, Field(discriminator="op")
]


class Gene(Config):
    """How a variable passes from parents to a child: the value of one of them, by chance, or a mutation of it."""

    mutation: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Probability that the value changes on the way; kept to 1/65536."""
    span: Annotated[int, Field(ge=0, le=32767)] = 1
    """Most by which a mutation changes it, up or down."""
