"""T-maze: a landmark at the beginning of a corridor tells which way to go at its end; one decision, no way back.

Learned on mazes from short ones on, with time to turn back; measured where there is none. Who does not remember is
right half of the time at most.
"""

import torch

from metta.policy.architecture import PolicyArchitecture
from metta.policy.policy import Policy
from metta.rl.config import TrainerConfig
from metta.rl.trainer import Trainer
from metta.rollout.episodes import run_episodes
from metta.rollout.rollout import Rollout
from metta.rollout.seats import Seat
from mettagrid.batch import BatchEnv
from mettagrid.games.memory import TRAINING_STEPS, make_memory, t_mazes
from mettagrid.tasks.memory import T_MAZE_TASKS

HEARTS = "heart.gained"
_NUM_WORLDS = 256
_OTHER_MAPS = 1
"""Seed of the maps that are measured on; those of training have seed 0."""


def t_maze_score(
    architecture: PolicyArchitecture, num_agent_steps: int, corridor: int = 16, seed: int = 0
) -> float:
    """Train on T-mazes and return the share of right decisions in `t_maze_<corridor>`, 0 to 1.

    Args:
        architecture: who learns.
        num_agent_steps: how long.
        corridor: cells, one of those of `T_MAZE_TASKS`; training has shorter ones, too.
        seed: of everything.
    """
    torch.manual_seed(seed)
    game = make_memory(map=t_mazes(corridor), max_steps=corridor + TRAINING_STEPS)
    env = BatchEnv(game, num_worlds=_NUM_WORLDS)
    config = TrainerConfig(
        total_timesteps=num_agent_steps, batch_size=_NUM_WORLDS * 64, minibatch_size=2048, bptt_horizon=64
    )
    trainer = Trainer(config, env, architecture.build(env.spec), "cpu", seed)
    trainer.train()
    return share_of_right_decisions(trainer.policy, corridor, seed)


def share_of_right_decisions(policy: Policy, corridor: int, seed: int = 0, num_worlds: int = 256) -> float:
    """Play one episode of `t_maze_<corridor>` in each of some worlds and return the share that got the heart."""
    env = BatchEnv(make_memory(f"t_maze_{corridor}"), num_worlds=num_worlds, map_seed=_OTHER_MAPS)
    rollout = Rollout(env, [Seat(policy)], seed=seed)
    heart = env.spec.stat_names.index(HEARTS)
    return sum(int(record.stats[:, heart].sum()) for record in run_episodes(rollout, 1, seed)) / num_worlds


CORRIDORS = [int(name.rsplit("_", 1)[1]) for name in T_MAZE_TASKS]
"""Lengths that can be measured."""
