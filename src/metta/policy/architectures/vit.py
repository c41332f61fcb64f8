"""`vit_tiny`, `vit_small`, `vit_med`: attention over tokens, in three sizes.

They do not depend on the size of the view or on planes of one cell each, so they carry over best to other games. The
memory is that of `fast`: differences come from the encoder. Sizes follow the three that the original compared.
"""

from typing import Literal

from pydantic import Field

from metta.policy.architectures.agent import AgentFields
from metta.policy.configs.encoder_config import EncoderField


class ViTTinyConfig(AgentFields):
    """One query that reads the tokens twice."""

    name: Literal["vit_tiny"] = "vit_tiny"
    """Name of the architecture."""
    encoder: EncoderField = Field(
        default={"name": "attention", "embedding": 10, "num_queries": 1, "cross_layers": 2},
        validate_default=True,
        description="from tokens to features",
    )


class ViTSmallConfig(AgentFields):
    """Ten queries that read the tokens once and each other twice."""

    name: Literal["vit_small"] = "vit_small"
    """Name of the architecture."""
    encoder: EncoderField = Field(
        default={
            "name": "attention",
            "embedding": 12,
            "num_queries": 10,
            "cross_layers": 1,
            "self_layers": 2,
        },
        validate_default=True,
        description="from tokens to features",
    )


class ViTMedConfig(AgentFields):
    """Ten wider queries that read the tokens three times and each other three times."""

    name: Literal["vit_med"] = "vit_med"
    """Name of the architecture."""
    encoder: EncoderField = Field(
        default={
            "name": "attention",
            "embedding": 16,
            "width": 64,
            "heads": 8,
            "num_queries": 10,
            "cross_layers": 3,
            "self_layers": 3,
        },
        validate_default=True,
        description="from tokens to features",
    )
