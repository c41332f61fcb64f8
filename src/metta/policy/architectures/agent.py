"""`agent`: any encoder with any core. The other architectures here but `fast` are this one with other defaults."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from metta.policy.architecture import PolicyArchitecture
from metta.policy.configs.core_config import CoreField
from metta.policy.configs.encoder_config import EncoderField
from mettagrid.spec import GameSpec


class AgentFields(PolicyArchitecture):
    """Encoder -> core -> action and value heads."""

    shares_fields: ClassVar[bool] = True

    encoder: EncoderField = Field(
        default="planes", validate_default=True, description="from tokens to features: planes, attention, ..."
    )
    core: CoreField = Field(
        default="mingru", validate_default=True, description="the memory: none, lstm, gru, mamba, ..."
    )
    hidden: int = Field(128, ge=1, le=4096, description="size of the features and of what the core reads")

    def build(self, spec: GameSpec) -> Any:
        """Return a new `AgentPolicy` with random weights."""
        from metta.policy.networks.agent import AgentPolicy  # noqa: PLC0415  (keeps PyTorch out of --list)

        return AgentPolicy(spec, self)


class AgentConfig(AgentFields):
    """An encoder and a core of your choice."""

    name: Literal["agent"] = "agent"
    """Name of the architecture."""
