"""`fast`: convolution over token planes, a minimal gated recurrent unit, two heads. Made for CPUs."""

from typing import Any, Literal

from pydantic import Field

from metta.policy.architecture import PolicyArchitecture
from mettagrid.spec import GameSpec


class FastConfig(PolicyArchitecture):
    """Sizes of the `fast` policy; the defaults train the arena on two CPU cores."""

    name: Literal["fast"] = "fast"
    """Name of the architecture."""
    channels: int = Field(64, ge=1, le=1024, description="outputs of the convolution per patch of the view")
    kernel_size: int = Field(
        5,
        ge=1,
        le=15,
        description="cells along a patch; 5 puts the agent in the centre of nine patches of 11x11",
    )
    stride: int = Field(
        5, ge=1, le=15, description="cells between patches; below kernel_size they overlap: slower"
    )
    hidden: int = Field(128, ge=1, le=4096, description="size of the features and of the memory")
    longest_memory: float = Field(
        64.0, ge=2.0, description="steps over which the slowest units remember at first"
    )

    def build(self, spec: GameSpec) -> Any:
        """Return a new `FastPolicy` with random weights."""
        from metta.policy.networks.fast import FastPolicy  # noqa: PLC0415  (keeps PyTorch out of --list)

        return FastPolicy(spec, self)
