"""Settings of a sweep, and which of them a sweep that goes on may change."""

from typing import Any, Literal

from pydantic import Field, field_validator

from metta.rl.run_folder import check_run_name
from metta.sweep.space import Space
from mettagrid.config.base import Config

FREE = (
    "max_trials",
    "max_hours",
    "max_parallel_jobs",
    "launcher",
    "ray_address",
    "poll_seconds",
    "max_failures",
    "rows_shown",
    "json",
)
"""What may differ when a sweep goes on; all else would make trials that cannot be compared."""

SCORECARD = "scorecard/"
EVALUATION = "evaluation/"


class SweepConfig(Config):
    """What is varied, how trials are chosen, scored, stopped and run."""

    sweep_name: str | None = Field(
        default=None, description="name; none = sweep.<user>.<date>. A known name goes on with that sweep"
    )
    recipe_module: str = Field(default="arena", description="recipe that is trained, by short or full name")
    train_entrypoint: str = Field(default="train", description="its function that makes the training")
    search_space: Space = Field(
        default_factory=dict,
        description="what varies: search_space.trainer.optimizer.learning_rate=1e-4..1e-2:log, ...=a,b,c",
    )
    train_overrides: dict[str, Any] = Field(
        default_factory=dict,
        description="settings of all trials: train_overrides.trainer.total_timesteps=2M",
    )
    metric: str = Field(
        default="episode/return",
        min_length=1,
        description="the score: a metric that runs write, or scorecard/<statistic> of the evaluation after training",
    )
    goal: Literal["maximize", "minimize"] = Field(
        default="maximize", description="whether more of it is better"
    )
    score_window: float = Field(
        default=0.2, gt=0.0, le=1.0, description="last share of a run over which the metric is averaged"
    )
    cost: Literal["none", "seconds", "agent_steps"] = Field(
        default="none", description="a second thing to keep small; the result is then the best trade-offs"
    )
    sampler: Literal["tpe", "gp", "random", "grid"] = Field(
        default="tpe", description="how trials are chosen: densities, a Gaussian process, chance, all in turn"
    )
    num_random_trials: int = Field(
        default=10, ge=1, description="trials drawn by chance before tpe and gp begin to learn"
    )
    grid_points: int = Field(default=3, ge=2, description="points on each range of a grid")
    max_trials: int | None = Field(
        default=None, ge=1, description="trials in all; none = 20, of a grid all its points"
    )
    max_hours: float | None = Field(
        default=None, gt=0.0, description="start no trial after so long in this session"
    )
    max_parallel_jobs: int = Field(
        default=1, ge=1, description="trials that run at once; they share the cores"
    )
    pruner: Literal["none", "median", "percentile", "halving", "hyperband"] = Field(
        default="none", description="who stops trials that do badly while they run"
    )
    num_rungs: int = Field(
        default=8, ge=2, description="how often a trial is compared with others on its way"
    )
    prune_after: int = Field(
        default=5, ge=1, description="trials that are finished before median and percentile stop any"
    )
    launcher: Literal["local", "ray"] = Field(
        default="local", description="where trials run: processes of this machine, or Ray Tune"
    )
    ray_address: str | None = Field(
        default=None, description="a Ray cluster to use; none = one for this sweep on this machine"
    )
    poll_seconds: float = Field(default=2.0, gt=0.0, description="how often running trials are looked at")
    max_failures: int = Field(
        default=3, ge=1, description="end the sweep when so many trials in a row have failed"
    )
    rows_shown: int = Field(default=10, ge=1, description="trials in the table at the end")

    @field_validator("sweep_name")
    @classmethod
    def _can_name_a_folder(cls, name: str | None) -> str | None:
        return None if name is None else check_run_name(name)

    def is_multi_objective(self) -> bool:
        """Return whether cost counts beside the score."""
        return self.cost != "none"
