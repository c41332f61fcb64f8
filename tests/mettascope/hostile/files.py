"""Hostile files of each kind; each begins with a whole file and breaks one thing."""

import copy
import functools
import io
import json
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mettagrid.replay_file import write_replay
from mettascope.archive import bake, pack_archive
from tests.mettagrid.movies.episodes import REPLAY
from tests.mettascope.hostile.zips import Cases, bomb, broken_zips, changed_entry, cut, entries_of, flipped
from tests.mettascope.original.samples import packed, version_2, version_3

MARKUP = "<script>alert(1)</script>\n\x1b[2J\u202e"
DEEP = "[" * 100_000 + "]" * 100_000
LONG_NUMBER = "9" * 5000


@functools.cache
def whole_replay() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_replay(Path(folder) / "x.replay", REPLAY).read_bytes()


@functools.cache
def whole_archive() -> bytes:
    return pack_archive(bake(REPLAY))


def replays() -> Cases:
    """Of `.replay` files."""
    data = whole_replay()
    yield from cut(data, 15)
    yield from flipped(data, 20)
    yield from broken_zips(data, "actions.npy")
    yield from _headers(data, _REPLAY_HEADERS)
    for what, content in _action_files():
        yield f"actions: {what}", changed_entry(data, "actions.npy", content)
    snapshot = entries_of(data)["snapshots/00000000"]
    for what, content in (("none", b""), ("ones", b"\xff" * len(snapshot)), *flipped(snapshot, 8)):
        yield f"snapshot: {what}", changed_entry(data, "snapshots/00000000", content)
    yield "snapshot of a tick that is not there", changed_entry(data, "snapshots/00009999", snapshot)
    yield "snapshot of a negative tick", changed_entry(data, "snapshots/-0000001", snapshot)


def archives() -> Cases:
    """Of `.baked` files."""
    data = whole_archive()
    yield from cut(data, 15)
    yield from flipped(data, 20)
    yield from broken_zips(data, "chunks/00000000")
    yield from _headers(data, _ARCHIVE_HEADERS)
    for what, content in (("text", b"hello"), ("none", b""), ("a large one", _png(60_000, 60_000))):
        yield f"atlas: {what}", changed_entry(data, "atlas.png", content)


def originals() -> Cases:
    """Of `.json.z` files."""
    data = packed(version_3())
    yield from cut(data, 10)
    yield from flipped(data, 10)
    yield "a bomb of zeros", bomb(200 << 20)
    yield "a bomb of lists", zlib.compress(b'{"version":3,"objects":[' + b"[]," * (6 << 20), 1)
    texts = {"deep": DEEP, "deep objects": '{"a":' * 100_000, "a long number": f'{{"version":{LONG_NUMBER}}}'}
    texts |= {"NaN": '{"version":NaN}', "half": '{"version":3,', "a list": "[]", "text": '"x"', "empty": "{}"}
    for what, text in texts.items():
        yield what, zlib.compress(text.encode())
    yield "no UTF-8", zlib.compress(b'{"version":3,"file_name":"\xff\xfe"}')
    for path, value in _ORIGINAL_VALUES:
        content = version_2() if path.startswith("type_id") else version_3()
        yield f"{path} = {str(value)[:30]}", packed(_put(content, path, value))


def chunks() -> Cases:
    """Of chunks and frames, as the reader decodes them."""
    data = entries_of(whole_archive())["chunks/00000000"]
    yield from cut(data, 10)
    yield from flipped(data, 20)
    yield "varints without end", b"\xff" * 100_000
    yield "a frame longer than the file", b"\xff\xff\xff\xff\x7f" + bytes(10)
    for what, numbers in _FRAMES.items():
        frame = bytes(byte for number in numbers for byte in _varint(number))
        yield what, bytes(_varint(len(frame))) + frame


Change = Callable[[dict[str, Any]], object]


def _headers(data: bytes, changes: dict[str, Change]) -> Cases:
    """A file with another header: no object at all, or with a field that cannot be."""
    text = entries_of(data)["header.json"].decode()
    texts = {"none": "", "null": "null", "a list": "[]", "half": text[:100], "deep": DEEP}
    texts |= {
        "a long number": f'{{"version":{LONG_NUMBER}}}',
        "NaN": text.replace('"version":', '"x":NaN,"version":', 1),
    }
    texts |= {
        "infinity": text.replace('"version":', '"version":1e999,"x":', 1),
        "large": " " * (9 << 20) + text,
    }
    texts |= {"deep inside": text.replace("{", f'{{"x":{DEEP},', 1)}
    for what, changed in texts.items():
        yield f"header: {what}", changed_entry(data, "header.json", changed.encode())
    for what, change in changes.items():
        header = json.loads(text)
        change(header)
        yield f"header: {what}", changed_entry(data, "header.json", json.dumps(header).encode())


def _set(path: str, value: Any) -> Change:
    return lambda header: _put(header, path, value)


def _put(content: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    content = inside = content if not path.startswith("type_id") else copy.deepcopy(content)
    *way, last = path.split(".")
    for part in way:
        inside = inside[int(part)] if isinstance(inside, list) else inside[part]
    inside[int(last) if isinstance(inside, list) else last] = value
    return content


_REPLAY_HEADERS: dict[str, Change] = {
    f"{path} = {str(value)[:40]}": _set(path, value)
    for path, value in [
        *(("version", value) for value in (0, -1, 3, "2", None, True, 2.5, [])),
        *(("num_ticks", value) for value in (-1, 59, 61, 10**9, "60", 1e3)),
        *(("num_agents", value) for value in (0, -4, 5, 10**9)),
        *(("first_tick", value) for value in (-1, 5, 2**40)),
        *(("num_maps", value) for value in (0, -1, 65536, 2**70)),
        ("seed", -1),
        ("policy", MARKUP * 100),
        ("action_names", []),
        ("action_names", [MARKUP] * 5),
        ("hashes", {"x": "y"}),
        ("hashes", {"0": "zz"}),
        ("hashes", {"-5": "00"}),
        ("hashes", {"0": "f" * 100}),
        ("hashes", {"0": "0" * 16}),
        ("unknown", 1),
        ("game", None),
        ("game", {}),
        ("game", "arena"),
        ("game.num_agents", 65535),
        ("game.max_steps", 2**60),
        ("game.view", {"height": 15, "width": 15, "num_tokens": 10**9}),
        ("game.name", MARKUP),
        ("game.map", {"form": "ascii", "file": "/etc/passwd"}),
        ("game.map", {"form": "ascii", "text": "@" * 200_000}),
        ("game.map", {"form": "unknown"}),
        ("game.rules", [{"op": "evil"}] * 10),
        ("game.variables", {MARKUP: {}}),
        ("game.kinship", {"form": "evil"}),
        ("game.statistics", ["x"] * 10**5),
        ("game.spare_objects", 60_000),
        ("game.spare_objects", -1),
        ("game.objects", {"self": {}}),
    ]
}

_ARCHIVE_HEADERS: dict[str, Change] = {
    f"{path} = {str(value)[:40]}": _set(path, value)
    for path, value in [
        *(("version", value) for value in (0, 2, "1", True, None)),
        ("format", "metta-replay"),
        ("chunk_ticks", 0),
        ("survey_ticks", -1),
        ("world", []),
        ("metta_version", 5),
        *(("world.num_agents", value) for value in (0, -1, 10**9, 1.5, "4", None)),
        *(("world.height", value) for value in (0, -1, 10**9)),
        *(("world.first_tick", value) for value in (-1, 60, 2**31)),
        *(("world.last_tick", value) for value in (-1, 58, 10**9)),
        ("world.columns", []),
        ("world.columns.0.size", 2**40),
        ("world.columns.3.rows", -1),
        ("world.columns.0.name", "cell"),
        ("world.kinds", ["x"]),
        ("world.kinds.0", 7),
        ("world.name", "x" * 10**6),
        ("world.caps.0", [1]),
        ("world.looks.colors.ink", "red; background: url(//x)"),
        ("world.looks.layout.mark", [0, 0, 1]),
        ("world.looks.counts.colors", 0),
        ("world.atlas.tile_size", 10**6),
        ("world.atlas.columns", 0),
        ("world.atlas.tiles", {}),
        ("world.atlas.tiles.unknown", 999),
        ("world.actions.0.aim", {"at": "evil"}),
        ("world.rules", ["x" * 10**5]),
    ]
}

_ORIGINAL_VALUES: list[tuple[str, Any]] = [
    *(("version", value) for value in (0, 5, -1, "3", None, True, 3.5)),
    *(("map_size", value) for value in (None, [], [0, 5], [-3, 5], [10**9, 10**9], ["a", 1], [[1], 2])),
    *(("max_steps", value) for value in (0, -5, 10**12, "5", None, 1e308)),
    *(("objects", value) for value in (None, [], [None], [[]], [{}], [{"agent_id": "x"}])),
    ("type_names", [5]),
    ("item_names", ["x"] * 5000),
    ("action_names", {"a": 1}),
    *(
        ("objects.4.location", value)
        for value in ([], [1], "here", [[0, [1]]], [[10**30, [1, 1]]], [[-1, [1, 1]]])
    ),
    *(("objects.4.inventory", value) for value in ("x", [[0, [[1, "y"]]]], [["a", [1]]], [None])),
    *(("objects.4.orientation", value) for value in ([[0]], [[0, 1, 2]], [1, 2], "up", {"0": 1}, 1e300)),
    ("objects.4.agent_id", [[]]),
    ("objects.4.agent_id", 2**70),
    ("objects.4.type_name", [[0, None]]),
    ("objects.4.total_reward", [[0, "1"]]),
    ("type_id_of_nobody", MARKUP),
]

_FRAMES = {
    "a column that changes everywhere": [0, 0, 0, 2**34, *range(50)],
    "places beyond the column": [0, 0, 0, 1, 2**30, 2, 11, 0],
    "places that overflow": [0, 0, 0, 4, *[2**34] * 4, *[0] * 4, 11, 0],
    "more columns than there are": [0, 0, 99, 1, 0, 2, 11, 0],
    "millions of events": [0, 0, 11, 5_000_000],
    "2**34 events": [0, 0, 11, 2**34],
    "no end": [0, 0],
    "no tick": [],
}


def _varint(number: int) -> list[int]:
    parts = []
    while number >= 128:
        parts.append(number % 128 + 128)
        number //= 128
    return [*parts, number]


def _action_files() -> Cases:
    def npy(array: np.ndarray, **how: Any) -> bytes:
        buffer = io.BytesIO()
        np.save(buffer, array, **how)
        return buffer.getvalue()

    def headed(text: str) -> bytes:
        header = text.encode() + b" " * (63 - (len(text) + 10) % 64) + b"\n"
        return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header

    yield "objects to unpickle", npy(np.array([{"a": 1}], object), allow_pickle=True)
    yield "decimals", npy(np.zeros((60, 4)))
    yield "another shape", npy(np.zeros((4, 60), np.uint8))
    yield "Fortran order", npy(np.asfortranarray(np.zeros((60, 4), np.uint8)))
    yield "actions that are not there", npy(np.full((60, 4), 250, np.uint8))
    yield "cut", npy(np.zeros((60, 4), np.uint8))[:-7]
    yield "text", b"hello"
    for shape in (
        "(60, -4)",
        "(2**60, 4)",
        "(__import__('os').getpid(), 4)",
        "(" * 200,
        "1152921504606846976,",
    ):
        yield f"shape {shape[:20]}", headed(f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}")


def _png(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(20)
    )
