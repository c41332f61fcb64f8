"""What all kinds of kinship have in common: who sees it, with which error, and the core's tables."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.distribution import Distribution, numbers
from mettagrid.rules.society import FULL_KINSHIP

Score = Annotated[float, Field(ge=0, le=1)]
Tables = dict[str, np.ndarray]
_NONE, _TEMPLATES, _PAIRS = 0, 1, 2
_NUM_ERRORS = 256


class Scheme(Config):
    """Base of all kinds of kinship that give scores.

    The score `K[a, b]` says how near b is to a: what a is shown of b, and b's weight when a's rewards are shared.
    """

    shown: bool = True
    """Whether an agent is told, for each agent in sight, how near it is (feature `kinship`)."""
    noise: Distribution | None = None
    """An error that is added to every shown score; None for exact scores. What is shared does not depend on it."""
    noise_per: Literal["observation", "episode"] = "observation"
    """Whether the error is drawn for each observation, or once an episode for each pair."""
    shuffle: bool = True
    """Whether the agents change places in the matrix each episode; else agent i always has place i."""

    @property
    def is_shown(self) -> bool:
        """Whether observations tell anything of it."""
        return self.shown

    def check(self, num_agents: int) -> None:
        """Refuses a kinship that does not fit the number of agents: ValueError with the field."""
        if self.noise is not None:
            as_errors(self.noise)

    def _tables(self, mode: int, count: int, symmetric: bool, **scores: np.ndarray) -> Tables:
        empty = np.zeros(0, int)
        errors = empty if self.noise is None else as_errors(self.noise)
        noise_mode = 0 if self.noise is None else 1 + (self.noise_per == "episode")
        sizes = [mode, count, symmetric, self.shuffle, noise_mode, len(errors), self.shown]
        tables = {"kinship_templates": empty, "kinship_values": empty, "kinship_groups": empty} | scores
        return {"kinship": np.array(sizes, int), "kinship_noise": errors, **tables}

    def _templates(self, matrices: np.ndarray, groups: np.ndarray | None = None) -> Tables:
        """Tables for matrices [n, A, A] of scores 0..1, one of which is drawn each episode.

        Args:
            matrices: the scores; the diagonal becomes 1.
            groups: int [n, A], the group of each agent, from 1; becomes its `group_variable`, if the game has one.
        """
        scores = as_scores(matrices)
        everybody = np.arange(scores.shape[1])
        scores[:, everybody, everybody] = FULL_KINSHIP
        given = {} if groups is None else {"kinship_groups": np.asarray(groups, int)}
        return self._tables(_TEMPLATES, len(scores), False, kinship_templates=scores, **given)

    def _pairs(self, values: np.ndarray, symmetric: bool) -> Tables:
        """Tables for a score drawn for each pair from equally likely ones."""
        scores = as_scores(values)
        return self._tables(_PAIRS, len(scores), symmetric, kinship_values=scores)


def as_scores(values: np.ndarray) -> np.ndarray:
    """Scores 0..1 as the core keeps them: whole parts of 240."""
    return np.rint(np.asarray(values, float) * FULL_KINSHIP).clip(0, FULL_KINSHIP).astype(int)


def as_errors(noise: Distribution) -> np.ndarray:
    """Errors of a shown score, equally likely, as the core keeps them: whole parts of 240."""
    errors = np.array(drawn("noise", noise, _NUM_ERRORS))
    return np.rint(errors * FULL_KINSHIP).clip(-FULL_KINSHIP, FULL_KINSHIP).astype(int)


def drawn(field: str, distribution: Distribution, count: int) -> list[float]:
    """At most `count` equally likely numbers; ValueError with the field's name if there are names or too many."""
    try:
        return [float(value) for value in numbers(distribution, count)]
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def no_tables() -> Tables:
    """Tables of a game without kinship."""
    empty = np.zeros(0, int)
    names = ("kinship_templates", "kinship_values", "kinship_groups", "kinship_noise")
    return {"kinship": np.zeros(7, int)} | dict.fromkeys(names, empty)
