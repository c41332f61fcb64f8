"""The encoders that come with Metta, with the reason of each default."""

# Imports inside functions keep PyTorch out of --list.
# ruff: noqa: PLC0415

from typing import Any, Literal

from pydantic import Field

from metta.io.spec import TokenTable
from metta.policy.configs.encoder_config import EncoderConfig


class PlanesConfig(EncoderConfig):
    """Convolution over token planes; the fastest on CPUs."""

    name: Literal["planes"] = "planes"
    """Name of the encoder."""
    channels: int = Field(64, ge=1, le=1024, description="outputs of the convolution per patch of the view")
    kernel_size: int = Field(
        5, ge=1, le=15, description="cells along a patch; 5: the agent in the centre of nine patches of 11x11"
    )
    stride: int = Field(5, ge=1, le=15, description="cells between patches; below kernel_size they overlap")

    def build(self, table: TokenTable, size: int) -> Any:
        """Return a new `PlaneEncoder`."""
        from metta.policy.networks.plane_encoder import PlaneEncoder

        return PlaneEncoder(table, self, size)
