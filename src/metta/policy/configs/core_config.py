"""The family of configs that build cores (memories). A new core is a subclass with a `name`, anywhere."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, SerializeAsAny

from metta.policy.named_config import NamedConfig


class CoreConfig(NamedConfig):
    """Base of the configs that build memories."""

    what: ClassVar[str] = "core"
    package: ClassVar[str] = "metta.policy.configs"

    @abstractmethod
    def build(self, size: int) -> Any:
        """Return a new `metta.policy.cores.core.Core` for inputs and outputs of a size."""


CoreField = Annotated[SerializeAsAny[CoreConfig], BeforeValidator(CoreConfig.resolve)]
"""Type of a config's field that holds a core and takes a name, a mapping or a config."""
