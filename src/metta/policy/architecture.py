"""Architectures are configs that build policies. Free of PyTorch, so that recipes can be listed without it.

A new architecture is one new file in `metta/policy/architectures/` (or anywhere that the user imports): a
subclass of `PolicyArchitecture` with a field `name: Literal["mine"] = "mine"`. No other file changes.
"""

from abc import abstractmethod
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, SerializeAsAny

from metta.policy.named_config import NamedConfig, read_yaml, typed_text
from mettagrid.config.base import Config
from mettagrid.config.base import Path as DottedPath
from mettagrid.config.nearest import did_you_mean
from mettagrid.spec import GameSpec

MODULE_PREFIX = "pytorch/"
"""Begins the names of users' own modules: `pytorch/my_agent`."""
_AGENT_FOLDERS = (Path(), Path("configs/agent"))
"""Where `policy_architecture.agent_config=my_agent` looks for my_agent.yaml."""


class PolicyArchitecture(NamedConfig):
    """Base of the configs that build policies."""

    what: ClassVar[str] = "policy architecture"
    package: ClassVar[str] = "metta.policy.architectures"

    @abstractmethod
    def build(self, spec: GameSpec) -> Any:
        """Return a new `metta.policy.policy.Policy` for a game, with weights from PyTorch's generator."""

    @classmethod
    def _class_of(cls, name: str) -> type[Self]:
        """`pytorch/fast` is `fast`, as it was in the original."""
        short = name.removeprefix(MODULE_PREFIX)
        if short == name or name in cls.known():
            return super()._class_of(name)
        if short in cls.known():
            return super()._class_of(short)
        registered = sorted(other for other in cls.known() if other.startswith(MODULE_PREFIX))
        raise ValueError(
            f"unknown policy architecture {name!r}; import the file that calls register_module({short!r}, ...); "
            f"registered: {', '.join(registered) or 'none'}"
        )

    @classmethod
    def from_mapping(cls, fields: dict[str, Any], where: str) -> Self:
        """As for any named config; one that has an encoder or a core and no name is an `agent`."""
        if "name" not in fields and {"encoder", "core"} & set(fields):
            fields = {"name": "agent", **fields}
        return super().from_mapping(fields, where)

    def chosen_by(self, changes: dict[DottedPath, Any]) -> tuple[Config, dict[DottedPath, Any]]:
        """Besides `name`, `agent_config` chooses another architecture: a file's or a registered one."""
        if ("agent_config",) in changes and "agent_config" not in type(self).model_fields:
            rest = {path: value for path, value in changes.items() if path != ("agent_config",)}
            return find_agent_config(typed_text(changes["agent_config",])).chosen_by(rest)
        return super().chosen_by(changes)


def known_architectures() -> dict[str, type[PolicyArchitecture]]:
    """Return all architectures by name: those in `metta.policy.architectures` and those of users."""
    return PolicyArchitecture.known()


def resolve_architecture(value: Any) -> PolicyArchitecture:
    """Return the architecture that a value names; see `NamedConfig.resolve`."""
    return PolicyArchitecture.resolve(value)


def find_agent_config(name: Any) -> PolicyArchitecture:
    """Return the architecture in `<name>.yaml`, here or in configs/agent; else the registered one of that name.

    Raises:
        ValueError: one line, if there is neither.
    """
    for folder in _AGENT_FOLDERS:
        for path in (folder / str(name), folder / f"{name}.yaml", folder / f"{name}.yml"):
            if path.is_file():
                return PolicyArchitecture.from_mapping(read_yaml(path, PolicyArchitecture.what), str(path))
    if name in known_architectures():
        return resolve_architecture(name)
    places = " or ".join(str(folder / f"{name}.yaml") for folder in _AGENT_FOLDERS)
    files = {path.stem for folder in _AGENT_FOLDERS if folder.is_dir() for path in folder.glob("*.y*ml")}
    hint = did_you_mean(str(name), files | set(known_architectures()))
    raise ValueError(f"agent_config: there is neither {places} nor an architecture {name!r}; {hint}")


ArchitectureField = Annotated[SerializeAsAny[PolicyArchitecture], BeforeValidator(resolve_architecture)]
"""Type of a config's field that holds an architecture and takes whatever `resolve_architecture` takes."""
