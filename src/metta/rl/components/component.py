"""What plugs into the trainer's loop. A component's error stops the run; nothing catches it.

The fixed ones (guard, evaluator, writers, checkpointer, progress) are the train tool's own; others are added by name
in `components`, as losses are in `trainer.losses`: a config with a field `kind` in a file of this folder, or anywhere
that the recipe imports.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from inspect import isabstract
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, SerializeAsAny

from metta.rl.kinds import Kinds
from metta.rl.report import EpochReport, Progress
from metta.rl.run_folder import RunFolder
from mettagrid.config.base import Config


class Component(ABC):  # noqa: B024  (every hook is optional: most components need one or two)
    """Called at the start, after every epoch and at the end, in the order in which the trainer got them."""

    def on_start(self, progress: Progress) -> None:  # noqa: B027
        """Before the first epoch of this session; a resumed run starts with its counters."""

    def on_epoch_end(self, report: EpochReport) -> None:  # noqa: B027
        """After every epoch; what it adds to `report.metrics`, those behind it write."""

    def on_stop(self, progress: Progress) -> None:  # noqa: B027
        """After the last epoch of this session, also when it was asked to stop; not after an error."""

    def close(self) -> None:  # noqa: B027
        """At the very end, also after an error: give back what must not stay."""


COMPONENTS: Kinds["ComponentConfig"] = Kinds("component", "metta.rl.components")
"""All kinds of components that can be added by name."""


class ComponentConfig(Config, ABC):
    """Settings of a component that can be added by name; a subclass is one kind, named by its field `kind`."""

    is_tracker: ClassVar[bool] = False
    """Whether it only sends metrics elsewhere: then it stands behind all that add metrics."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Make the kind known; see `Kinds.register`."""
        super().__pydantic_init_subclass__(**kwargs)
        if not isabstract(cls):
            COMPONENTS.register(cls)

    @abstractmethod
    def build(self, context: "ComponentContext") -> Component:
        """Return the component for a run."""


ComponentField = Annotated[SerializeAsAny[ComponentConfig], BeforeValidator(COMPONENTS.resolve)]
ComponentsField = Annotated[dict[str, ComponentField], BeforeValidator(COMPONENTS.by_name)]
"""Type of a config's field that holds components by name."""


@dataclass(frozen=True)
class ComponentContext:
    """What a component is built from.

    Attributes:
        trainer: a `metta.rl.trainer.Trainer`.
        folder: of the run.
        run_config: the resolved config of the run, plain data.
    """

    trainer: Any
    folder: RunFolder
    run_config: dict[str, Any]
