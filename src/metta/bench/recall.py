"""Delayed recall, the smallest game of memory: a cue is shown for one step, and must be named some steps later.

Nothing else is to be learned: while there is nothing to answer, there is nothing to do. So the share of right answers
is a score of memory alone; guessing gives 1 / cues.
"""

import numpy as np
import torch

from metta.policy.architecture import PolicyArchitecture
from metta.rl.components.component import Component
from metta.rl.config import OptimizerConfig, TrainerConfig
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Verb, numbered
from mettagrid.maps import AsciiMap
from mettagrid.rules import AtLeast, AtMost, Chance, Count, Filter, Reward, Rule, Set

RIGHT, WRONG = "recall.right", "recall.wrong"
_NUM_WORLDS = 256


def make_recall(delay: int = 10, cues: int = 4, max_steps: int = 256) -> GameConfig:
    """Make the game: one agent, trial after trial until the episode ends.

    Args:
        delay: steps from the one that shows the cue to the one that asks for it.
        cues: how many there are.
        max_steps: steps in an episode.
    """
    return GameConfig(
        name="delayed_recall",
        num_agents=1,
        max_steps=max_steps,
        variables={
            **{cue: Variable(cap=1, shown="self") for cue in _names(cues)},
            "asked": Variable(cap=1, shown="self"),
            "secret": Variable(cap=cues),
            "wait": Variable(cap=delay, countdown=True),
        },
        verbs={"answer": Verb(choices=numbered(1, cues), requires=[AtLeast("asked")])},
        objects={"wall": ObjectKind()},
        rules=[*_draw(delay, cues), *_answers(cues)],
        map=AsciiMap(text="###\n#@#\n###"),
    )


def _names(cues: int) -> list[str]:
    return [f"cue_{cue}" for cue in range(1, cues + 1)]


def _is(variable: str, value: int) -> list[Filter]:
    return [AtLeast(variable, value), AtMost(variable, value)]


def _draw(delay: int, cues: int) -> list[Rule]:
    """Hide the cue after one step, draw one where there is none, ask when the time has come."""
    hide = Rule(on="step", target="agent", then=[Set(name, 0) for name in _names(cues)])
    draw = [
        Rule(
            on="step",
            target="agent",
            when=[AtMost("secret", 0), Chance(1.0 / (cues - cue + 1))],
            then=[Set("secret", cue), Set(name, 1), Set("wait", delay)],
        )
        for cue, name in enumerate(_names(cues), start=1)
    ]
    ask = Rule(on="step", target="agent", when=[AtLeast("secret"), AtMost("wait", 0)], then=[Set("asked", 1)])
    return [hide, *draw, ask]


def _answers(cues: int) -> list[Rule]:
    again = [Set("secret", 0), Set("asked", 0)]
    right = [
        Rule(
            on=f"answer_{cue}",
            target="self",
            when=_is("secret", cue),
            then=[Reward(1.0), Count(RIGHT), *again],
        )
        for cue in range(1, cues + 1)
    ]
    return [*right, Rule(on="answer", target="self", then=[Count(WRONG), *again])]


class _Answers(Component):
    """Keeps the share of right answers of each epoch."""

    def __init__(self, env: BatchEnv) -> None:
        self.right, self.wrong = env.spec.stat_names.index(RIGHT), env.spec.stat_names.index(WRONG)
        self.shares: list[float] = []

    def on_epoch_end(self, report: EpochReport) -> None:
        """Keep one, if an episode ended."""
        if report.episodes:
            stats = np.concatenate([episode.stats for episode in report.episodes]).sum(0)
            self.shares.append(float(stats[self.right] / max(1, stats[self.right] + stats[self.wrong])))


def recall_score(
    architecture: PolicyArchitecture, num_agent_steps: int, delay: int = 10, seed: int = 0
) -> float:
    """Return the share of right answers in the last tenth of a training, 0 to 1.

    Args:
        architecture: who learns.
        num_agent_steps: how long.
        delay: of the game.
        seed: of everything.
    """
    torch.manual_seed(seed)
    env = BatchEnv(make_recall(delay), num_worlds=_NUM_WORLDS, num_maps=1)
    config = TrainerConfig(
        total_timesteps=num_agent_steps,
        batch_size=_NUM_WORLDS * 32,
        minibatch_size=512,
        bptt_horizon=32,
        optimizer=OptimizerConfig(learning_rate=3e-3),
    )
    trainer = Trainer(config, env, architecture.build(env.spec), "cpu", seed)
    answers = _Answers(env)
    trainer.train([answers])
    last = answers.shares[-max(1, len(answers.shares) // 10) :]
    return sum(last) / len(last) if last else 0.0
