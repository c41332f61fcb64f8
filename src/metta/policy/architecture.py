"""Architectures are configs that build policies. Free of PyTorch, so that recipes can be listed without it.

A new architecture is one new file in `metta/policy/architectures/` (or anywhere that the user imports): a
subclass of `PolicyArchitecture` with a field `name: Literal["mine"] = "mine"`. No other file changes.
"""

import importlib
import pkgutil
from abc import abstractmethod
from pathlib import Path
from typing import Annotated, Any, ClassVar

import yaml
from pydantic import BeforeValidator, SerializeAsAny, ValidationError

from mettagrid.config.base import Config, explain
from mettagrid.config.nearest import did_you_mean
from mettagrid.spec import GameSpec

_MAX_YAML_BYTES = 1 << 20


class PolicyArchitecture(Config):
    """Base of the configs that build policies."""

    _registered: ClassVar[dict[str, type["PolicyArchitecture"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the class by the default of its field `name`.

        Raises:
            ValueError: if another class has this name.
        """
        super().__pydantic_init_subclass__(**kwargs)
        name = cls.model_fields["name"].default if "name" in cls.model_fields else None
        if not isinstance(name, str):
            raise ValueError(f'{cls.__qualname__} needs a field `name: Literal["..."] = "..."`')
        other = PolicyArchitecture._registered.get(name, cls)
        if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"architecture {name!r} exists already: {other.__module__}.{other.__qualname__}")
        PolicyArchitecture._registered[name] = cls

    @abstractmethod
    def build(self, spec: GameSpec) -> Any:
        """Return a new `metta.policy.policy.Policy` for a game, with weights from PyTorch's generator."""


def known_architectures() -> dict[str, type[PolicyArchitecture]]:
    """Return all architectures by name: those in `metta.policy.architectures` and those of users."""
    package = importlib.import_module("metta.policy.architectures")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(PolicyArchitecture._registered)


def resolve_architecture(value: Any) -> PolicyArchitecture:
    """Return the architecture that a value names.

    Args:
        value: a config, a registered name or class name, the path of a YAML file, or a mapping; file and
            mapping have `name` and any fields of the architecture.

    Raises:
        ValueError: one line: unknown name with the nearest valid one, unreadable file, or wrong field.
    """
    if isinstance(value, PolicyArchitecture):
        return value
    if isinstance(value, str | Path) and Path(value).suffix in (".yaml", ".yml"):
        return _from_mapping(_read_yaml(Path(value)), str(value))
    if isinstance(value, dict):
        return _from_mapping(value, "policy architecture")
    if isinstance(value, str):
        return _class_of(value)()
    raise ValueError(f"a policy architecture is a name, a YAML file or a config, not {type(value).__name__}")


ArchitectureField = Annotated[SerializeAsAny[PolicyArchitecture], BeforeValidator(resolve_architecture)]
"""Type of a config's field that holds an architecture and takes whatever `resolve_architecture` takes."""


def _class_of(name: str) -> type[PolicyArchitecture]:
    known = known_architectures()
    by_class_name = {cls.__name__: cls for cls in known.values()}
    if name in known or name in by_class_name:
        return known.get(name) or by_class_name[name]
    raise ValueError(f"unknown policy architecture {name!r}; {did_you_mean(name, known)}")


def _from_mapping(fields: dict[str, Any], where: str) -> PolicyArchitecture:
    name = fields.get("name")
    if not isinstance(name, str):
        raise ValueError(f"{where}: needs `name`, one of {', '.join(sorted(known_architectures()))}")
    try:
        return _class_of(name).model_validate(fields)
    except ValidationError as error:
        raise ValueError(f"{where}: {explain(error)}") from None


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_YAML_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path}: cannot read the policy architecture: {error.strerror}") from None
    if len(text) > _MAX_YAML_BYTES:
        raise ValueError(f"{path}: larger than 1 MiB; this is not a policy architecture")
    try:
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(fields, dict):
        raise ValueError(f"{path}: expected `name: ...` and fields, found {type(fields).__name__}")
    return fields
