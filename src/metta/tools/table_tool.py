"""TableTool: base of tools that print a table, which can also print it as JSON."""

import json
import sys
import warnings
from typing import Any

from pydantic import Field
from rich.console import Console

from metta.common.tool import Tool

with warnings.catch_warnings():
    # pydantic keeps a long deprecated method of this name; the command line's --json sets this field.
    warnings.filterwarnings("ignore", message='Field name "json"', category=UserWarning)

    class TableTool(Tool):
        """A tool whose result is a table; `json=true` (or `--json`) prints plain data instead."""

        json: bool = Field(default=False, description="print JSON instead of a table")  # type: ignore[assignment]

        def say(self, line: str) -> None:
            """Tells the user something that is not the result: on stderr where stdout carries JSON."""
            print(line, file=sys.stderr if self.json else sys.stdout, flush=True)

        def print_result(self, table: object, data: Any) -> None:
            """Prints the result: `table` (anything that rich prints), or `data` as JSON."""
            if self.json:
                print(json.dumps(data, indent=2), flush=True)
            else:
                wide = (
                    None if sys.stdout.isatty() else 200
                )  # a file has no width; a table must not be cut in it
                Console(width=wide).print(table)
