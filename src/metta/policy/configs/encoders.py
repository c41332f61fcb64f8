"""The encoders that come with Metta, with the reason of each default."""

# Imports inside functions keep PyTorch out of --list.
# ruff: noqa: PLC0415

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

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


class AttentionFields(EncoderConfig):
    """Learned queries attend to tokens."""

    shares_fields: ClassVar[bool] = True

    embedding: int = Field(10, ge=1, le=256, description="numbers for what a token tells of and how much")
    num_frequencies: int = Field(
        4, ge=0, le=12, description="waves per axis; the k-th repeats after 16 / 2^k cells"
    )
    width: int = Field(32, ge=1, le=1024, description="size of queries and of what they read")
    heads: int = Field(4, ge=1, le=64, description="of the attention; must divide width")
    num_queries: int = Field(4, ge=1, le=256, description="learned queries, also called latents")
    cross_layers: int = Field(2, ge=1, le=16, description="times that the queries read the tokens")
    self_layers: int = Field(0, ge=0, le=16, description="times that they read each other afterwards")
    pool: Literal["all", "mean"] = Field(
        "all", description="what is handed on: all of the queries, or their mean"
    )

    @model_validator(mode="after")
    def _heads_divide(self) -> "AttentionFields":
        if self.width % self.heads:
            raise ValueError(f"heads={self.heads} does not divide width={self.width}")
        return self

    def build(self, table: TokenTable, size: int) -> Any:
        """Return a new `TokenAttention`."""
        from metta.policy.networks.token_attention import TokenAttention

        return TokenAttention(table, self, size)


class AttentionConfig(AttentionFields):
    """A few queries that read the tokens, in Fourier coordinates, again and again."""

    name: Literal["attention"] = "attention"
    """Name of the encoder."""


class PerceiverConfig(AttentionFields):
    """Many queries that read the tokens once and then think among themselves."""

    name: Literal["perceiver"] = "perceiver"
    """Name of the encoder."""
    num_queries: int = Field(12, ge=1, le=256, description="learned queries, also called latents")
    cross_layers: int = Field(1, ge=1, le=16, description="times that the queries read the tokens")
    self_layers: int = Field(2, ge=0, le=16, description="times that they read each other afterwards")
    pool: Literal["all", "mean"] = Field(
        "mean", description="what is handed on: all of the queries, or their mean"
    )
