"""`lstm`, `memory_free`: the `fast` encoder with another memory, to see what memory is worth."""

from typing import Literal

from pydantic import Field

from metta.policy.architectures.agent import AgentFields
from metta.policy.configs.core_config import CoreField


class LSTMAgentConfig(AgentFields):
    """Planes and an LSTM: the classic for worlds that are seen in part."""

    name: Literal["lstm"] = "lstm"
    """Name of the architecture."""
    core: CoreField = Field(default="lstm", validate_default=True, description="the memory")


class MemoryFreeConfig(AgentFields):
    """Planes and no memory: what can be reached by looking alone."""

    name: Literal["memory_free"] = "memory_free"
    """Name of the architecture."""
    core: CoreField = Field(default="none", validate_default=True, description="the memory: none")
