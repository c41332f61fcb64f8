"""Losses by name: what `trainer.losses` takes in a recipe and on the command line."""

import importlib
import pkgutil
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, SerializeAsAny, ValidationError

from metta.rl.losses.loss import LossConfig
from mettagrid.config.base import explain
from mettagrid.config.nearest import did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def known_losses() -> dict[str, type[LossConfig]]:
    """Return all kinds of losses by name: those in `metta.rl.losses` and those of users."""
    package = importlib.import_module("metta.rl.losses")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(LossConfig._registered)


def resolve_loss(value: Any) -> LossConfig:
    """Return the config that a value names: a config, the name of a kind, or a mapping with `kind` and fields.

    Raises:
        ValueError: one line: unknown kind with the nearest valid one, or wrong field.
    """
    if isinstance(value, LossConfig):
        return value
    if isinstance(value, str):
        value = {"kind": value}
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise ValueError("a loss is the name of a kind, a config, or a mapping with `kind` and fields")
    known = known_losses()
    if value["kind"] not in known:
        raise ValueError(f"unknown loss {value['kind']!r}; {did_you_mean(value['kind'], known)}")
    try:
        return known[value["kind"]].model_validate(value)
    except ValidationError as error:
        raise ValueError(explain(error)) from None


def name_losses(value: Any) -> Any:
    """Return the losses by name: a list names each by its kind, a mapping's entry without `kind` is of its name.

    Raises:
        ValueError: two losses of one name, or a name that cannot be part of a dotted path.
    """
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list | tuple):
        if any(isinstance(item, str) and not _NAME.fullmatch(item) for item in value) or not value:
            raise ValueError(
                "losses are a list of different kinds, at least one, or a mapping of names to losses; "
                f"kinds: {', '.join(sorted(known_losses()))}"
            )
        losses = [resolve_loss(item) for item in value]
        kinds = [str(loss.model_dump()["kind"]) for loss in losses]
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice is not None:
            raise ValueError(f"two losses are called {twice!r}; give them names: {{name: {{kind: {twice}}}}}")
        value = dict(zip(kinds, losses, strict=True))
    if not isinstance(value, dict):
        return value
    wrong = next((name for name in value if not _NAME.fullmatch(str(name))), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} cannot name a loss: use small letters, digits and '_', first a letter")
    return {name: _with_kind(str(name), loss) for name, loss in value.items()}


def _with_kind(name: str, loss: Any) -> Any:
    return {"kind": name, **loss} if isinstance(loss, dict) else loss


LossField = Annotated[SerializeAsAny[LossConfig], BeforeValidator(resolve_loss)]
"""Type of a config's field that holds a loss and takes whatever `resolve_loss` takes."""

LossesField = Annotated[dict[str, LossField], BeforeValidator(name_losses)]
"""Type of a config's field that holds the losses of a run, in the order in which they run."""
