"""The cores that come with Metta, with the reason of each default. The formulas are in `metta.policy.cores`."""

# Imports inside functions keep PyTorch out of --list.
# ruff: noqa: PLC0415

from typing import Any, Literal

from pydantic import Field

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
