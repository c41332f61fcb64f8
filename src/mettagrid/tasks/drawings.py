"""The drawings of the named tasks: text files beside this module, one for each suite.

A drawing begins with a line `== name`; its rows follow, up to the next such line. Empty lines do not count.
"""

from functools import cache
from pathlib import Path

_HEADING = "== "


@cache
def read_drawings(suite: str) -> dict[str, str]:
    """Return the drawings of a suite by name.

    Raises:
        ValueError: a row before the first heading, or two drawings of a name.
    """
    path = Path(__file__).with_name(f"{suite}.txt")
    drawings: dict[str, list[str]] = {}
    rows: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(_HEADING):
            name = line.removeprefix(_HEADING)
            if name in drawings:
                raise ValueError(f"{path.name}, line {number}: drawing {name!r} is there twice")
            rows = drawings[name] = []
        elif line and rows is None:
            raise ValueError(f"{path.name}, line {number}: expected `== name` before the first row")
        elif line and rows is not None:
            rows.append(line)
    return {name: "\n".join(rows) for name, rows in drawings.items()}
