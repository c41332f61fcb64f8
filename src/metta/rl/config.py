"""Settings of the trainer. Every default has its reason beside it."""

from pydantic import Field, model_validator

from metta.rl.losses.loss import LossConfig
from metta.rl.losses.ppo_actor import PPOActorConfig
from metta.rl.losses.ppo_critic import PPOCriticConfig
from metta.rl.losses.registry import LossesField
from mettagrid.config.base import Config


class OptimizerConfig(Config):
    """Adam and what is done to the gradient before it."""

    learning_rate: float = Field(
        default=2e-3, gt=0.0, description="Step size. The networks are small; larger ones want about 3e-4."
    )
    beta1: float = Field(
        default=0.9, ge=0.0, lt=1.0, description="Memory of the gradient; Adam's usual value."
    )
    beta2: float = Field(
        default=0.999, ge=0.0, lt=1.0, description="Memory of its square; Adam's usual value."
    )
    eps: float = Field(
        default=1e-5,
        gt=0.0,
        description="Keeps parameters that rarely get a gradient from jumping; PPO's usual value.",
    )
    weight_decay: float = Field(
        default=0.0, ge=0.0, description="None: PPO's data never repeats, so it hardly overfits."
    )
    max_grad_norm: float = Field(
        default=0.5,
        gt=0.0,
        description="Longer gradients are shortened to this; a rare reward else throws the policy far off.",
    )
    anneal_lr: bool = Field(
        default=True,
        description="Fall linearly to 0 at total_timesteps: the last policy is the one that is kept.",
    )


class AdvantageConfig(Config):
    """How rewards and values become advantages and returns; all losses are fed with the same ones."""

    gamma: float = Field(
        default=0.99,
        ge=0.0,
        le=1.0,
        description="Discount per step. 0.99 sees about 100 steps ahead: a way across an arena.",
    )
    gae_lambda: float = Field(
        default=0.95,
        ge=0.0,
        le=1.0,
        description="0 trusts the values, 1 the rewards. 0.95 is the paper's and worked here.",
    )
    normalize: bool = Field(
        default=True,
        description="Bring advantages to mean 0 and deviation 1: one learning rate fits every reward scale.",
    )


def ppo_losses() -> dict[str, LossConfig]:
    """Return PPO: its actor and its critic. Recipes add to it: `{**ppo_losses(), "dynamics": ...}`."""
    return {"ppo_actor": PPOActorConfig(), "ppo_critic": PPOCriticConfig()}


class TrainerConfig(Config):
    """How much is learned from what, in which portions."""

    total_timesteps: int = Field(
        default=45_000_000,
        ge=1,
        description="Agent-steps of the run. On two cores thirteen to sixteen minutes.",
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
    optimizer: OptimizerConfig = Field(
        default_factory=OptimizerConfig, description="Adam, clipping, annealing."
    )
    advantage: AdvantageConfig = Field(
        default_factory=AdvantageConfig, description="Discount, lambda, normalisation."
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
        description="Compute in bfloat16 (weights stay float32). None: on CUDA only; most CPUs get slower.",
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
