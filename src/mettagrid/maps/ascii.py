"""AsciiMap: a map drawn with characters, one per cell. Every episode has the same map."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from mettagrid.config.base import Config
from mettagrid.maps.canvas import KINDS
from mettagrid.maps.map_file import read_map, write_map

DEFAULT_LEGEND = {".": "empty", " ": "empty", "@": "agent", "#": "wall"}
"""Characters that mean something in every drawing; a map's own legend comes on top."""


class AsciiMap(Config):
    """A drawing: each line is a row, each character a cell, all rows equally long."""

    form: Literal["ascii"] = "ascii"
    text: str = "@"
    """The drawing. Empty lines before and after it and common indentation do not count."""
    legend: dict[str, str] = Field(default_factory=dict)
    """Kind of each character, added to `.` and space = empty, `@` = agent, `#` = wall. A ground may stand alone or
    below something: `altar on grass`."""
    file: str | None = None
    """A map file that `text` and `legend` are read from, when the map is made; it is not needed again."""

    @model_validator(mode="before")
    @classmethod
    def _read_file(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("file") is not None:
            text, legend = read_map(Path(str(values["file"])))
            return {**values, "text": text, "legend": legend, "file": None}
        return values

    @model_validator(mode="after")
    def _check_drawing(self) -> "AsciiMap":
        for character in self.legend:
            if len(character) != 1 or character == "\n":
                raise ValueError(f"legend: {character!r} must be a single character")
        rows = self.rows()
        if not rows:
            raise ValueError("text: the drawing is empty")
        width = len(rows[0])
        for number, row in enumerate(rows, start=1):
            if len(row) != width:
                raise ValueError(f"text: row {number} has {len(row)} characters, the first row has {width}")
        return self

    def write(self, path: Path) -> None:
        """Writes the map as a file that `AsciiMap(file=...)` reads."""
        write_map(path, "\n".join(self.rows()), self.legend)

    def rows(self) -> list[str]:
        """The drawing's rows without what surrounds it."""
        lines = self.text.split("\n")
        while lines and not lines[0].strip():
            lines.pop(0)
        while lines and not lines[-1].strip():
            lines.pop()
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        return [line[margin:] for line in lines]

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows())

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows()[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grids that are built."""
        return self.height, self.width

    def grid(self, kinds: Mapping[str, int]) -> np.ndarray:
        """The map as int32 [height, width] of kind ids.

        Raises:
            ValueError: a character without meaning or of a kind that the game lacks; with row and column.
        """
        meaning = DEFAULT_LEGEND | self.legend
        cells = np.zeros((self.height, self.width), np.int32)
        for row, line in enumerate(self.rows()):
            for column, character in enumerate(line):
                kind = meaning.get(character)
                value = None if kind is None else cell_value(kind, kinds)
                if value is None:
                    raise ValueError(_unknown(character, kind, row, column, meaning))
                cells[row, column] = value
        return cells

    def count_objects(self) -> int:
        """Number of cells that are neither empty nor a place for an agent."""
        meaning = DEFAULT_LEGEND | self.legend
        return sum(
            names_in(meaning.get(character, ""))[0] not in ("empty", "agent")
            for line in self.rows()
            for character in line
        )

    def count_agents(self) -> int:
        """Number of places for agents."""
        meaning = DEFAULT_LEGEND | self.legend
        return sum(
            names_in(meaning.get(character, ""))[0] == "agent" for line in self.rows() for character in line
        )

    def check(self, num_agents: int, kinds: Mapping[str, int]) -> None:
        """Refuses a map that does not fit: ValueError for unknown kinds or another number of agents."""
        places = int((self.grid(kinds) % KINDS == kinds["agent"]).sum())
        if places != num_agents:
            raise ValueError(f"the map has {places} places for agents, the game has {num_agents} agents")

    def build(self, num_maps: int, seed: int, num_agents: int, kinds: Mapping[str, int]) -> np.ndarray:
        """The same map `num_maps` times: int32 [num_maps, height, width]. The seed changes nothing."""
        self.check(num_agents, kinds)
        return np.repeat(self.grid(kinds)[None], num_maps, axis=0)


def draw(grid: np.ndarray, kinds: Mapping[str, int], legend: Mapping[str, str] | None = None) -> str:
    """Writes a map as a drawing that `AsciiMap` reads with the same legend.

    Args:
        grid: kind ids [height, width].
        kinds: kind id of each name.
        legend: kind of each character, on top of the default one.

    Raises:
        ValueError: a kind that has no character.
    """
    character_of = {kind: character for character, kind in (DEFAULT_LEGEND | dict(legend or {})).items()}
    character_of["empty"] = "."
    name_of = {index: name for name, index in kinds.items()}
    known = {int(value): _name_of(int(value), name_of) for value in np.unique(grid)}
    missing = sorted(set(known.values()) - set(character_of))
    if missing:
        raise ValueError(f"the legend has no character for {', '.join(missing)}")
    return "\n".join("".join(character_of[known[int(value)]] for value in row) for row in grid)


def names_in(meaning: str) -> list[str]:
    """The names in what a character stands for: `altar on grass` has two."""
    return meaning.split(" on ", 1)


def cell_value(meaning: str, kinds: Mapping[str, int]) -> int | None:
    """What a cell holds that a character stands for; None for what the game has not."""
    values = [kinds.get(name) for name in names_in(meaning)]
    if len(values) == 1:
        return values[0]
    thing, ground = values
    fits = thing is not None and ground is not None and 0 < thing < KINDS <= ground
    return thing + ground if fits else None  # type: ignore[operator]


def _name_of(value: int, name_of: Mapping[int, str]) -> str:
    thing, ground = value % KINDS, value - value % KINDS
    if thing and ground:
        return f"{name_of[thing]} on {name_of[ground]}"
    return name_of[value]


def _unknown(character: str, kind: str | None, row: int, column: int, meaning: Mapping[str, str]) -> str:
    where = f"text: row {row + 1}, column {column + 1}: {character!r}"
    if kind is None:
        known = " ".join(sorted(set(meaning) - {" "}))
        return f"{where} is not in the legend, which has {known}"
    return f"{where} stands for '{kind}', and the game has no such kind"
