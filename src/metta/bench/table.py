"""Figures: repeats and their median, and the table that shows them."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDTH_OF_FILES = 140


@dataclass(frozen=True)
class Figure:
    """Something measured several times."""

    name: str
    values: tuple[float, ...]
    unit: str = "agent-steps/s"
    target: float | None = None
    at_least: bool = True
    """Whether the target is a lower bound; False for an upper one."""
    ratio_of_medians: float | None = None
    """Of a ratio: that of the medians, which is its result; `values` are those of the rounds."""

    @property
    def median(self) -> float:
        """The median of the repeats; of a ratio, the ratio of the medians."""
        return statistics.median(self.values) if self.ratio_of_medians is None else self.ratio_of_medians

    @property
    def holds(self) -> bool | None:
        """Whether the median reaches the target; None without one."""
        if self.target is None:
            return None
        return self.median >= self.target if self.at_least else self.median <= self.target

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "values": list(self.values),
            "target": self.target,
            "at_least": self.at_least,
            "holds": self.holds,
        }


def ratio(name: str, above: Figure, below: Figure, unit: str = "x", **target: Any) -> Figure:
    """Return the ratio of two medians; its values are the ratios within the rounds."""
    rounds = tuple(a / b for a, b in zip(above.values, below.values, strict=True))
    return Figure(name, rounds, unit, ratio_of_medians=above.median / below.median, **target)


def print_figures(title: str, figures: Sequence[Figure], machine: str) -> None:
    """Print figures as a table, and the machine below it."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_FILES, highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for column in ("median", "min .. max"):
        table.add_column(column, justify="right", header_style="dim")
    table.add_column("")
    table.add_column("target", header_style="dim")
    for figure in figures:
        unit = "" if figure.unit == "%" else figure.unit
        table.add_row(figure.name, _text(figure.median, figure), _range(figure), unit, _target(figure))
    console.print(title, style="bold", soft_wrap=True)
    console.print(table)
    console.print(machine, style="dim", soft_wrap=True)


def print_json(title: str, figures: Sequence[Figure], machine: dict[str, Any], **more: Any) -> None:
    """Print figures, machine and settings as one JSON document."""
    document = {
        "bench": title,
        "machine": machine,
        **more,
        "figures": [figure.as_dict() for figure in figures],
    }
    print(json.dumps(document, indent=2))


def short_number(value: float) -> str:
    """Return a number with three digits that count: `2.35M`, `54.5k`, `0.183`."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if suffix == 'k' else size):.3g}{suffix}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _text(value: float, figure: Figure) -> str:
    return f"{value:.1%}" if figure.unit == "%" else short_number(value)


def _range(figure: Figure) -> str:
    low, high = min(figure.values), max(figure.values)
    return "" if low == high else f"{_text(low, figure)} .. {_text(high, figure)}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    bound = "at least" if figure.at_least else "at most"
    return f"{bound} {_text(figure.target, figure)}: {'yes' if figure.holds else 'MISSED'}"
