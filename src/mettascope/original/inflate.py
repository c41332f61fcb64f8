"""From the bytes of a file to JSON, without filling the memory on the way."""

import json
import zlib
from typing import Any, NoReturn

_MAX_TEXT_BYTES = 96 << 20
_MAX_CONTAINERS = 5_000_000  # lists and objects; Python takes about 100 bytes for each
_ANY_HEADER = 47  # zlib.decompressobj: zlib or gzip


def looks_original(data: bytes) -> bool:
    """Whether a file may be a replay of the original: deflated, or a JSON object."""
    is_zlib = len(data) > 1 and data[0] == 0x78 and (data[0] * 256 + data[1]) % 31 == 0
    return is_zlib or data[:2] == b"\x1f\x8b" or data[:100].lstrip()[:1] == b"{"


def read_json(data: bytes) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        ValueError: one line: damaged, no object, or too large.
    """
    text = data if data[:100].lstrip()[:1] == b"{" else _inflate(data)
    if len(text) > _MAX_TEXT_BYTES:
        raise ValueError(f"it has more than {_MAX_TEXT_BYTES >> 20} MiB of text")
    if text.count(b"[") + text.count(b"{") > _MAX_CONTAINERS:
        raise ValueError(f"it has more than {_MAX_CONTAINERS:,} lists and objects")
    try:
        content = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error.msg} at letter {error.pos}") from None
    if not isinstance(content, dict):
        raise ValueError("it holds no object")
    return content


def _inflate(data: bytes) -> bytes:
    inflator = zlib.decompressobj(_ANY_HEADER)
    try:
        text = inflator.decompress(data, _MAX_TEXT_BYTES + 1)
    except zlib.error as error:
        raise ValueError(f"it is damaged: {error}") from None
    if not inflator.eof and len(text) <= _MAX_TEXT_BYTES:
        raise ValueError("it has been cut")
    return text


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
