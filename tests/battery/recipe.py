"""The run that is broken: four agents, epochs of milliseconds, all that a run has."""

from metta.common.system import SystemConfig
from metta.policy.architectures.fast import FastConfig
from metta.rl.training import CheckpointerConfig, EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.tools.train import TrainTool
from mettagrid.games.arena import make_arena

ENDLESS = 10**12


def endless(channels: int = 8, hidden: int = 16) -> TrainTool:
    """A run that ends only by force; saves after every third epoch."""
    game = make_arena(num_agents=4, size=(11, 11), num_walls=2, max_steps=16)
    return TrainTool(
        system=SystemConfig(num_threads=1, device="cpu"),
        training_env=TrainingEnvironmentConfig(game=game, num_worlds=2, num_maps=2),
        trainer=TrainerConfig(total_timesteps=ENDLESS, batch_size=64, minibatch_size=32, bptt_horizon=8),
        policy_architecture=FastConfig(channels=channels, hidden=hidden),
        checkpointer=CheckpointerConfig(epoch_interval=3),
        evaluator=EvaluatorConfig(after_training=False),
    )
