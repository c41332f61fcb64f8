"""What all trainers that are compared have in common: environment, network, portions."""

from dataclasses import dataclass

from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig


@dataclass(frozen=True)
class RivalSettings:
    """PufferLib's default portions (rows of 64 steps, minibatches of 8,192), with Adam in all trainers."""

    memory: str = "lstm"
    """`lstm` or `none`."""
    hidden: int = 128
    num_worlds: int = 32
    horizon: int = 64
    minibatch_size: int = 8192
    learning_rate: float = 1e-3
    num_threads: int = 1
    num_agents: int = 24
    """Of a world."""

    def game(self) -> GameConfig:
        """Return the arena that all of them train in."""
        return make_arena(num_agents=self.num_agents)

    @property
    def batch_size(self) -> int:
        """Agent-steps of an epoch."""
        return self.num_worlds * self.num_agents * self.horizon
