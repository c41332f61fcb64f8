"""The `fast` encoder with other memories: `lstm`, `mamba`, `cortex`, and `memory_free` to see what memory is worth."""

from typing import Literal

from pydantic import Field

from metta.policy.architectures.agent import AgentFields
from metta.policy.configs.core_config import CoreField


class LSTMAgentConfig(AgentFields):
    """Planes and an LSTM: the classic for worlds that are seen in part."""

    name: Literal["lstm"] = "lstm"
    """Name of the architecture."""
    core: CoreField = Field(default="lstm", validate_default=True, description="the memory")


class MambaAgentConfig(AgentFields):
    """Planes and a selective state space."""

    name: Literal["mamba"] = "mamba"
    """Name of the architecture."""
    core: CoreField = Field(default="mamba", validate_default=True, description="the memory")


class CortexAgentConfig(AgentFields):
    """Planes and a stack of cores, described by a pattern."""

    name: Literal["cortex"] = "cortex"
    """Name of the architecture."""
    core: CoreField = Field(default="cortex", validate_default=True, description="the memory")


class MemoryFreeConfig(AgentFields):
    """Planes and no memory: what can be reached by looking alone."""

    name: Literal["memory_free"] = "memory_free"
    """Name of the architecture."""
    core: CoreField = Field(default="none", validate_default=True, description="the memory: none")
