"""The valid name that somebody probably meant. Knows nothing of configurations or commands."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest_names(name: str, valid: Iterable[str], limit: int = 3) -> list[str]:
    """Return the names in `valid` that look like `name`, best first (at most `limit`, possibly none)."""
    scored = [(_likeness(name.lower(), candidate.lower()), candidate) for candidate in set(valid)]
    close = sorted((pair for pair in scored if pair[0] >= 0.6), key=lambda pair: (-pair[0], pair[1]))
    return [candidate for _, candidate in close[:limit]]


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """Return `did you mean a or b?`, or, when nothing is near, `valid: a, b, c` (at most 12 names)."""
    names = sorted(set(valid))
    close = nearest_names(name, names)
    if close:
        return f"did you mean {' or '.join(close)}?"
    if not names:
        return "there is nothing to choose from"
    shown = ", ".join(names[:12])
    return f"valid: {shown}" + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _likeness(name: str, candidate: str) -> float:
    """0..1. A whole part of a dotted or underscored name counts as close: `timesteps` ~ `total_timesteps`."""
    ratio = SequenceMatcher(None, name, candidate).ratio()
    contained = len(name) >= 3 and (name in candidate or candidate in name)
    return max(ratio, 0.6 if contained else 0.0)
