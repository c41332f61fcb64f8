"""Settings of the trainer. Every default has its reason beside it."""

from pydantic import Field, model_validator

from metta.rl.advantage import AdvantageConfig
from metta.rl.losses.loss import LossConfig, LossesField
from metta.rl.losses.ppo_actor import PPOActorConfig
from metta.rl.losses.ppo_critic import PPOCriticConfig
from metta.rl.optimizer import OptimizerConfig
from metta.rl.schedules import ScheduleConfig, UpdateEpochsConfig, check_schedule
from mettagrid.config.base import Config


def ppo_losses() -> dict[str, LossConfig]:
    """Return PPO: its actor and its critic. Recipes add to it: `{**ppo_losses(), "dynamics": ...}`."""
    return {"ppo_actor": PPOActorConfig(), "ppo_critic": PPOCriticConfig()}


class TrainerConfig(Config):
    """How much is learned from what, in which portions."""

    total_timesteps: int = Field(
        default=45_000_000,
        ge=1,
        description="Agent-steps of the run. On two cores about twelve minutes.",
    )
    batch_size: int = Field(
        default=24_576,
        ge=1,
        description="Agent-steps per epoch, at most: as many training rows as fit in. One of each of 768 agents.",
    )
    minibatch_size: int = Field(
        default=2_048,
        ge=1,
        description="Agent-steps per gradient step. The arena learns slower with 8,192, and no faster with 1,024.",
    )
    bptt_horizon: int = Field(
        default=32,
        ge=1,
        description="Steps through which memory learns. Longer rows cost no more, but a minibatch has fewer.",
    )
    update_epochs: int = Field(
        default=1,
        ge=1,
        description="Passes over an epoch's experience. One: simulating is cheap, fresh data teaches more.",
    )
    update_epochs_tuning: UpdateEpochsConfig | None = Field(
        default=None, description="Change the number of passes by how far the policy moves; none = fixed."
    )
    accumulate_minibatches: int = Field(
        default=1,
        ge=1,
        description="Minibatches whose gradients are averaged for one step: large batches in little memory.",
    )
    row_priority: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="Above 0, rows with large advantages are learned from more often; 0 = each exactly once.",
    )
    row_priority_correction: float = Field(
        default=0.6,
        ge=0.0,
        le=1.0,
        description="How far that is weighed out again at first; it rises to 1 at total_timesteps.",
    )
    optimizer: OptimizerConfig = Field(
        default_factory=OptimizerConfig, description="Adam, clipping, annealing."
    )
    average_decay: float | None = Field(
        default=None,
        ge=0.0,
        lt=1.0,
        description="Keep (save, evaluate) the exponential mean of the weights over steps; none = the latest.",
    )
    schedules: list[ScheduleConfig] = Field(
        default_factory=list, description="Numbers among these settings that change while training."
    )
    advantage: AdvantageConfig = Field(
        default_factory=AdvantageConfig, description="Discount, lambda, V-trace, normalisation, centring."
    )
    losses: LossesField = Field(
        default_factory=ppo_losses,
        min_length=1,
        description="The terms of the objective by name, in the order in which they run. PPO alone.",
    )
    target_kl: float | None = Field(
        default=None,
        gt=0.0,
        description="Stop the passes of an epoch beyond this divergence; none = never. Matters from two on.",
    )
    bf16: bool | None = Field(
        default=None,
        description="Multiply in bfloat16 (weights and heads stay float32). None: on CUDA only; few CPUs have it.",
    )
    num_processes: int = Field(
        default=1,
        ge=1,
        description="Processes that train together, each with its share of the worlds and of every minibatch.",
    )
    num_gpus: int = Field(
        default=0, ge=0, description="So many GPUs, each with a process of its own; 0 = see system.device."
    )
    ranks_timeout_s: float = Field(
        default=600.0,
        gt=0.0,
        description="Seconds that processes wait for one another before the run ends: one may save meanwhile.",
    )
    compile: bool = Field(
        default=False,
        description="torch.compile the policy. Off: compiling takes minutes, and on a CPU it gains little.",
    )

    @model_validator(mode="after")
    def _rows_fit(self) -> "TrainerConfig":
        if self.minibatch_size < self.bptt_horizon:
            raise ValueError(
                f"minibatch_size is {self.minibatch_size}, less than one training row of "
                f"bptt_horizon={self.bptt_horizon} steps"
            )
        if self.batch_size < self.minibatch_size:
            raise ValueError(
                f"batch_size is {self.batch_size}, less than minibatch_size={self.minibatch_size}"
            )
        return self

    @model_validator(mode="after")
    def _processes_fit(self) -> "TrainerConfig":
        if self.num_gpus > 0 and self.num_processes not in (1, self.num_gpus):
            raise ValueError(
                f"num_processes is {self.num_processes}, num_gpus {self.num_gpus}: each GPU has one process; "
                "leave num_processes out"
            )
        return self

    @model_validator(mode="after")
    def _schedules_fit(self) -> "TrainerConfig":
        for schedule in self.schedules:
            check_schedule(self, schedule)
        return self

    def num_ranks(self) -> int:
        """Return how many processes train together."""
        return max(self.num_processes, self.num_gpus)

    def num_segments(self, num_rows: int) -> int:
        """Return how many training rows of each of the batch's rows fit into `batch_size`.

        Raises:
            ValueError: if not even one does.
        """
        segments = self.batch_size // (num_rows * self.bptt_horizon)
        if segments == 0:
            raise ValueError(
                f"trainer.batch_size={self.batch_size} has no room for a row of each: {num_rows} agents x "
                f"bptt_horizon={self.bptt_horizon} needs at least {num_rows * self.bptt_horizon}; "
                "raise it or lower training_env.num_worlds"
            )
        return segments
