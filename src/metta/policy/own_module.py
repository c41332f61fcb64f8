"""Users' own networks: any `torch.nn.Module`, registered in one line, trains, plays and is saved like the others.

    register_module("my_agent", MyAgent)      # then: policy_architecture.name=pytorch/my_agent

Free of PyTorch.
"""

import inspect
from collections.abc import Callable
from typing import Any, ClassVar, Literal

from pydantic import create_model

from metta.policy.architecture import MODULE_PREFIX, PolicyArchitecture
from mettagrid.spec import GameSpec


class ModuleFields(PolicyArchitecture):
    """A user's module as an architecture; its fields are the settings of the module's constructor."""

    shares_fields: ClassVar[bool] = True
    module: ClassVar[Callable[..., Any]]

    def build(self, spec: GameSpec) -> Any:
        """Return the module, with random weights, as a policy.

        Raises:
            ValueError: one line, if it does not give what it should.
        """
        from metta.policy.networks.own_module import OwnModulePolicy  # noqa: PLC0415  (keeps PyTorch out of --list)

        settings = {name: getattr(self, name) for name in type(self).model_fields if name != "name"}
        return OwnModulePolicy(spec, self, type(self).module(spec, **settings))


def register_module(name: str, module: Callable[..., Any]) -> type[PolicyArchitecture]:
    """Make a module an architecture, `pytorch/<name>`.

    Args:
        name: of the architecture.
        module: class or function that takes a `GameSpec` and settings with defaults, and returns an `nn.Module`.
            One with an attribute `memory_size` maps (tokens, memory, resets) to (logits, values, memory), shapes as
            in `metta.policy.policy.Policy.forward` for a sequence; any other maps tokens to (logits, values), for
            tokens uint8 [B, num_tokens, 3].

    Returns:
        The architecture's config; its fields are the settings.

    Raises:
        ValueError: if the name is taken, or a setting has no default.
    """
    settings = list(inspect.signature(module).parameters.values())[1:]
    fields: dict[str, Any] = {"name": (Literal[MODULE_PREFIX + name], MODULE_PREFIX + name)}
    for setting in settings:
        if setting.default is setting.empty or setting.kind in (setting.VAR_KEYWORD, setting.VAR_POSITIONAL):
            raise ValueError(f"{MODULE_PREFIX}{name}: setting {setting.name!r} needs a default")
        kind = type(setting.default) if setting.annotation is setting.empty else setting.annotation
        fields[setting.name] = (kind, setting.default)
    architecture = create_model(
        f"{getattr(module, '__name__', name)}Architecture",
        __base__=ModuleFields,
        __module__=module.__module__,
        __doc__=inspect.getdoc(module) or f"The module {name}.",
        **fields,
    )
    architecture.module = staticmethod(module)
    return architecture
