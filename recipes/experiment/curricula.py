"""A ladder of tasks for comparing curricula: a chain of stations, begun nearer to or farther from its end.

Task k needs k uses of the right stations in the right order for a heart; what leads to the heart is not rewarded.
Chance finds hearts in the first tasks and hardly ever in the last, which get easy for who knows those before them.
"""

import metta.curriculum as cc
from metta.policy.architectures.fast import FastConfig
from metta.rl.training import EvaluatorConfig, TrainerConfig, TrainingEnvironmentConfig
from metta.tools.train import TrainTool
from mettagrid.config.game import GameConfig
from mettagrid.games.in_context_chain import ChainNumbers, make_in_context_chain

NUM_TASKS = 7
"""Stations of the chain, and tasks."""
MAX_STEPS = 40


def make_task(num_uses: int) -> GameConfig:
    """The chain for one agent that begins with what the stations before the last `num_uses` make.

    Walking against a station uses it.
    """
    numbers = ChainNumbers(length=NUM_TASKS, distractors=0, cooldown=1)
    game = make_in_context_chain(
        order=range(1, NUM_TASKS + 1), size=(4, 4), max_steps=MAX_STEPS, numbers=numbers
    )
    for rule in game.rules:
        if rule.on == "use":
            rule.on = "move"
    return game.override_all(
        {
            "view.height": 7,
            "view.width": 7,
            "view.num_tokens": 40,
            "variables.item.initial": NUM_TASKS - num_uses,
        }
    )


def train(algorithm: str = "learning_progress", agent_steps: int = 1_500_000) -> TrainTool:
    """Train on the ladder; the algorithm is any of `metta.curriculum`."""
    tasks = cc.merge({f"uses_{uses}": make_task(uses) for uses in range(1, NUM_TASKS + 1)})
    return TrainTool(
        training_env=TrainingEnvironmentConfig(
            num_worlds=256,
            curriculum=tasks.to_curriculum(algorithm, score="heart.gained", full_score=1.0),
        ),
        trainer=TrainerConfig(total_timesteps=agent_steps, batch_size=8_192, minibatch_size=512),
        policy_architecture=FastConfig(channels=64, kernel_size=7, stride=7, hidden=64, longest_memory=64.0),
        evaluator=EvaluatorConfig(after_training=False),
    )
