"""SightedPolicy plans with what it has seen: it knows the rules, keeps a chart, and explores the nearest unknown.

What a learner with a perfect memory could do. For games that `Rulebook` can foresee, with north up.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from metta.io.action_head import FORBIDDEN
from metta.policy.policy import Policy, PolicyOutput
from metta.policy.scripted.planning import Rulebook, State, best_tour, leg_to
from metta.policy.scripted.planning.chart import EMPTY, OBJECT, SIDE, STEPS, Chart
from metta.policy.scripted.planning.rulebook import MOVES
from metta.policy.scripted.planning.state import Board
from metta.policy.scripted.planning.tour import Leg, legs_from
from metta.policy.scripted.sight import Sight
from metta.policy.scripted.surroundings import last_steps
from mettagrid.spec import GameSpec

NOOP = "noop"
NO_STEP = 0
"""Id of `noop`; stands for all actions that are no step."""
LONGEST_WAY = 256
"""Actions of a way that are remembered; a longer way is found again when these are done."""
DETOUR = 15
"""Steps that fetching something may take longer than going to see what is unknown."""

_AT, _LAST, _TICK, _DONE, _LENGTH, _EXPLORES = range(6)
_WAY = 6
_HEADER = _WAY + LONGEST_WAY


@dataclass
class _Mind:
    """One agent's memory: a row of the state, read and written in place."""

    row: NDArray[np.float32]
    num_marks: int

    @property
    def chart(self) -> Chart:
        planes = self.row[_HEADER:].reshape(1 + self.num_marks, SIDE * SIDE)
        return Chart(planes[0], planes[1:])

    @property
    def at(self) -> int:
        return int(self.row[_AT])

    def way(self) -> list[int]:
        """The actions that are still to be done."""
        return self.row[_WAY + int(self.row[_DONE]) : _WAY + int(self.row[_LENGTH])].astype(int).tolist()

    def set_way(self, actions: list[int], explores: bool) -> None:
        actions = actions[:LONGEST_WAY]
        self.row[_WAY : _WAY + len(actions)] = actions
        self.row[[_DONE, _LENGTH, _EXPLORES]] = 0, len(actions), explores


class SightedPolicy(Policy):
    """Uses what it knows in the best order if that pays; else fetches what it may need; else explores; else opens ways.

    Args:
        spec: the game.
        rules: what actions do.
    """

    def __init__(self, spec: GameSpec, rules: Rulebook) -> None:
        super().__init__(spec)
        self.rules = rules
        kinds = [f"kind:{name}" for name in spec.kind_names[2:]]
        self.own = [_own_feature(spec, name) for name in rules.own]
        self.sight = Sight(
            spec,
            seen=[*(name for name in kinds if name in spec.feature_names), *rules.marks, "heading"],
            own=[*(name for name in self.own if name), *last_steps(spec)],
        )
        self.num_own = sum(bool(name) for name in self.own)
        self.codes = [i + 2 + OBJECT for i, name in enumerate(kinds) if name in spec.feature_names]
        self.moves = [spec.action_names.index(name) for name in MOVES]

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return memory of nothing."""
        return torch.zeros(num_rows, _HEADER + (1 + len(self.rules.marks)) * SIDE * SIDE, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        steps = (observations, action_mask, resets)
        is_sequence = observations.dim() == 4
        sequence = zip(*steps, strict=True) if is_sequence else iter([steps])
        memory = state.detach().cpu().numpy().copy()
        chosen = [self._step(*step, memory) for step in sequence]
        actions = (torch.stack(chosen) if is_sequence else chosen[0]).to(observations.device)
        logits = torch.full(action_mask.shape, FORBIDDEN, device=observations.device)
        logits.scatter_(-1, actions.unsqueeze(-1), 0.0)
        values = torch.zeros(resets.shape, device=observations.device)
        return PolicyOutput(logits, values, torch.from_numpy(memory).to(state.device))

    def _step(
        self, observations: Tensor, mask: Tensor, resets: Tensor, memory: NDArray[np.float32]
    ) -> Tensor:
        memory[resets.cpu().numpy()] = 0
        seen, own = (part.cpu().numpy() for part in self.sight.read(observations))
        allowed = mask.cpu().numpy()
        own, steps = own[:, : self.num_own], own[:, self.num_own :]
        if steps.shape[1]:
            for row, step in zip(memory, steps, strict=True):
                self._note_disobedience(row, step)
        actions = [self._act(memory[i], seen[i], own[i]) for i in range(len(memory))]
        actions = [action if allowed[i, action] else 0 for i, action in enumerate(actions)]
        return torch.tensor(actions)

    def _note_disobedience(self, row: NDArray[np.float32], step: NDArray[np.float32]) -> None:
        """Somebody else may have acted (a learner who is taught, a player): go by the step that was tried."""
        tried = self.moves[int(step.argmax())] if step.any() else NO_STEP
        meant = int(row[_LAST])
        if tried != meant and (tried != NO_STEP or meant in self.moves):
            row[_LAST] = tried
            _Mind(row, len(self.rules.marks)).set_way([], False)

    def _act(self, row: NDArray[np.float32], seen: NDArray[np.float32], own: NDArray[np.float32]) -> int:
        mind = _Mind(row, len(self.rules.marks))
        num_kinds = len(self.codes)
        kinds = seen[:num_kinds] > 0
        view = np.where(kinds.any(0), np.array(self.codes, np.float32)[kinds.argmax(0)], np.float32(EMPTY))
        heading = max(int(seen[-1, view.shape[0] // 2, view.shape[1] // 2]) - 1, 0)
        self._find_place(mind, view, heading)
        is_surprised = mind.chart.write(mind.at, view, seen[num_kinds:-1])
        if is_surprised or not mind.way() or (row[_EXPLORES] and self._is_seen(mind)):
            holds = iter(own.astype(int).tolist())
            self._decide(mind, heading, tuple(next(holds) if name else 0 for name in self.own))
        way = mind.way()
        row[_LAST], row[_TICK] = way[0] if way else 0, row[_TICK] + 1
        row[_DONE] += 1
        return int(row[_LAST])

    def _find_place(self, mind: _Mind, view: NDArray[np.float32], heading: int) -> None:
        """Find out whether the last action led to the next cell: by what is seen, or else by what was there."""
        if mind.at == 0:
            mind.row[_AT] = (SIDE * SIDE) // 2
            return
        last, chart = int(mind.row[_LAST]), mind.chart
        if last == 0:
            return
        side = self.moves.index(last) if last in self.moves else heading
        there = mind.at + STEPS[side]
        moved, stayed = chart.misfits(there, view), chart.misfits(mind.at, view)
        is_way = chart.cells[there] == EMPTY
        if moved < stayed or (moved == stayed and is_way and last in self.moves):
            mind.row[_AT] = there
        elif last in self.moves and is_way:
            mind.set_way([], False)  # somebody was in the way

    def _is_seen(self, mind: _Mind) -> bool:
        """Whether there is nothing left to see where it is going."""
        cell = mind.at
        for action in mind.way():
            cell += STEPS[self.moves.index(action)]
        return not mind.chart.is_frontier(cell)

    def _decide(self, mind: _Mind, heading: int, own: tuple[int, ...]) -> None:
        board, state = mind.chart.state(self.rules, self.spec.kind_names, mind.at, heading, own)
        tour = best_tour(board, self.rules, state, self.spec.max_steps - int(mind.row[_TICK]))
        if tour:
            self._go(mind, leg_to(board, state, tour[0]), False)
            return
        explored = mind.chart.way_to_frontier(mind.at)
        gain, opening = self._nearest(board, state)
        if gain and (explored is None or gain.steps <= len(explored) + DETOUR):
            self._go(mind, leg_to(board, state, gain), False)
        elif explored is None and opening:
            self._go(mind, leg_to(board, state, opening), False)
        else:
            self._go(mind, explored or [NOOP], explored is not None)

    def _go(self, mind: _Mind, actions: list[str], explores: bool) -> None:
        mind.set_way([self.spec.action_names.index(name) for name in actions], explores)

    def _nearest(self, board: Board, state: State) -> tuple[Leg | None, Leg | None]:
        """Return the nearest action that brings something, and the nearest that opens a way."""
        legs = list(legs_from(board, self.rules, state))
        gains = [
            leg for leg, outcome in legs if any(a > b for a, b in zip(outcome.own, state.own, strict=True))
        ]
        openings = [leg for leg, outcome in legs if outcome.thing is None or outcome.swaps]
        first, second = (min(some, key=lambda leg: leg.steps, default=None) for some in (gains, openings))
        return first, second


def _own_feature(spec: GameSpec, name: str) -> str:
    """The feature of the agent's own variable; empty if it is not shown."""
    return f"own:{name}" if f"own:{name}" in spec.feature_names else ""
