"""`mock://planner` knows the whole world and the rules, and takes the best tour: the most that a map allows.

For games in which nothing happens by itself, with one agent, or with agents that do not get in each other's way.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from metta.io.action_head import FORBIDDEN
from metta.policy.policy import PolicyOutput
from metta.policy.scripted.planning import Board, Rulebook, State, actions_of, best_tour
from metta.policy.world_policy import WorldPolicy, Worlds
from mettagrid.batch import WorldView
from mettagrid.config.game import GameConfig
from mettagrid.spec import GameSpec

NAME = "planner"
NOOP = 0


class PlannerPolicy(WorldPolicy):
    """Plans at the start of each episode, and again if something comes differently than planned.

    Plans are kept by what they are for, so that a map that comes again is not planned again.
    """

    def __init__(self, spec: GameSpec) -> None:
        super().__init__(spec)
        self.rules: Rulebook | None = None
        self.plans: dict[bytes, dict[State, str]] = {}  # for each board: what to do in each state of a tour
        self.chosen: list[int] = []

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return no memory: the worlds tell everything."""
        return torch.zeros(num_rows, 0, device=device)

    def watch(self, worlds: Worlds, rows: Sequence[int]) -> None:
        """See `WorldPolicy.watch`."""
        rules = self._rules_of(worlds.game)
        views = {world: worlds.world(world) for world in {row // worlds.num_agents for row in rows}}
        self.chosen = [
            self._choose(rules, views[row // worlds.num_agents], row % worlds.num_agents) for row in rows
        ]

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`; one step, the one that was watched."""
        if observations.dim() != 3 or len(self.chosen) != len(observations):
            raise ValueError(
                f"mock://{NAME} looks at the world at each step, and cannot be asked about others"
            )
        actions = torch.tensor(self.chosen, device=observations.device).unsqueeze(1)
        logits = torch.full(action_mask.shape, FORBIDDEN, device=observations.device)
        logits.scatter_(1, torch.where(action_mask.gather(1, actions), actions, NOOP), 0.0)
        return PolicyOutput(logits, torch.zeros(resets.shape, device=observations.device), state)

    def _rules_of(self, game: GameConfig) -> Rulebook:
        if self.rules is None or self.rules.game is not game:
            self.rules = Rulebook(game)
        return self.rules

    def _choose(self, rules: Rulebook, view: WorldView, agent: int) -> int:
        if view.cells[agent] < 0:
            return NOOP
        board, state = read_world(rules, self.spec, view, agent)
        plan = self.plans.setdefault(bytes(board.is_open), {})
        if state not in plan:
            tour = best_tour(board, rules, state, self.spec.max_steps - view.tick)
            states, actions = actions_of(board, rules, state, tour)
            endless = bool(rules.timers) and bool(tour)  # then it goes on; else there is nothing left to do
            plan.update(zip(states, actions if endless else [*actions, "noop"], strict=not endless))
        return self.spec.action_names.index(plan[state])


def read_world(rules: Rulebook, spec: GameSpec, view: WorldView, agent: int) -> tuple[Board, State]:
    """Return what an agent's plan starts from. Other agents are left out: they move on.

    The board has a closed rim around the map, so its cells are numbered otherwise.
    """
    width = view.width + 2
    cells = (view.cells // view.width + 1) * width + view.cells % view.width + 1
    is_open = np.zeros((view.height + 2, width), bool)
    is_open[1:-1, 1:-1] = True
    is_open = is_open.ravel()
    things = []
    names = spec.variable_names
    for number in np.flatnonzero((view.kinds > 1) & (view.cells >= 0)).tolist():
        kind = spec.kind_names[view.kinds[number]]
        if kind in rules.kinds:
            values = tuple(int(view.variables[number, names.index(name)]) for name in rules.kinds[kind])
            things.append((int(cells[number]), kind, values))
        else:
            is_open[cells[number]] = False
    own = tuple(int(view.variables[agent, names.index(name)]) for name in rules.own)
    heading = int(view.variables[agent, names.index("heading")])
    return Board(is_open.tolist(), width), State(int(cells[agent]), heading, own, tuple(sorted(things)))


def make_policy(spec: GameSpec) -> PlannerPolicy:
    """Return the policy for a game; `Rulebook` says which games it can plan."""
    return PlannerPolicy(spec)
