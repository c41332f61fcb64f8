"""Which ticks of an episode to look at, as Python slices say it."""

import re
from collections.abc import Sequence

_NUMBER = r"-?\d{1,9}"
_RANGE = re.compile(rf"({_NUMBER})?:({_NUMBER})?(?::({_NUMBER})?)?")
_EXAMPLES = "e.g. 250, 100:200, -100: or ::10"


def parse_ticks(text: str, num_ticks: int) -> range:
    """The ticks that a text means: one (`250`, `-1` is the last) or a slice (`100:200`, `-100:`, `::10`).

    Args:
        text: as in Python's brackets; the end of a slice is not part of it.
        num_ticks: ticks of the episode.

    Raises:
        ValueError: one line: no such form, no such tick, or nothing is left.
    """
    last = max(0, num_ticks - 1)
    there_are = f"the replay has ticks 0 to {last}"
    if re.fullmatch(_NUMBER, text):
        tick = int(text) + (num_ticks if int(text) < 0 else 0)
        if not 0 <= tick <= last:
            raise ValueError(f"ticks: there is no tick {text}; {there_are}")
        return range(tick, tick + 1)
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError(f"ticks: {text[:40]!r} is neither a tick nor a range; {_EXAMPLES}")
    start, stop, stride = (int(part) if part else None for part in match.groups())
    if stride is not None and stride < 1:
        raise ValueError(f"ticks: the stride in {text} must be 1 or more; {_EXAMPLES}")
    ticks = range(last + 1)[start:stop:stride]
    if not ticks:
        raise ValueError(f"ticks: there is none in {text}; {there_are}")
    return ticks


def has_stride(text: str) -> bool:
    """Whether a text names a stride itself."""
    return text.count(":") == 2


def spread(ticks: Sequence[int], count: int) -> list[int]:
    """At most `count` of the ticks, evenly spread; the first and the last are among them."""
    if len(ticks) <= count:
        return list(ticks)
    return [ticks[round(place * (len(ticks) - 1) / (count - 1))] for place in range(count)]
