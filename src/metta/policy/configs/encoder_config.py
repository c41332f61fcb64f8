"""The family of configs that build encoders: tokens to one vector. A new one is a subclass with a `name`."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, SerializeAsAny

from metta.io.spec import TokenTable
from metta.policy.named_config import NamedConfig


class EncoderConfig(NamedConfig):
    """Base of the configs that build encoders."""

    what: ClassVar[str] = "encoder"
    package: ClassVar[str] = "metta.policy.configs"

    @abstractmethod
    def build(self, table: TokenTable, size: int) -> Any:
        """Return a new module from tokens, uint8 [B, num_tokens, 3], to features, float [B, size]."""


EncoderField = Annotated[SerializeAsAny[EncoderConfig], BeforeValidator(EncoderConfig.resolve)]
"""Type of a config's field that holds an encoder and takes a name, a mapping or a config."""
