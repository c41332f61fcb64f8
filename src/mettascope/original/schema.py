"""The original's schema: what files of versions 1 to 4 say of each object, in one form.

Missing keys are 0, keys that we do not know are ignored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mettascope.archive.form import MAX_CELLS
from mettascope.original.series import (
    MOST_STEPS,
    Series,
    join,
    read_inventory,
    read_list_series,
    read_number,
    read_place,
    read_series,
    read_whole,
)

_VERSIONS = (1, 2, 3, 4)
_MOST_NAMES = 1000
_AGENT = "agent"

# Ours -> the keys of the versions; the first that is there counts. Version 1 says "agent:frozen" and the like.
_NUMBERS: dict[str, tuple[str, ...]] = {
    "orientation": ("orientation", "agent:orientation"),
    "frozen": ("freeze_remaining", "frozen_progress", "is_frozen", "frozen", "agent:frozen"),
    "team": ("group_id", "agent:group"),
    "vibe": ("vibe_id",),
    "waiting": ("cooldown_remaining", "cooldown_progress", "production_progress", "cooldown", "converting"),
    "reward": ("current_reward", "reward"),
    "total_reward": ("total_reward",),
    "alive": ("alive",),
}


@dataclass
class Thing:
    """An object over time. A series that is not there is 0 throughout."""

    kind: Series[str]
    agent_id: int | None
    """None for everything but agents."""
    places: Series[tuple[int, int]]
    """x and y."""
    inventory: Series[dict[int, int]]
    """Item -> count."""
    actions: Series[int]
    numbers: dict[str, Series[float]] = field(default_factory=dict)
    """By our names, see `_NUMBERS`."""


@dataclass
class Original:
    """A file of the original."""

    version: int
    title: str
    width: int
    height: int
    num_steps: int
    actions: list[str]
    items: list[str]
    things: list[Thing]
    """Agents first, by their ids."""


def parse(content: dict[str, Any]) -> Original:
    """What a file says.

    Raises:
        ValueError: one line with the place: another version, or what no such file says.
    """
    version = content.get("version")
    if type(version) is not int or version not in _VERSIONS:
        raise ValueError(
            f"version: {str(version)[:20]} is unknown; replays of the original of versions 1 to 4 can be opened"
        )
    width, height = _map_size(content)
    kinds = _names(content, "object_types" if version == 1 else "type_names")
    items = _names(content, "inventory_items" if version == 1 else "item_names")
    objects = content.get("grid_objects" if version == 1 else "objects")
    if not isinstance(objects, list) or not objects:
        raise ValueError("objects: must be a list of objects")
    things = [_thing(found, kinds, items, f"objects.{index}") for index, found in enumerate(objects)]
    agents = sorted((t for t in things if t.agent_id is not None), key=lambda thing: thing.agent_id or 0)
    if not agents:
        raise ValueError("objects: none of them is an agent")
    return Original(
        version,
        str(content.get("file_name") or "")[:200],
        width,
        height,
        _num_steps(content),
        _names(content, "action_names") or ["noop"],
        items,
        agents + [thing for thing in things if thing.agent_id is None],
    )


def _map_size(content: dict[str, Any]) -> tuple[int, int]:
    size = content.get("map_size")
    if not isinstance(size, list) or len(size) != 2:
        raise ValueError("map_size: must be [width, height]")
    width, height = _at("map_size", read_whole, size[0]), _at("map_size", read_whole, size[1])
    if width < 1 or height < 1 or width * height > MAX_CELLS:
        raise ValueError(f"map_size: {width} x {height} cells cannot be shown; 1 to {MAX_CELLS} can")
    return width, height


def _num_steps(content: dict[str, Any]) -> int:
    steps = _at("max_steps", read_whole, content.get("max_steps", 0))
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"max_steps: {steps} is not between 1 and {MOST_STEPS}")
    return steps


def _names(content: dict[str, Any], key: str) -> list[str]:
    names = content.get(key, [])
    if not isinstance(names, list) or len(names) > _MOST_NAMES or not all(isinstance(n, str) for n in names):
        raise ValueError(f"{key}: must be a list of at most {_MOST_NAMES} names")
    return [name[:100] for name in names]


def _thing(found: Any, kinds: Sequence[str], items: Sequence[str], where: str) -> Thing:
    if not isinstance(found, dict):
        raise ValueError(f"{where}: must be an object")
    kind = _kind(found, kinds, where)
    is_agent = (
        found.get("is_agent") is True or "agent_id" in found or any(k.startswith(_AGENT) for _, k in kind)
    )
    return Thing(
        kind,
        _agent_id(found, where) if is_agent else None,
        _places(found, where),
        _inventory(found, items, where),
        _actions(found, where),
        {ours: read_series(found[key], read_number, f"{where}.{key}") for ours, key in _present(found)},
    )


def _present(found: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = ((ours, next((key for key in keys if key in found), None)) for ours, keys in _NUMBERS.items())
    return [(ours, key) for ours, key in pairs if key is not None]


def _agent_id(found: dict[str, Any], where: str) -> int:
    """Agents without a number of their own stand in the order of their objects'."""
    key = "agent_id" if "agent_id" in found else "id"
    value = found.get(key, 0)
    return _at(f"{where}.{key}", read_whole, value[0][1] if _is_series(value) else value)


def _is_series(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list) and len(value[0]) == 2


def _kind(found: dict[str, Any], kinds: Sequence[str], where: str) -> Series[str]:
    def by_name(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError("must be the name of a type")
        return value[:100]

    def by_number(value: Any) -> str:
        number = read_whole(value)
        return kinds[number] if 0 <= number < len(kinds) else f"type_{number}"

    if "type_name" in found:
        return read_series(found["type_name"], by_name, f"{where}.type_name")
    key = "type_id" if "type_id" in found else "type"
    return read_series(found.get(key, 0), by_number, f"{where}.{key}")


def _places(found: dict[str, Any], where: str) -> Series[tuple[int, int]]:
    if "location" in found:
        return read_list_series(found["location"], read_place, f"{where}.location")
    columns = read_series(found.get("c", 0), read_whole, f"{where}.c")
    rows = read_series(found.get("r", 0), read_whole, f"{where}.r")
    return join(columns, rows)


def _inventory(found: dict[str, Any], items: Sequence[str], where: str) -> Series[dict[int, int]]:
    if "inventory" in found:
        return read_list_series(found["inventory"], read_inventory, f"{where}.inventory")
    steps: dict[int, dict[int, int]] = {}
    for number, item in enumerate(items):  # version 1 says "inv:ore.red"
        key = next((key for key in (f"inv:{item}", f"agent:inv:{item}") if key in found), None)
        for step, count in read_series(found[key], read_whole, f"{where}.{key}") if key else []:
            steps.setdefault(step, {})[number] = count
    now: dict[int, int] = {}
    return [(step, now := now | changed) for step, changed in sorted(steps.items())]


def _actions(found: dict[str, Any], where: str) -> Series[int]:
    if "action_id" in found:
        return read_series(found["action_id"], read_whole, f"{where}.action_id")
    if "action" not in found:
        return []

    def first(value: Any) -> int:
        if not isinstance(value, list) or not value:
            raise ValueError("must be [action, argument]")
        return read_whole(value[0])

    return read_list_series(found["action"], first, f"{where}.action")


def _at(where: str, read: Callable[[Any], int], value: Any) -> int:
    try:
        return read(value)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
