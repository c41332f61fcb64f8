"""Series: in the original's files a value is constant or a list of `[step, value]`, each lasting till the next."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Series = list[tuple[int, T]]
"""Steps, rising, and what the value is from there on; before the first one it is the default."""

MOST_STEPS = 50_000
_LARGEST = 2**31 - 1


def read_series(value: Any, read: Callable[[Any], T], where: str) -> Series[T]:
    """A series of numbers or the like.

    Args:
        value: a constant, or a list of `[step, value]`.
        read: checks one value; ValueError without a place.
        where: for the message.

    Raises:
        ValueError: one line with the place.
    """
    pairs = value if isinstance(value, list) else [[0, value]]
    return _read_pairs(pairs, read, where)


def read_list_series(value: Any, read: Callable[[Any], T], where: str) -> Series[T]:
    """A series of lists; a list of `[number, list]` is a series, every other one is a constant."""
    is_series = isinstance(value, list) and bool(value) and all(_is_step(item) for item in value)
    return _read_pairs(value if is_series else [[0, value]], read, where)


def _is_step(item: Any) -> bool:
    return (
        isinstance(item, list)
        and len(item) == 2
        and isinstance(item[1], list)
        and not isinstance(item[0], list)
    )


def _read_pairs(pairs: list[Any], read: Callable[[Any], T], where: str) -> Series[T]:
    series: Series[T] = []
    for index, pair in enumerate(pairs):
        try:
            if not isinstance(pair, list) or len(pair) != 2:
                raise ValueError("must be [step, value]")
            step = read_whole(pair[0])
            if step < 0:
                raise ValueError("a step is 0 or more")
            series.append((step, read(pair[1])))
        except ValueError as error:
            raise ValueError(f"{where}.{index}: {error}") from None
    return sorted(series, key=lambda entry: entry[0])


def join(first: Series[int], second: Series[int]) -> Series[tuple[int, int]]:
    """Two series as one of pairs; before its first step a series is 0."""
    steps: dict[int, list[tuple[int, int]]] = {}
    for which, series in enumerate((first, second)):
        for step, value in series:
            steps.setdefault(step, []).append((which, value))
    now, joined = [0, 0], []
    for step, changes in sorted(steps.items()):
        for which, value in changes:
            now[which] = value
        joined.append((step, (now[0], now[1])))
    return joined


def read_number(value: Any) -> float:
    """A number or a truth value; ValueError if it is none or too large."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"must be a number, not {_shown(value)}")
    if abs(value) > _LARGEST:
        raise ValueError(f"{_shown(value)} is too large")
    return float(value)


def read_whole(value: Any) -> int:
    """A whole number; fractions are cut off."""
    return int(read_number(value))


def read_place(value: Any) -> tuple[int, int]:
    """`[x, y]` or `[x, y, layer]`."""
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise ValueError(f"must be [x, y] or [x, y, layer], not {_shown(value)}")
    return read_whole(value[0]), read_whole(value[1])


def read_inventory(value: Any) -> dict[int, int]:
    """How many of each item: a list of ids, which repeat, or of `[id, count]`."""
    if not isinstance(value, list):
        raise ValueError(f"must be a list of items, not {_shown(value)}")
    counts: dict[int, int] = {}
    for item in value:
        number, count = item if isinstance(item, list) and len(item) == 2 else (item, 1)
        number = read_whole(number)
        counts[number] = counts.get(number, 0) + read_whole(count)
    return counts


def _shown(value: Any) -> str:
    return repr(value)[:40] if isinstance(value, int | float | str | None) else type(value).__name__
