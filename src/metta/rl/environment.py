"""What a run is trained in: the game and how many worlds of it."""

from pydantic import Field

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig


class TrainingEnvironmentConfig(Config):
    """The batch of worlds that a run learns in."""

    game: GameConfig = Field(
        default_factory=make_arena, description="Rules, people and map. The arena of the README."
    )
    num_worlds: int = Field(
        default=32, ge=1, description="Worlds played at once. 32 arenas fill two cores; a GPU wants hundreds."
    )
    num_threads: int | None = Field(
        default=None,
        ge=1,
        description="Threads that step the worlds; none = system.num_threads. Results do not depend on it.",
    )
    num_maps: int = Field(
        default=2048,
        ge=1,
        description="Maps built at the start; every episode takes one. With 64 they are learned by heart: "
        "a policy made 17 hearts on them, 15 on others.",
    )
    renew_maps: int | None = Field(
        default=None,
        ge=1,
        description="Steps after which all maps are replaced by new ones, built meanwhile by another process; "
        "none keeps those of the start. A policy that never sees a map twice cannot learn it by heart.",
    )
    seed: int | None = Field(
        default=None, ge=0, lt=2**63, description="Seed of maps and worlds; none = system.seed."
    )
    desync: bool = Field(
        default=True,
        description="Cut the first episodes so that later ones end at scattered ticks.",
    )

    def build(self, num_threads: int, seed: int) -> BatchEnv:
        """Return the batch; `num_threads` and `seed` are the system's, for where this config names none."""
        return BatchEnv(
            self.game,
            num_worlds=self.num_worlds,
            num_threads=self.num_threads or num_threads,
            num_maps=self.num_maps,
            map_seed=self.seed if self.seed is not None else seed,
            renew_maps=self.renew_maps,
        )
