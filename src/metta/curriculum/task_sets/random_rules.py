"""RandomRules: games whose rules are drawn, of one or several difficulties."""

from typing import Annotated, Any, Literal

from pydantic import Field

from metta.curriculum.task import Task
from metta.curriculum.task_sets.task_set import TaskSet
from mettagrid.config.game import GameConfig
from mettagrid.games.random_rules import make_random_rules


class RandomRules(TaskSet):
    """For each difficulty the rule sets of so many seeds, in the order of the difficulties."""

    name: Literal["random_rules"] = "random_rules"
    """Name of this kind of set."""
    difficulties: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(min_length=1)] = Field(
        default_factory=lambda: [1, 2, 3], description="Difficulties from 1 to 10, the easiest first."
    )
    num_games: int = Field(default=16, ge=1, le=4096, description="Rule sets of each difficulty.")
    first_seed: int = Field(default=0, ge=0, description="Seed of the first rule set; the others follow.")
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="What else `make_random_rules` takes: num_agents, shaped, size, num_walls, max_steps.",
    )

    def tasks(self, game: GameConfig, seed: int) -> list[Task]:
        """See `TaskSet.tasks`."""
        try:
            return [
                Task(
                    f"difficulty_{difficulty}_seed_{number}",
                    make_random_rules(number, difficulty, **self.settings),
                    values={"difficulty": difficulty},
                )
                for difficulty in self.difficulties
                for number in range(self.first_seed, self.first_seed + self.num_games)
            ]
        except TypeError as error:  # a setting that the maker does not take
            raise ValueError(f"settings: {error}") from None
