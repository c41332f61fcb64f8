"""Tables and JSON on the terminal."""

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDTH_OF_FILES = 160


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], file: TextIO | None = None
) -> None:
    """Print rows of text under column titles; a file or pipe gets plain text, 160 columns wide."""
    stream = file or sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else _WIDTH_OF_FILES, highlight=False)
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        table.add_column(column, header_style="dim", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def print_json(value: Any) -> None:
    """Print a value as JSON on stdout."""
    print(json.dumps(value, indent=2, default=str))
