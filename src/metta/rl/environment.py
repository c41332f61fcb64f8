"""What a run is trained in: the game and how many worlds of it."""

from collections.abc import Sequence

from pydantic import Field

from metta.curriculum.config import CurriculumConfig
from metta.curriculum.curriculum import Curriculum
from metta.curriculum.task import Task
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
    curriculum: CurriculumConfig | None = Field(
        default=None,
        description="Many tasks instead of one game, and how often each is played; none = `game` alone. "
        "Tasks share `num_maps` evenly.",
    )
    seed: int | None = Field(
        default=None, ge=0, lt=2**63, description="Seed of maps and worlds; none = system.seed."
    )
    desync: bool = Field(
        default=True,
        description="Cut the first episodes so that later ones end at scattered ticks.",
    )

    def worlds_of_each(self, num_ranks: int) -> int:
        """Return how many worlds each of several processes plays.

        Raises:
            ValueError: they cannot be dealt evenly.
        """
        if self.num_worlds % num_ranks:
            fewer = self.num_worlds // num_ranks * num_ranks
            fitting = f"{fewer} or {fewer + num_ranks}" if fewer else f"{num_ranks}"
            raise ValueError(
                f"training_env.num_worlds={self.num_worlds} cannot be dealt evenly to {num_ranks} processes; "
                f"{fitting} can"
            )
        return self.num_worlds // num_ranks

    def build(
        self, num_threads: int, seed: int, tasks: Sequence[Task] | None = None, num_ranks: int = 1
    ) -> BatchEnv:
        """Return the batch, or one rank's part of it.

        Args:
            num_threads: the system's, for where this config names none.
            seed: likewise.
            tasks: what `list_tasks` gave, if it was asked before.
            num_ranks: processes that train together; each has as many worlds.
        """
        tasks = self.list_tasks(seed) if tasks is None else tasks
        share = max(1, self.num_maps // len(tasks))
        return BatchEnv(
            [task.game for task in tasks],
            num_worlds=self.worlds_of_each(num_ranks),
            num_threads=self.num_threads or num_threads,
            num_maps=[task.num_maps or share for task in tasks],
            map_seed=self._seed_or(seed),
            renew_maps=self.renew_maps,
        )

    def list_tasks(self, seed: int) -> list[Task]:
        """Return what is played, in the order of the batch's games: the curriculum's tasks, or the game alone."""
        if self.curriculum is None:
            return [Task(self.game.name, self.game)]
        try:
            return self.curriculum.list_tasks(self.game, self._seed_or(seed))
        except ValueError as error:
            raise ValueError(f"training_env.curriculum.tasks: {error}") from None

    def build_curriculum(self, tasks: Sequence[Task], stat_names: list[str], seed: int) -> Curriculum | None:
        """Return who chooses among the tasks, None for the game alone.

        Args:
            tasks: what `list_tasks` gave.
            stat_names: of the batch.
            seed: the system's, for where this config names none.
        """
        if self.curriculum is None:
            return None
        return Curriculum(self.curriculum, tasks, stat_names, self._seed_or(seed))

    def _seed_or(self, seed: int) -> int:
        return self.seed if self.seed is not None else seed
