"""What a value on the command line can mean: numbers, true, null, lists, dicts, or the text itself."""

import re
from decimal import Decimal
from itertools import accumulate
from typing import Any

import yaml

from mettagrid.config.base import Readings

_NUMBER = re.compile(
    r"[+-]?(0|[1-9][\d_]*)?(\.\d[\d_]*)?(?<=\d)\.?(?P<exponent>[eE][+-]?\d{1,3})?(?P<suffix>[kKMB])?"
)
_FACTORS = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
_LONGEST_NUMBER = 40
_DEEPEST = 20
_WORDS = {"true": True, "false": False, "null": None, "none": None}


def readings(text: str) -> Readings:
    """Return what a typed value can mean, best first: its value, the text itself, a list of items.

    The field decides: `run=001` is text in a text field; `layers=64,64` is a list where a list is wanted.
    Text in quotes is never anything but text.
    """
    if _is_quoted(text):
        return Readings(text[1:-1], (text[1:-1], [text[1:-1]]))
    nested = _nested(text)
    if nested is not None:
        return Readings(text, (_plain(nested, True), text, _plain(nested, False)))
    if text.startswith(("[", "{")):
        return Readings(text, (text,))
    items = [item.strip() for item in text.split(",")]
    lists = ([parse_scalar(item) for item in items], items) if text else ([],)
    return Readings(text, _distinct(parse_scalar(text), text, *lists))


def parse_scalar(text: str) -> Any:
    """Return the number, True, False or None that a text spells, else the text: 1M -> 1000000, 007 stays."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    match = _NUMBER.fullmatch(text)
    if not match or len(text) > _LONGEST_NUMBER:
        return text
    digits = text.removesuffix(match["suffix"] or "").replace("_", "")
    number = Decimal(digits) * _FACTORS.get(match["suffix"], 1)
    if re.fullmatch(r"[+-]?\d+", digits) or (match["suffix"] and number == number.to_integral_value()):
        return int(number)
    return float(number)


def _is_quoted(text: str) -> bool:
    return len(text) >= 2 and text[0] == text[-1] and text[0] in "'\""


def _nested(text: str) -> yaml.Node | None:
    """Parse a JSON or YAML list or dict; None for anything else, and for aliases: those can explode."""
    if not text.startswith(("[", "{")) or _depth(text) > _DEEPEST:
        return None
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return node if _has_plain_keys(node) else None
    except (yaml.YAMLError, RecursionError):
        return None


def _depth(text: str) -> int:
    """How deep brackets nest; the YAML parser takes quadratic time in it."""
    return max(accumulate((character in "[{") - (character in "]}") for character in text))


def _has_plain_keys(node: yaml.Node) -> bool:
    if isinstance(node, yaml.MappingNode):
        return all(isinstance(key, yaml.ScalarNode) and _has_plain_keys(value) for key, value in node.value)
    return not isinstance(node, yaml.SequenceNode) or all(_has_plain_keys(item) for item in node.value)


def _plain(node: yaml.Node, with_numbers: bool) -> Any:
    """Turn a YAML node into Python, but not its scalars: YAML takes `no` for False and `1e-3` for text."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value, with_numbers) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, with_numbers) for item in node.value]
    is_bare = isinstance(node, yaml.ScalarNode) and node.style is None
    if is_bare and not node.value:
        return None
    return parse_scalar(node.value) if with_numbers and is_bare else node.value


def _distinct(*values: Any) -> tuple[Any, ...]:
    """Drop repeated values. True and 1 are equal in Python but mean different things here, so types count."""
    kept: dict[str, Any] = {}
    for value in values:
        kept.setdefault(repr(value), value)
    return tuple(kept.values())
