"""Numbers of a game that are drawn anew: which ones, from what, and whether the agents are told.

Knows nothing of tables: `mettagrid.compile.vary` finds out what a number changes in them.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from mettagrid.config.base import Config
from mettagrid.config.distribution import (
    Beta,
    Choice,
    Exponential,
    LogUniform,
    Normal,
    Number,
    Positive,
    Uniform,
)
from mettagrid.config.nearest import did_you_mean
from mettagrid.rules.word import Word

Assignment = Mapping[str, Any]
"""Values by dotted path: what one draw writes into the game."""

MOST_DRAWS = 1024
"""Equally likely draws that the core can choose from."""
MAP = "map."
"""Paths that begin so are drawn for each map, when maps are built; the others for each episode."""


class Together(Word):
    """Several numbers or names that are drawn together: one of the options is chosen, and all it lists is set."""

    op: Literal["together"] = Field("together", init=False)
    options: Annotated[list[dict[str, Number | str]], Field(min_length=1)]
    """For each option, values by dotted path. All options list the same paths."""
    weights: list[Positive] | None = None
    """How likely each is, relative to the others; None for all alike."""

    @model_validator(mode="after")
    def _check(self) -> "Together":
        if self.weights is not None and len(self.weights) != len(self.options):
            raise ValueError(f"{len(self.weights)} weights for {len(self.options)} options")
        for i, option in enumerate(self.options):
            if different := sorted(option.keys() ^ self.options[0].keys()):
                raise ValueError(f"options.{i}: {different[0]} is set by some options and not by others")
        return self

    def values(self, count: int) -> list[int]:
        """At most `count` equally likely positions in `options`."""
        return [int(index) for index in Choice(list(range(len(self.options))), self.weights).values(count)]


class Shown(Word):
    """What is drawn is told to every agent, as a token of the feature `param:<name>`."""

    op: Literal["shown"] = Field("shown", init=False)
    distribution: Annotated[
        Uniform | LogUniform | Normal | Beta | Exponential | Choice | Together, Field(discriminator="op")
    ]
    """What it is drawn from."""
    as_name: str | None = None
    """Name in the feature; None for the key in `GameConfig.vary`."""


Varied = Annotated[
    Uniform | LogUniform | Normal | Beta | Exponential | Choice | Together | Shown, Field(discriminator="op")
]
"""How a number varies; `op` tells which."""


def source(varied: Any) -> Any:
    """What is drawn from, shown or not."""
    return varied.distribution if isinstance(varied, Shown) else varied


def shown_name(key: str, varied: Any) -> str | None:
    """Name in the feature of what is shown; None if it is not."""
    return (varied.as_name or key) if isinstance(varied, Shown) else None


def varied_paths(key: str, varied: Any) -> list[str]:
    """The dotted paths that one entry of `GameConfig.vary` sets."""
    drawn = source(varied)
    return list(drawn.options[0]) if isinstance(drawn, Together) else [key]


def is_of_maps(key: str, varied: Any) -> bool:
    """Whether it is drawn for each map rather than each episode."""
    return varied_paths(key, varied)[0].startswith(MAP)


def check_vary(game: Config, vary: Mapping[str, Any]) -> None:
    """Refuses paths that lead nowhere, paths that two entries set, and names that are shown twice.

    Raises:
        ValueError: one line with the path and the nearest valid part.
    """
    setters: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, varied in vary.items():
        paths = varied_paths(key, varied)
        if len({path.startswith(MAP) for path in paths}) > 1:
            raise ValueError(
                f"{key}: what is drawn for each map and for each episode cannot be drawn together"
            )
        for path in paths:
            if path in setters:
                raise ValueError(f"{key}: {path} is drawn by '{setters[path]}' already")
            setters[path] = key
            check_path(game, path)
        name = shown_name(key, varied)
        if name is not None and is_of_maps(key, varied):
            raise ValueError(f"{key}: what is drawn for each map cannot be shown")
        if name is not None and name in names:
            raise ValueError(f"{key}: '{names[name]}' is shown as '{name}' already")
        names[name or ""] = key


def check_path(game: Config, path: str) -> None:
    """Refuses a dotted path that leads to nothing: ValueError with the nearest valid part."""
    place: Any = game
    parts = path.split(".")
    for i, part in enumerate(parts):
        valid = _parts(place)
        is_last = i + 1 == len(parts)
        if valid is None:
            raise ValueError(f"{path}: {'.'.join(parts[:i])} is {place!r} and has no parts")
        if part in valid:
            place = valid[part]
        elif not (is_last and isinstance(place, dict)):  # a new key: whether it makes sense, the game says
            where = ".".join(parts[:i]) or "the game"
            raise ValueError(f"{path}: {where} has no '{part}'; {did_you_mean(part, valid)}")


def _parts(place: Any) -> dict[str, Any] | None:
    if isinstance(place, Config):
        return {name: getattr(place, name) for name in type(place).model_fields if name != "vary"}
    if isinstance(place, Mapping):
        return {str(key): value for key, value in place.items()}
    if isinstance(place, Sequence) and not isinstance(place, str):
        return {str(index): value for index, value in enumerate(place)}
    return None
