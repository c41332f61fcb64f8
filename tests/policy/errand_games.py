"""A small game for tests of scripts: altars, ores, agents that give and mark; and how a policy fares in it."""

from collections.abc import Sequence

import numpy as np
import torch

from metta.policy.policy import Policy
from metta.policy.scripted import Avoid, Errand, ErrandPolicy
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Ground, ObjectKind, Variable, View
from mettagrid.config.verb import Ahead, Verb, directions, numbered
from mettagrid.maps import AsciiMap
from mettagrid.rules import Add, Argument, AtLeast, AtMost, Push, Reward, Rule, Set, Step, Take

ALTAR_COOLDOWN = 4
LEGEND = {"A": "altar", "O": "ore", "B": "box", "D": "dud", "m": "mud"}


def errand_game(
    field: str, has_turn: bool = True, view: int = 11, max_steps: int = 200, ore: int = 0
) -> GameConfig:
    """Agents take ore, offer it at altars for hearts, push boxes, and show marks. Duds are good for nothing."""
    verbs = {
        "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
        "turn": Verb(choices=directions(aimed=False), always=[Set("heading", Argument())]),
        "use": Verb(aim=Ahead()),
        "greet": Verb(aim=Ahead()),
        "push": Verb(choices=directions(aimed=True)),
        "mark": Verb(choices=numbered(0, 3)),
    }
    if not has_turn:
        del verbs["turn"]
    return GameConfig(
        name="errands",
        num_agents=field.count("@"),
        max_steps=max_steps,
        view=View(height=view, width=view),
        shuffle_spawns=False,
        variables={
            "ore": Variable(cap=9, initial=ore, shown="self"),
            "heart": Variable(cap=99, shown="self", counted=True),
            "mark": Variable(cap=3, shown="all"),
            "greeted": Variable(cap=99, shown="all"),
            "cooldown": Variable(cap=ALTAR_COOLDOWN, countdown=True, shown="all", agents=False),
        },
        verbs=verbs,
        objects={
            "wall": ObjectKind(),
            "altar": ObjectKind(has={"cooldown": 0}),
            "ore": ObjectKind(),
            "box": ObjectKind(),
            "dud": ObjectKind(),
        },
        grounds={"mud": Ground()},
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            Rule(on="use", target="ore", then=[Add("ore")]),
            Rule(
                on="use",
                target="altar",
                when=[AtLeast("ore"), AtMost("cooldown", 0, of="target")],
                then=[Take("ore"), Add("heart"), Reward(1.0), Set("cooldown", ALTAR_COOLDOWN, of="target")],
            ),
            Rule(on="greet", target="agent", then=[Add("greeted", of="target")]),
            Rule(on="push", target="box", then=[Push()]),
            Rule(on="mark", then=[Set("mark", Argument())]),
        ],
        map=AsciiMap(text=field, legend=LEGEND),
    )


class Play:
    """Agents that run a script in the game on a field.

    Attributes:
        actions: for each step the name of each agent's action.
    """

    def __init__(
        self, field: str, errands: Sequence[Errand], avoid: Sequence[Avoid] = (), **game: bool | int
    ) -> None:
        self.env = BatchEnv(errand_game(field, **game), num_worlds=1, num_maps=1)
        self.env.reset(0)
        self.policy: Policy = ErrandPolicy(self.env.spec, errands, avoid)
        self.state = self.policy.initial_state(self.env.num_rows)
        self.resets = torch.ones(self.env.num_rows, dtype=torch.bool)
        self.actions: list[list[str]] = []
        self.rewards = np.zeros(self.env.num_rows)

    def run(self, num_steps: int) -> "Play":
        """Act for some steps."""
        for _ in range(num_steps):
            observations = torch.from_numpy(self.env.observations)
            output = self.policy(
                observations, torch.from_numpy(self.env.action_mask), self.state, self.resets
            )
            self.state, self.resets = output.state, torch.zeros_like(self.resets)
            actions = output.logits.argmax(-1)
            self.actions.append([self.env.spec.action_names[action] for action in actions.tolist()])
            _, rewards, *_ = self.env.step(actions.numpy().astype(np.int32))
            self.rewards += rewards
        return self

    def steps_until(self, action: str, agent: int = 0, limit: int = 100) -> int:
        """Act until an agent does something; return how many steps came before."""
        for step in range(limit):
            self.run(1)
            if self.actions[-1][agent] == action:
                return step
        raise AssertionError(f"no {action} in {limit} steps: {[names[agent] for names in self.actions]}")

    def of(self, agent: int = 0) -> list[str]:
        """Return what an agent did so far."""
        return [names[agent] for names in self.actions]

    def place(self, agent: int = 0) -> tuple[int, int]:
        """Return the row and column of an agent."""
        world = self.env.world(0)
        return divmod(int(world.cells[agent]), world.width)

    def variable(self, name: str) -> list[int]:
        """Return the value of a variable of each agent."""
        index = self.env.spec.variable_names.index(name)
        return self.env.world(0).variables[: self.env.num_rows, index].tolist()
