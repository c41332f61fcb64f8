"""What a sweep varies: ranges and choices, as people write them and as points of an optimizer.

    1e-5..1e-2:log        0.8..0.999:logit        1..8 (whole numbers)        0.0..1.0
    1k..64k:pow2          relu,tanh,gelu          [[64], [64, 64]]            {low: 1, high: 8}

An optimizer moves in a *coordinate* in which steps of equal size matter equally: the exponent of a power of
two, the log odds of a probability. `value` turns a coordinate into the setting.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from metta.common.parse import parse_scalar
from mettagrid.config.base import Config, explain
from mettagrid.config.nearest import did_you_mean

Scale = Literal["uniform", "log", "logit", "int", "log_int", "pow2"]
Coordinate = float | int | str

SCALES: tuple[Scale, ...] = ("uniform", "log", "logit", "int", "log_int", "pow2")
_OTHER_SCALES: dict[str, Scale] = {
    "linear": "uniform",
    "log_normal": "log",
    "logit_normal": "logit",
    "int_uniform": "int",
    "uniform_pow2": "pow2",
}
_RANGE = re.compile(r"(?P<low>[^:,]+?)\.\.(?P<high>[^:,]+)(:(?P<scale>\w+))?")
_WHOLE = ("int", "log_int", "pow2")
_DIGITS = 12  # of values that come out of a logarithm: enough, and readable


class Range(Config):
    """All numbers between two ends, both included."""

    low: int | float = Field(description="smallest value")
    high: int | float = Field(description="largest value")
    scale: Scale = Field(default="uniform", description="where steps of equal size matter equally")

    @model_validator(mode="after")
    def _can_be(self) -> "Range":
        ends = f"{self.low}..{self.high}:{self.scale}"
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"{ends} is not between two finite numbers")
        if self.low >= self.high:
            raise ValueError(f"{ends} is empty: the first number must be less than the second")
        if self.scale in ("log", "log_int", "pow2") and self.low <= 0:
            raise ValueError(f"{ends} has no logarithm: both numbers must be above 0")
        if self.scale == "logit" and not 0 < self.low < self.high < 1:
            raise ValueError(f"{ends}: both numbers must be between 0 and 1 and neither of them")
        if self.scale in _WHOLE and not (self.low == int(self.low) and self.high == int(self.high)):
            raise ValueError(f"{ends}: both numbers must be whole")
        if self.scale == "pow2" and not (_is_power(self.low) and _is_power(self.high)):
            raise ValueError(f"{ends}: both numbers must be powers of two, such as 16 and 1024")
        return self

    def coordinates(self) -> tuple[float, float]:
        """Return the ends in the coordinate of the optimizer."""
        return self.coordinate(self.low), self.coordinate(self.high)

    def coordinate(self, value: float) -> float:
        """Return the coordinate of a value."""
        if self.scale == "pow2":
            return round(math.log2(value))
        if self.scale == "logit":
            return math.log(value / (1.0 - value))
        return int(value) if self.scale in _WHOLE else float(value)

    def value(self, coordinate: Any) -> int | float:
        """Return the value of a coordinate."""
        if self.scale == "pow2":
            return 2 ** int(coordinate)
        if self.scale == "logit":
            return min(max(1.0 / (1.0 + math.exp(-coordinate)), self.low), self.high)
        return int(coordinate) if self.scale in _WHOLE else float(coordinate)

    def extremes(self) -> list[Any]:
        """Return the values that must be possible: both ends."""
        return [self.value(end) for end in self.coordinates()]

    def grid(self, points: int) -> list[Coordinate]:
        """Return coordinates at equal distances; of whole numbers at most as many as there are."""
        low, high = self.coordinates()
        if self.scale in ("log", "log_int"):
            steps = [round(value, _DIGITS) for value in _spread(math.log(low), math.log(high), points)]
            found = [low, *(math.exp(step) for step in steps[1:-1]), high]
        else:
            found = _spread(low, high, points)
        return list(dict.fromkeys(round(x) for x in found)) if self.scale in _WHOLE else list(found)


class Choice(Config):
    """One of several values of any kind."""

    choices: list[Any] = Field(min_length=2, description="what can be chosen")

    @model_validator(mode="after")
    def _all_differ(self) -> "Choice":
        texts = self.coordinates()
        twice = next((text for text in texts if texts.count(text) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice} is among the choices twice")
        return self

    def coordinates(self) -> list[str]:
        """Return each choice as the optimizer knows it: its JSON."""
        return [json.dumps(choice) for choice in self.choices]

    def value(self, coordinate: Any) -> Any:
        """Return the choice of a coordinate."""
        return json.loads(coordinate)

    def extremes(self) -> list[Any]:
        """Return the values that must be possible: all of them."""
        return list(self.choices)

    def grid(self, points: int) -> list[Coordinate]:
        """Return all choices."""
        return list(self.coordinates())


def parse_parameter(given: Any) -> Any:
    """Return the Range or Choice for what people write.

    Raises:
        ValueError: an unknown scale, no numbers, a single value, or ends that cannot be.
    """
    if isinstance(given, Range | Choice):
        return given
    if isinstance(given, str):
        match = _RANGE.fullmatch(given.strip())
        if match:
            return _made(Range, _range(match["low"].strip(), match["high"].strip(), match["scale"]))
        given = [parse_scalar(part.strip()) for part in given.split(",")] if given.strip() else []
    if isinstance(given, Mapping):
        if "choices" in given:
            return _made(Choice, given)
        if "min" in given and "max" in given:  # as in sweeps of 2025
            given = {"low": given["min"], "high": given["max"], "scale": _scale(given.get("distribution"))}
        return _made(Range, given)
    if not isinstance(given, Sequence) or len(given) < 2:
        raise ValueError(
            f"{json.dumps(given, default=str)} is no range or choice: write LOW..HIGH, LOW..HIGH:log or A,B,C; "
            "a single value belongs into train_overrides"
        )
    return _made(Choice, {"choices": list(given)})


Parameter = Annotated[Range | Choice, BeforeValidator(parse_parameter)]
Space = dict[str, Parameter]
"""Settings by dotted path."""


def make_space(written: Mapping[str, Any]) -> dict[str, Range | Choice]:
    """Return a space of what people write, for recipes: `make_space({"trainer.minibatch_size": "1k..8k:pow2"})`."""
    return {key: parse_parameter(given) for key, given in written.items()}


def grid_of(space: Mapping[str, Range | Choice], points: int) -> list[dict[str, Coordinate]]:
    """Return all combinations of coordinates; the last setting changes fastest."""
    columns = [parameter.grid(points) for parameter in space.values()]
    return [dict(zip(space, row, strict=True)) for row in product(*columns)]


def short_value(value: Any) -> str:
    """Write a value for a table: numbers with four digits that count."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return value if isinstance(value, str) else json.dumps(value)


def _made(cls: type[Config], fields: Mapping[str, Any]) -> Any:
    try:
        return cls.model_validate(dict(fields))
    except ValidationError as error:
        raise ValueError(explain(error)) from None


def _range(low_text: str, high_text: str, scale_text: str | None) -> dict[str, Any]:
    low, high = parse_scalar(low_text), parse_scalar(high_text)
    for text, number in ((low_text, low), (high_text, high)):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ValueError(f"{text!r} in {low_text}..{high_text} is no number")
    both_whole = isinstance(low, int) and isinstance(high, int)
    scale = _scale(scale_text, "int" if both_whole else "uniform")
    return {"low": low, "high": high, "scale": "log_int" if scale == "log" and both_whole else scale}


def _scale(name: Any, default: Scale = "uniform") -> str:
    if name is None:
        return default
    if name not in SCALES and name not in _OTHER_SCALES:
        raise ValueError(f"unknown scale {name!r}; {did_you_mean(str(name), SCALES)}")
    return _OTHER_SCALES.get(name, name)


def _is_power(number: float) -> bool:
    return number >= 1 and int(number) & (int(number) - 1) == 0


def _spread(low: float, high: float, points: int) -> list[float]:
    return [low + (high - low) * index / (points - 1) for index in range(points)]
