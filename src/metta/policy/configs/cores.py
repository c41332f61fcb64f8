"""The cores that come with Metta, with the reason of each default. The formulas are in `metta.policy.cores`."""

# Imports inside functions keep PyTorch out of --list.
# ruff: noqa: PLC0415

from typing import Any, Literal

from pydantic import Field, model_validator

from metta.policy.configs.core_config import CoreConfig


class NoCoreConfig(CoreConfig):
    """No memory: the policy sees the present only."""

    name: Literal["none"] = "none"
    """Name of the core."""

    def build(self, size: int) -> Any:
        """Return a new `NoCore`."""
        from metta.policy.cores.none import NoCore

        return NoCore(size)


class LSTMConfig(CoreConfig):
    """Long short-term memory."""

    name: Literal["lstm"] = "lstm"
    """Name of the core."""
    longest_memory: float = Field(64.0, ge=2.0, description="steps that the slowest units keep at first")

    def build(self, size: int) -> Any:
        """Return a new `LSTM`."""
        from metta.policy.cores.lstm import LSTM

        return LSTM(size, self.longest_memory)


class GRUConfig(CoreConfig):
    """Gated recurrent unit."""

    name: Literal["gru"] = "gru"
    """Name of the core."""
    longest_memory: float = Field(64.0, ge=2.0, description="steps that the slowest units keep at first")

    def build(self, size: int) -> Any:
        """Return a new `GRU`."""
        from metta.policy.cores.gru import GRU

        return GRU(size, self.longest_memory)


class MinGRUConfig(CoreConfig):
    """Minimal gated recurrent unit; the fastest core with a memory."""

    name: Literal["mingru"] = "mingru"
    """Name of the core."""
    longest_memory: float = Field(64.0, ge=2.0, description="steps that the slowest units keep at first")

    def build(self, size: int) -> Any:
        """Return a new `MinGRU`."""
        from metta.policy.cores.mingru import MinGRU

        return MinGRU(size, self.longest_memory)


class CausalConvConfig(CoreConfig):
    """A window over the last steps, without a state of its own."""

    name: Literal["causal_conv"] = "causal_conv"
    """Name of the core."""
    window: int = Field(8, ge=2, le=256, description="steps that are seen, the present one included")

    def build(self, size: int) -> Any:
        """Return a new `CausalConv`."""
        from metta.policy.cores.causal_conv import CausalConv

        return CausalConv(size, self.window)


class S5Config(CoreConfig):
    """Linear complex states whose time scales are spread at the start; made for long memories."""

    name: Literal["s5"] = "s5"
    """Name of the core."""
    state_size: int = Field(64, ge=1, le=1024, description="complex states")
    shortest_step: float = Field(
        1e-3, gt=0.0, le=1.0, description="least initial step; states remember about 2 / step steps"
    )
    longest_step: float = Field(0.1, gt=0.0, le=1.0, description="largest initial step")

    @model_validator(mode="after")
    def _steps_are_in_order(self) -> "S5Config":
        if self.shortest_step > self.longest_step:
            raise ValueError(f"shortest_step={self.shortest_step} is above longest_step={self.longest_step}")
        return self

    def build(self, size: int) -> Any:
        """Return a new `S5`."""
        from metta.policy.cores.s5 import S5

        return S5(size, self.state_size, self.shortest_step, self.longest_step)


class MambaConfig(CoreConfig):
    """Selective state space: the input decides what is kept and what is written."""

    name: Literal["mamba"] = "mamba"
    """Name of the core."""
    heads: int = Field(4, ge=1, le=64, description="decays; must divide expand * size")
    state_size: int = Field(16, ge=1, le=256, description="numbers per channel")
    expand: int = Field(1, ge=1, le=4, description="inner size / size; 1 keeps rollouts on CPUs fast")
    window: int = Field(4, ge=2, le=16, description="steps of the convolution before the states")

    def build(self, size: int) -> Any:
        """Return a new `Mamba`."""
        from metta.policy.cores.mamba import Mamba

        _check_heads(self.name, self.heads, self.expand * size)
        return Mamba(size, self.heads, self.state_size, self.expand, self.window)


class MLSTMConfig(CoreConfig):
    """A matrix per head, for many associations."""

    name: Literal["mlstm"] = "mlstm"
    """Name of the core."""
    heads: int = Field(4, ge=1, le=64, description="matrices of (size / heads) squared; must divide size")

    def build(self, size: int) -> Any:
        """Return a new `MLSTM`."""
        from metta.policy.cores.mlstm import MLSTM

        _check_heads(self.name, self.heads, size)
        return MLSTM(size, self.heads)


class SLSTMConfig(CoreConfig):
    """LSTM with exponential gates: can revise what it stored."""

    name: Literal["slstm"] = "slstm"
    """Name of the core."""
    heads: int = Field(4, ge=1, le=64, description="blocks of the recurrent weights; must divide size")

    def build(self, size: int) -> Any:
        """Return a new `SLSTM`."""
        from metta.policy.cores.slstm import SLSTM

        _check_heads(self.name, self.heads, size)
        return SLSTM(size, self.heads)


class TransformerXLConfig(CoreConfig):
    """Attention over the last steps."""

    name: Literal["transformer_xl"] = "transformer_xl"
    """Name of the core."""
    heads: int = Field(4, ge=1, le=64, description="of the attention; must divide size")
    window: int = Field(
        32, ge=1, le=1024, description="earlier steps that are seen; the memory is 2 * window * size numbers"
    )

    def build(self, size: int) -> Any:
        """Return a new `TransformerXL`."""
        from metta.policy.cores.transformer_xl import TransformerXL

        _check_heads(self.name, self.heads, size)
        return TransformerXL(size, self.heads, self.window)


class AGaLiTeConfig(CoreConfig):
    """Gated linear attention with a small memory."""

    name: Literal["agalite"] = "agalite"
    """Name of the core."""
    heads: int = Field(4, ge=1, le=64, description="of the attention; must divide size")
    eta: int = Field(4, ge=1, le=32, description="keys are eta times as long as a head is wide")
    num_waves: int = Field(
        2, ge=1, le=64, description="oscillating copies; more approximate attention better"
    )

    def build(self, size: int) -> Any:
        """Return a new `AGaLiTe`."""
        from metta.policy.cores.agalite import AGaLiTe

        _check_heads(self.name, self.heads, size)
        return AGaLiTe(size, self.heads, self.eta, self.num_waves)


def _check_heads(name: str, heads: int, size: int) -> None:
    if size % heads:
        raise ValueError(f"core {name}: heads={heads} does not divide its size {size}")
