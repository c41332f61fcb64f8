"""Configs that are chosen by name: architectures, encoders and cores. Free of PyTorch.

A *family* is a class with an abstract `build`; its members are subclasses with a field `name: Literal["mine"] =
"mine"`. Defining one registers it; a family finds the members in its own package by itself.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import yaml
from pydantic import ValidationError

from mettagrid.config.base import Config, Readings, explain
from mettagrid.config.base import Path as DottedPath
from mettagrid.config.nearest import did_you_mean

_MAX_YAML_BYTES = 1 << 20


class NamedConfig(Config):
    """Base of families. A family sets `what` and `package`."""

    what: ClassVar[str] = ""
    """What a member is called in messages."""
    package: ClassVar[str] = ""
    """Package whose modules define members."""
    shares_fields: ClassVar[bool] = False
    """True in a class that is no member itself, but has fields that members share."""
    registered: ClassVar[dict[str, type["NamedConfig"]]] = {}
    """Members by name; every family has its own."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the class by the default of its field `name`.

        Raises:
            ValueError: if another class has this name.
        """
        super().__pydantic_init_subclass__(**kwargs)
        if "what" in vars(cls):
            cls.registered = {}
        elif not vars(cls).get("shares_fields"):
            cls._register()

    @classmethod
    def _register(cls) -> None:
        name = cls.model_fields["name"].default if "name" in cls.model_fields else None
        if not isinstance(name, str):
            raise ValueError(f'{cls.__qualname__} needs a field `name: Literal["..."] = "..."`')
        other = cls.registered.get(name, cls)
        if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"{cls.what} {name!r} exists already: {other.__module__}.{other.__qualname__}")
        cls.registered[name] = cls

    @classmethod
    def known(cls) -> dict[str, type[Self]]:
        """Return all members of the family by name: its own and those that users defined."""
        package = importlib.import_module(cls.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        return dict(cls.registered)  # pyright: ignore[reportReturnType]  (a family registers its members only)

    @classmethod
    def resolve(cls, value: Any) -> Self:
        """Return the member that a value names.

        Args:
            value: a config, a registered name or class name, the path of a YAML file, or a mapping; file and
                mapping have `name` and any fields of the member.

        Raises:
            ValueError: one line: unknown name with the nearest valid one, unreadable file, or wrong field.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, str | Path) and Path(value).suffix in (".yaml", ".yml"):
            return cls.from_mapping(read_yaml(Path(value), cls.what), str(value))
        if isinstance(value, dict):
            return cls.from_mapping(value, cls.what)
        if isinstance(value, str):
            return cls._class_of(value)()
        raise ValueError(f"a {cls.what} is a name, a YAML file or a config, not {type(value).__name__}")

    @classmethod
    def from_mapping(cls, fields: dict[str, Any], where: str) -> Self:
        """Return the member with the name and fields of a mapping; `where` begins the line of a refusal."""
        name = fields.get("name")
        if not isinstance(name, str):
            raise ValueError(f"{where}: needs `name`, one of {', '.join(sorted(cls.known()))}")
        member = cls._class_of(name)
        try:
            return member.model_validate({**fields, "name": member.model_fields["name"].default})
        except ValidationError as error:
            raise ValueError(f"{where}: {explain(error)}") from None

    @classmethod
    def _class_of(cls, name: str) -> type[Self]:
        known = cls.known()
        by_class_name = {member.__name__: member for member in known.values()}
        if name in known or name in by_class_name:
            return known.get(name) or by_class_name[name]
        raise ValueError(f"unknown {cls.what} {name!r}; {did_you_mean(name, known)}")

    def chosen_by(self, changes: dict[DottedPath, Any]) -> tuple[Config, dict[DottedPath, Any]]:
        """A changed `name` chooses another member, with its defaults; see `Config.chosen_by`."""
        if ("name",) not in changes:
            return self, changes
        rest = {path: value for path, value in changes.items() if path != ("name",)}
        name = typed_text(changes["name",])
        member = type(self)._class_of(name) if isinstance(name, str) else None
        if member is None:
            raise ValueError(f"name: is the name of a {self.what}, not {name!r}")
        return (self if isinstance(self, member) else member()), rest


def typed_text(value: Any) -> Any:
    """Return what was typed on a command line, as it was typed; anything else as it is."""
    return value.text if isinstance(value, Readings) else value


def read_yaml(path: Path, what: str) -> dict[str, Any]:
    """Return the mapping in a YAML file.

    Raises:
        ValueError: one line, if it cannot be read, is too large or is none.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_YAML_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path}: cannot read the {what}: {error.strerror}") from None
    if len(text) > _MAX_YAML_BYTES:
        raise ValueError(f"{path}: larger than 1 MiB; this is not a {what}")
    try:
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(fields, Mapping):
        raise ValueError(f"{path}: expected `name: ...` and fields, found {type(fields).__name__}")
    return dict(fields)
