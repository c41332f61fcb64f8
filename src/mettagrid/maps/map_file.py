"""Map files: a drawing of characters and its legend, as YAML that people write by hand.

    format: metta-map
    version: 1
    legend:
      a: altar
    map: |-
      #####
      #@.a#
      #####

`.` and space are empty, `@` is a place for an agent, `#` a wall; the legend adds to these, also `o: altar on grass`
where there is ground below something. Knows nothing of games:
whether a game has these kinds is checked when the map is put into one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import yaml

from mettagrid.config.nearest import did_you_mean
from mettagrid.whole_file import whole_file

FORMAT, VERSION = "metta-map", 1
MAX_BYTES = 1_000_000
"""A file may be this large; a map of 512 x 512 cells takes a quarter of it."""
_KEYS = ("format", "version", "legend", "map")
_ALWAYS = {".": "empty", " ": "empty", "@": "agent", "#": "wall"}


class MapFileError(ValueError):
    """A file is no map: one line with the file, the place in it, and what is wrong."""


_is_allowed: ContextVar[bool] = ContextVar("map files may be read", default=True)


@contextmanager
def without_map_files() -> Iterator[None]:
    """Refuses to read map files until the block ends: for games that somebody else wrote, who may name any file."""
    token = _is_allowed.set(False)
    try:
        yield
    finally:
        _is_allowed.reset(token)


def read_map(path: Path) -> tuple[str, dict[str, str]]:
    """Reads a map file: the drawing and its legend.

    Raises:
        MapFileError: it cannot be read or is no map; one line with row and column where there is one.
    """
    if not _is_allowed.get():
        raise MapFileError("a map must be written out here; files are not read")
    text = _text_of(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _wrong(path, mark, f"not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:  # a character that YAML does not have
        raise MapFileError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    fields = _fields(path, node)
    _check_version(path, fields)
    if "map" not in fields or not isinstance(fields["map"], yaml.ScalarNode):
        where = fields["map"].start_mark if "map" in fields else None
        raise _wrong(path, where, "needs `map: |-` and the drawing, indented, below it")
    legend = _legend(path, fields.get("legend"))
    _check_drawing(path, fields["map"], legend)
    return fields["map"].value, legend


def write_map(path: Path, text: str, legend: Mapping[str, str]) -> None:
    """Writes a drawing and its legend so that `read_map` gives them back; the name appears when the file is whole."""
    lines = [f"format: {FORMAT}", f"version: {VERSION}"]
    if legend:
        lines += ["legend:", *(f"  {_quoted(key)}: {_quoted(value)}" for key, value in legend.items())]
    # The number says how far the drawing is indented, also if its first row begins with a space.
    lines += ["map: |2-", *(f"  {row}" for row in text.strip("\n").split("\n"))]
    with whole_file(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _text_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise MapFileError(f"{path}: {size / 1e6:.1f} MB; a map file has at most {MAX_BYTES / 1e6:g} MB")
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise MapFileError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        what = f"byte {error.object[error.start]:#04x} is no text (UTF-8)"
        raise MapFileError(f"{path}: line {line}, column {column}: {what}") from None


def _fields(path: Path, node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        what = {"sequence": "a list", "scalar": "only text", None: "nothing"}[getattr(node, "id", None)]
        mark = node.start_mark if node is not None else None
        raise _wrong(path, mark, f"a map file begins with `format: {FORMAT}`; this is {what}")
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name not in _KEYS:
            raise _wrong(path, key.start_mark, f"unknown key '{name}'; {did_you_mean(name, _KEYS)}")
        if name in fields:
            raise _wrong(path, key.start_mark, f"'{name}' is there twice")
        fields[name] = value
    return fields


def _check_version(path: Path, fields: Mapping[str, yaml.Node]) -> None:
    for name, right in (("format", FORMAT), ("version", str(VERSION))):
        node = fields.get(name)
        if node is None:
            raise _wrong(path, None, f"lacks `{name}: {right}`")
        if node.value != right:
            raise _wrong(path, node.start_mark, f"{name} is {node.value!r}; this program reads {right}")


def _legend(path: Path, node: yaml.Node | None) -> dict[str, str]:
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(path, node.start_mark, "legend: needs a line `character: kind` for each character")
    legend: dict[str, str] = {}
    for key, value in node.value:
        if not isinstance(value, yaml.ScalarNode) or len(str(key.value)) != 1:
            raise _wrong(
                path, key.start_mark, f"legend: {key.value!r} must be one character that stands for a kind"
            )
        legend[key.value] = value.value
    return legend


def _check_drawing(path: Path, node: yaml.ScalarNode, legend: Mapping[str, str]) -> None:
    meaning = _ALWAYS | dict(legend)
    rows = node.value.strip("\n").split("\n")
    width = len(rows[0])
    for row, line in enumerate(rows, start=1):
        for column, character in enumerate(line, start=1):
            if character not in meaning:
                known = " ".join(sorted(set(meaning) - {" "}))
                what = f"{character!r} is not in the legend, which has {known}"
                raise MapFileError(f"{path}: map: row {row}, column {column}: {what}")
        if len(line) != width:
            at = min(len(line), width) + 1
            what = f"the row has {len(line)} characters, the first row has {width}"
            raise MapFileError(f"{path}: map: row {row}, column {at}: {what}")
    if not any(meaning[character].split(" on ")[0] == "agent" for line in rows for character in line):
        size = f"none of {len(rows)} rows x {width} columns"
        raise MapFileError(f"{path}: map: {size} has a place for an agent, which is '@'")


def _wrong(path: Path, mark: yaml.Mark | None, what: str) -> MapFileError:
    where = f" line {mark.line + 1}, column {mark.column + 1}:" if mark is not None else ""
    return MapFileError(f"{path}:{where} {what}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
