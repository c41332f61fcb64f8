"""Numbers of scenes: each is a number, or a distribution from which every drawing of the scene takes its own."""

from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, Field

from mettagrid.config.distribution import Choice, Distribution
from mettagrid.maps.stream import Stream

_POINTS = 64
"""Quantiles at which a distribution is checked against the limits of its field."""
_PLAIN = (int, float)


def drawn(number: Any, stream: Stream) -> Any:
    """The number itself, or one from a distribution."""
    if isinstance(number, _PLAIN):
        return number
    if isinstance(number, Choice):
        values = number.values(max(_POINTS, len(number.options)))
        return values[stream.below(len(values))]
    return number.quantile(stream.unit())


def whole(low: int, high: int) -> Any:
    """The type of a field: a whole number from `low` to `high`, or a distribution of such numbers."""
    limits = AfterValidator(_within(low, high, np.integer))
    return Annotated[Annotated[int, Field(ge=low, le=high)] | Distribution, limits]


def share(low: float = 0.0, high: float = 1.0) -> Any:
    """The type of a field: a number from `low` to `high`, or a distribution of such numbers."""
    limits = AfterValidator(_within(low, high, np.number))
    return Annotated[Annotated[float, Field(ge=low, le=high)] | Distribution, limits]


def _within(low: float, high: float, kind: type) -> Any:
    def check(number: Any) -> Any:
        values = [number] if isinstance(number, int | float) else number.values(_POINTS)
        for value in values:
            if isinstance(value, str) or not low <= value <= high:
                raise ValueError(f"draws {value!r}, which is not between {low} and {high}")
            if kind is np.integer and value != int(value):
                raise ValueError(f"draws {value!r}, and a whole number is needed")
        return number

    return check
