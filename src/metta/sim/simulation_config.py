"""What a simulation is: one game, measured for a number of episodes. `simulate.py` runs it."""

from pydantic import Field

from mettagrid.builder.envs import make_arena
from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig


class SimulationConfig(Config):
    """One entry of an evaluation suite: a game to be played for some episodes.

    Example:
        SimulationConfig(suite="arena", name="basic", env=make_arena(num_agents=6), num_episodes=10)
    """

    suite: str = Field(
        default="arena", min_length=1, max_length=200, description="group of simulations it belongs to"
    )
    name: str = Field(
        default="basic", min_length=1, max_length=200, description="name in the suite; suite/name is fine too"
    )
    env: GameConfig = Field(default_factory=make_arena, description="the game that is played")
    num_episodes: int = Field(default=10, ge=1, le=1_000_000, description="episodes played for every policy")

    @property
    def full_name(self) -> str:
        """`suite/name`; a name that begins with the suite already is left as it is."""
        prefix = f"{self.suite}/"
        return self.name if self.name.startswith(prefix) else prefix + self.name
