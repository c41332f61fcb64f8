"""Config: the base of every configuration, and changing one by dotted paths.

A change rebuilds the configs on its path, so all their validators see all changes of one call together, and a
config that two owners share changes only for the one that was addressed. Knows nothing of command lines.
"""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import isabstract
from typing import Annotated, Any, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from mettagrid.config.nearest import did_you_mean, nearest_names

Path = tuple[str, ...]

_TAGS = {"op", "form"}
"""Fields by which the configs of a union are told apart."""

_BRANCH_NAMES = frozenset(
    {"int", "float", "str", "bool", "none", "literal", "dict", "list", "tuple", "set", "bytes"}
)


@dataclass(frozen=True)
class Readings:
    """A text with several possible meanings, best first; a field takes the first one that it accepts.

    `run=001` can be the text "001" and a number: only the field knows. `text` is what error messages show.
    """

    text: str
    values: tuple[Any, ...]


class PlacedError(ValueError):
    """What a validator raises whose message begins with a path inside the value: `width: must be odd`."""


class Config(BaseModel):
    """Base of all configurations: refuses unknown fields, validates assignments, describes its fields."""

    model_config = ConfigDict(
        extra="forbid", validate_assignment=True, use_attribute_docstrings=True, populate_by_name=True
    )

    def override(self, path: str, value: Any) -> Self:
        """Set the field at a dotted path: `trainer.total_timesteps`, `rewards.heart`, `simulations.0.name`.

        Path segments name fields, keys of dicts (new keys are allowed) or indices of lists. A field that is
        None but may hold a Config gets one with its defaults first. A mapping given for a field that holds a
        Config changes the named fields and keeps the others.

        Raises:
            ValueError: one line with path, problem and nearest valid name. The config is unchanged.
        """
        return self.override_all({path: value})

    def override_all(self, changes: Mapping[str, Any]) -> Self:
        """Set several dotted paths at once; validators see the result, not the states in between."""
        rebuilt = _change_config(self, {tuple(path.split(".")): value for path, value in changes.items()}, "")
        vars(self).update({name: getattr(rebuilt, name) for name in type(self).model_fields})
        self.__pydantic_fields_set__.update(rebuilt.model_fields_set)
        return self

    def chosen_by(self, changes: dict[Path, Any]) -> tuple["Config", dict[Path, Any]]:
        """Hook: return the config that changes are for, and which of them remain. A name may choose another class."""
        return self, changes

    def field_paths(self) -> Iterator[str]:
        """Yield the dotted path of every field, those of nested configs included."""
        for name in type(self).model_fields:
            yield name
            value = getattr(self, name)
            if isinstance(value, Config):
                yield from (f"{name}.{path}" for path in value.field_paths())


def explain(error: ValidationError, where: str = "") -> str:
    """Say in one line what a pydantic error complains about: `path: message (got value)`, at most three."""
    reasons: dict[str, list[str]] = {}
    for item in error.errors(include_url=False):
        place = _place_of(item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "union_tag_invalid":
            told = item.get("ctx", {})
            place.append(told["discriminator"].strip("'"))
            tags = [tag.strip(" '") for tag in told["expected_tags"].split(",")]
            message = f"unknown {place[-1]} {told['tag']!r}; {did_you_mean(told['tag'], tags)}"
        if isinstance(item.get("ctx", {}).get("error"), PlacedError):
            inner, _, message = message.partition(": ")
            place.append(inner)
        path = ".".join(filter(None, [where, *place]))
        if item["type"] == "extra_forbidden":
            message = "there is no such field"
        elif isinstance(item["input"], str | int | float | bool | None):
            message += f" (got {item['input']!r})"
        reasons.setdefault(path, [])
        if message not in reasons[path]:
            reasons[path].append(message)
    lines = [
        f"{path}: {' or '.join(messages)}" if path else " or ".join(messages)
        for path, messages in reasons.items()
    ]
    more = f" (and {len(lines) - 3} more)" if len(lines) > 3 else ""
    return " ".join("; ".join(lines[:3]).split()) + more


def config_class(annotation: Any) -> type[Config] | None:
    """Return the one Config class inside an annotation such as `Inner | None`; None if none or several."""
    found = {
        branch for branch in _branches(annotation) if isinstance(branch, type) and issubclass(branch, Config)
    }
    return found.pop() if len(found) == 1 else None


def fitting_value(annotation: Any, value: Any, where: str) -> Any:
    """Validate `value` (or the best of its Readings) for an annotation and return the result.

    Raises:
        ValueError: one line that begins with `where`.
    """
    adapter = TypeAdapter(annotation)
    try:
        return adapter.validate_python(_first_accepted(value, adapter.validate_python))
    except ValidationError as error:
        raise ValueError(explain(error, where)) from None


def _place_of(location: Sequence[int | str]) -> list[str]:
    """The parts of a location that a reader knows: unions add the names of their branches, which mean nothing."""
    parts, field, above = [], "", ""
    for part in location:
        # A branch comes after the field that holds it, or after a key of a dict that the field is.
        branches = {name for holder in (field, above) for name in _branch_names().get(holder, ())}
        if isinstance(part, str) and (not _is_path(part) or part in branches):
            continue
        parts.append(str(part))
        field, above = (part, field) if isinstance(part, str) else (field, above)
    while len(parts) > 1 and parts[-1] in _BRANCH_NAMES:
        parts.pop()
    return parts


def _is_path(text: str) -> bool:
    """Whether it is a name, or names with dots between them, as keys may be."""
    return all(part.isidentifier() or part.isdecimal() for part in text.split("."))


def _branch_names() -> dict[str, set[str]]:
    """Names that pydantic gives the branches of each field that may hold one of several configs."""
    names: dict[str, set[str]] = {}
    for kind in _all_below(Config):
        for field, info in kind.model_fields.items():
            configs = [
                part
                for part in _parts(info.annotation)
                if isinstance(part, type) and issubclass(part, Config)
            ]
            if len(configs) > 1:
                tags = [
                    info.default
                    for config in configs
                    for name, info in config.model_fields.items()
                    if name in _TAGS
                ]
                names.setdefault(field, set()).update(tags, (config.__name__ for config in configs))
    return names


def _all_below(kind: type) -> Iterator[type[Config]]:
    for below in kind.__subclasses__():
        yield below
        yield from _all_below(below)


def _parts(annotation: Any) -> Iterator[Any]:
    """The types inside an annotation, however deep in lists, dicts and unions."""
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        inner = inner[:1]
    if not inner:
        yield annotation
    for part in inner:
        yield from _parts(part)


def _branches(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return _branches(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [branch for part in get_args(annotation) for branch in _branches(part)]
    return [annotation]


def _item_annotation(annotation: Any, container: type, position: int) -> Any:
    """Annotation of the keys (0) or values (1) of a dict, of the items (0) of a list; Any if unknown."""
    for branch in _branches(annotation):
        origin = get_origin(branch)
        if isinstance(origin, type) and (issubclass(container, origin) or issubclass(origin, container)):
            arguments = get_args(branch)
            return arguments[position] if len(arguments) > position else Any
    return Any


def _change_config(config: Config, changes: dict[Path, Any], where: str) -> Config:
    try:
        config, changes = config.chosen_by(changes)
    except ValueError as error:
        raise ValueError(f"{where}: {error}" if where else str(error)) from None
    values = {name: getattr(config, name) for name in type(config).model_fields}
    for head, group in _grouped(changes).items():
        if head not in values:
            raise ValueError(_unknown_field(config, head, where))
        annotation = type(config).model_fields[head].annotation
        if () in group:
            check = _field_check(config, values, head)
            group[()] = _first_accepted(group[()], check)
            if len(group) > 1 and not isinstance(group[()], Mapping):  # `thing=name thing.size=3`
                group[()] = _made(group[()], check, where)
        values[head] = _change(values[head], group, annotation, _join(where, head))
    try:
        rebuilt = type(config).model_validate(values)
    except ValidationError as error:
        raise ValueError(explain(error, where)) from None
    rebuilt.__pydantic_fields_set__ = config.model_fields_set | {path[0] for path in changes}
    return rebuilt


def _change(value: Any, changes: dict[Path, Any], annotation: Any, where: str) -> Any:
    """Return `value` with the changes below it; () stands for the whole value and comes first."""
    if () in changes:
        value = _whole(value, changes.pop(()), where)
        if not changes:
            return value
    if value is None:
        value = _empty(annotation)
    if isinstance(value, Config):
        return _change_config(value, changes, where)
    if isinstance(value, Mapping):
        return _change_mapping(value, changes, annotation, where)
    if isinstance(value, list | tuple):
        return _change_sequence(value, changes, annotation, where)
    below = ".".join(next(iter(changes)))
    raise ValueError(f"{_join(where, below)}: {where} is {value!r} and has no parts")


def _whole(old: Any, new: Any, where: str) -> Any:
    if isinstance(old, Config) and isinstance(new, Mapping) and set(new) & set(type(old).model_fields):
        if any(tag in new and new[tag] != getattr(old, tag, new[tag]) for tag in _TAGS):
            return new  # another kind of a union: nothing of the old one can stay
        return _change_config(old, {(key,): part for key, part in new.items()}, where)
    return new


def _empty(annotation: Any) -> Any:
    """Return what a None field becomes when something inside it is set.

    Where that may be one of many kinds (an abstract config), the field's own validator finds out which.
    """
    inner = config_class(annotation)
    if inner is not None:
        return {} if isabstract(inner) else inner()
    if any(branch is dict or get_origin(branch) in (dict, Mapping) for branch in _branches(annotation)):
        return {}
    return None


def _change_mapping(
    value: Mapping[Any, Any], changes: dict[Path, Any], annotation: Any, where: str
) -> dict[Any, Any]:
    result = dict(value)
    key_annotation = _item_annotation(annotation, dict, 0)
    item_annotation = _item_annotation(annotation, dict, 1)
    keyed: dict[str, dict[Path, Any]] = {}
    for path, change in changes.items():
        key, rest = _split_key(path, result, item_annotation)
        keyed.setdefault(key, {})[rest] = change
    for text, group in keyed.items():
        key = fitting_value(key_annotation, text, _join(where, text))
        result[key] = _change_item(result.get(key), group, item_annotation, _join(where, text))
    return result


def _split_key(path: Path, known: dict[Any, Any], item_annotation: Any) -> tuple[str, Path]:
    """Keys may contain dots (`heart.gained`): prefer a known key, else all of the path if items are plain."""
    for length in range(len(path), 0, -1):
        key = ".".join(path[:length])
        if key in known and (length == len(path) or isinstance(known[key], Config | Mapping | Sequence)):
            return key, path[length:]
    deep = item_annotation is not Any and _empty(item_annotation) is not None
    return (path[0], path[1:]) if deep else (".".join(path), ())


def _change_sequence(
    value: Sequence[Any], changes: dict[Path, Any], annotation: Any, where: str
) -> list[Any] | tuple[Any, ...]:
    items = list(value)
    item_annotation = _item_annotation(annotation, type(value), 0)
    for text, group in _grouped(changes).items():
        if not text.isdecimal() or int(text) >= len(items):
            valid = f"0 to {len(items) - 1}" if items else "none, it is empty"
            raise ValueError(f"{_join(where, text)}: {where} has {len(items)} items; valid: {valid}")
        items[int(text)] = _change_item(items[int(text)], group, item_annotation, _join(where, text))
    return tuple(items) if isinstance(value, tuple) else items


def _change_item(value: Any, group: dict[Path, Any], annotation: Any, where: str) -> Any:
    if () in group:
        group[()] = _first_accepted(group[()], TypeAdapter(annotation).validate_python)
    return _change(value, group, annotation, where)


def _first_accepted(value: Any, check: Callable[[Any], Any]) -> Any:
    """Return `value`, or the first of its Readings that `check` accepts.

    If it accepts none: one that has parts, so that the error is about the part that is wrong; else the text.
    """
    if not isinstance(value, Readings):
        return value
    for reading in value.values:
        try:
            result = check(reading)
        except ValidationError:
            continue
        # pydantic takes True for the number 1; nobody who types `true` means that.
        if not (isinstance(reading, bool) and type(result) in (int, float)):
            return reading
    return next((reading for reading in value.values if isinstance(reading, dict)), value.text)


def _field_check(config: Config, values: dict[str, Any], name: str) -> Callable[[Any], Any]:
    """Return a check of one field alone: complaints about other fields or the whole config come later."""

    def check(reading: Any) -> Any:
        try:
            return getattr(type(config).model_validate({**values, name: reading}), name)
        except ValidationError as error:
            if any(item["loc"][:1] == (name,) for item in error.errors(include_url=False)):
                raise
            return None

    return check


def _made(value: Any, check: Callable[[Any], Any], where: str) -> Any:
    """Return what a field makes of a value."""
    try:
        made = check(value)
    except ValidationError as error:
        raise ValueError(explain(error, where)) from None
    return value if made is None else made


def _unknown_field(config: Config, name: str, where: str) -> str:
    fields = set(type(config).model_fields)
    near = nearest_names(name, fields)
    deeper = [] if near else [path for path in config.field_paths() if path.split(".")[-1] == name]
    hint = f"did you mean {_join(where, deeper[0])}?" if deeper else did_you_mean(name, fields)
    return f"{_join(where, name)}: {type(config).__name__} has no field {name!r}; {hint}"


def _grouped(changes: Mapping[Path, Any]) -> dict[str, dict[Path, Any]]:
    groups: dict[str, dict[Path, Any]] = {}
    for path, value in changes.items():
        groups.setdefault(path[0], {})[path[1:]] = value
    return groups


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
