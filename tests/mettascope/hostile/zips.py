"""Hostile zips: made of whole files by changing entries, headers or bytes."""

import io
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator

Cases = Iterator[tuple[str, bytes]]


def entries_of(data: bytes) -> dict[str, bytes]:
    """What is in a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zip_of(entries: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries; names may come twice."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as packed:
        warnings.simplefilter("ignore")
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            packed.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def cut(data: bytes, count: int) -> Cases:
    """The first bytes of a file, `count` times."""
    for i in range(count):
        length = len(data) * i // count
        yield f"cut to {length}", data[:length]


def flipped(data: bytes, count: int, seed: int = 1) -> Cases:
    """The file with one bit changed, `count` times."""
    rng = random.Random(seed)
    for _ in range(count):
        place, bit = rng.randrange(len(data)), rng.randrange(8)
        changed = bytearray(data)
        changed[place] ^= 1 << bit
        yield f"bit {bit} of byte {place}", bytes(changed)


def changed_entry(data: bytes, name: str, content: bytes) -> bytes:
    """The zip with another entry."""
    return zip_of(entries_of(data) | {name: content})


def broken_zips(data: bytes, large_entry: str) -> Cases:
    """What a zip should not be, whatever is in it."""
    entries = entries_of(data)
    some = next(iter(entries))
    for name in (
        "../evil",
        "/etc/passwd",
        "C:\\evil",
        f"{large_entry}/../x",
        "\x00",
        "a" * 60_000,
        "<img src=x>",
    ):
        yield f"an entry called {name[:20]!r}", zip_of(entries | {name: b"x"})
    yield "two entries of a name", zip_of([*entries.items(), (some, b"x")])
    yield (
        "60,001 entries",
        zip_of([*entries.items(), *((f"x/{i}", b"") for i in range(60_001))], zipfile.ZIP_STORED),
    )
    yield "a bomb of 100 MB", zip_of(entries | {large_entry: bytes(100 << 20)})
    yield (
        "a bomb that lies about its size",
        _told_size(zip_of(entries | {large_entry: bytes(100 << 20)}), large_entry, 100),
    )
    yield (
        "a bomb in many entries",
        _patched(zip_of(entries | {f"{large_entry}{i}": b"" for i in range(60)}), _tell_5_mb),
    )
    yield "an entry larger than it is", _told_size(data, large_entry, 1 << 31)
    yield "lzma", zip_of(entries, zipfile.ZIP_LZMA)
    yield "bzip2", zip_of(entries, zipfile.ZIP_BZIP2)
    yield "an unknown method", _patched(data, lambda at, _: (at + 10, struct.pack("<H", 99)))
    yield "encrypted", _patched(data, lambda at, _: (at + 8, struct.pack("<H", 1)))
    yield "a wrong checksum", _patched(data, lambda at, _: (at + 16, b"\1\2\3\4"))
    yield "entries that lie outside", _patched(data, lambda at, _: (at + 42, b"\xff\xff\xff\x7f"))
    yield "a zip in a zip", zip_of({"inner.zip": data})
    yield "an empty zip", zip_of({})
    yield "bytes before it and after", b"\x00" * 1000 + data + b"\x00" * 1000
    yield "no zip", b"PK\x03\x04" + bytes(5000)
    yield "nothing", b""


def _patched(data: bytes, patch: Callable[[int, str], tuple[int, bytes]], only: str | None = None) -> bytes:
    """Overwrites something in the directory's records of all entries, or of one."""
    changed, at = bytearray(data), data.rindex(b"PK\x05\x06")
    at = struct.unpack_from("<I", data, at + 16)[0]
    while data[at : at + 4] == b"PK\x01\x02":
        name_length, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        name = data[at + 46 : at + 46 + name_length].decode()
        if only in (None, name):
            place, content = patch(at, name)
            changed[place : place + len(content)] = content
        at += 46 + name_length + extra + comment
    return bytes(changed)


def _told_size(data: bytes, name: str, size: int) -> bytes:
    return _patched(data, lambda at, _: (at + 24, struct.pack("<I", size)), name)


def _tell_5_mb(at: int, _: str) -> tuple[int, bytes]:
    return at + 24, struct.pack("<I", 5 << 20)


def bomb(size: int) -> bytes:
    """Zeros, deflated."""
    deflator = zlib.compressobj(9)
    parts = [deflator.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([*parts, deflator.flush()])
