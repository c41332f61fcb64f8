"""Configs of several kinds, told apart by their field `kind`: losses, components. A kind is one file in its folder."""

import importlib
import pkgutil
import re
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from mettagrid.config.base import Config, explain
from mettagrid.config.nearest import did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_]*")
ConfigT = TypeVar("ConfigT", bound=Config)


class Kinds(Generic[ConfigT]):
    """All kinds of one sort of config, and how values become them.

    Args:
        noun: what messages call one.
        package: whose modules define kinds; users' own modules may define others.
    """

    def __init__(self, noun: str, package: str) -> None:
        self.noun = noun
        self._package = package
        self._registered: dict[str, type[ConfigT]] = {}

    def register(self, cls: type[ConfigT]) -> None:
        """Note a class by the default of its field `kind`.

        Raises:
            ValueError: it has no such field, or another class is of this kind.
        """
        kind = cls.model_fields["kind"].default if "kind" in cls.model_fields else None
        if not isinstance(kind, str):
            raise ValueError(f'{cls.__qualname__} needs a field `kind: Literal["..."] = "..."`')
        other = self._registered.get(kind, cls)
        if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"{self.noun} {kind!r} exists already: {other.__module__}.{other.__qualname__}")
        self._registered[kind] = cls

    def known(self) -> dict[str, type[ConfigT]]:
        """Return all kinds by name."""
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        return dict(self._registered)

    def resolve(self, value: Any) -> ConfigT:
        """Return the config that a value names: a config, the name of a kind, or a mapping with `kind` and fields.

        Raises:
            ValueError: one line: unknown kind with the nearest valid one, or wrong field.
        """
        if isinstance(value, tuple(self._registered.values())):
            return value
        if isinstance(value, str):
            value = {"kind": value}
        if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
            raise ValueError(
                f"a {self.noun} is the name of a kind, a config, or a mapping with `kind` and fields"
            )
        known = self.known()
        if value["kind"] not in known:
            raise ValueError(f"unknown {self.noun} {value['kind']!r}; {did_you_mean(value['kind'], known)}")
        try:
            return known[value["kind"]].model_validate(value)
        except ValidationError as error:
            raise ValueError(explain(error)) from None

    def by_name(self, value: Any) -> Any:
        """Return configs by name: a list names each by its kind; a mapping's entry without `kind` is of its name.

        Raises:
            ValueError: two of one name, or a name that cannot be part of a dotted path.
        """
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list | tuple):
            value = self._named_by_kind(list(value))
        if not isinstance(value, dict):
            return value
        wrong = next((name for name in value if not _NAME.fullmatch(str(name))), None)
        if wrong is not None:
            raise ValueError(
                f"{wrong!r} cannot name a {self.noun}: use small letters, digits and '_', first a letter"
            )
        return {
            name: {"kind": name, **item} if isinstance(item, dict) else item for name, item in value.items()
        }

    def _named_by_kind(self, items: list[Any]) -> dict[str, ConfigT]:
        if any(isinstance(item, str) and not _NAME.fullmatch(item) for item in items):
            raise ValueError(
                f"expected a list of different kinds, or a mapping of names to each {self.noun}; "
                f"kinds: {', '.join(sorted(self.known()))}"
            )
        configs = [self.resolve(item) for item in items]
        kinds = [str(config.model_dump()["kind"]) for config in configs]
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice is not None:
            raise ValueError(f"two are called {twice!r}; give them names: {{name: {{kind: {twice}}}}}")
        return dict(zip(kinds, configs, strict=True))
