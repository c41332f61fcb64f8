"""ErrandPolicy runs a script: of all errands that are possible it chooses the nearest, walks there and acts.

It sees what a learner sees, by the names of the features, and keeps a little memory. It explores when there is
nothing to do. Views must have north up.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from metta.io.action_head import FORBIDDEN
from metta.io.spec import EMPTY_CELL
from metta.policy.policy import Policy, PolicyOutput
from metta.policy.scripted.action_table import NOOP, ActionTable
from metta.policy.scripted.errand import COOLDOWN, Avoid, Errand
from metta.policy.scripted.expressions import all_hold, as_expression
from metta.policy.scripted.memory import Memory
from metta.policy.scripted.paths import FAR, beside, costs_to_goal, spread
from metta.policy.scripted.surroundings import Feature, Surroundings, SurroundingsReader
from mettagrid.spec import GameSpec

EXPLORING = 15.0  # steps that going to see costs more than going to a known place
EXPLORE_STEPS = 20.0
ROUNDS = 14
STRAIGHT_ON = 0.5  # of ways equally long, the one without a turn


class ErrandPolicy(Policy):
    """Runs the errands of a script.

    Args:
        spec: the game.
        errands: what there is to do; their order matters for those without a kind only.
        avoid: what to keep away from.
        landmarks: kinds that never move and seldom vanish, by which an agent tells whether its step succeeded; None
            for all kinds of objects.
        explore_cells: how far away, in cells, the places are that it goes to see; about half the map.
        crowding: steps that an agent in the way costs.

    Raises:
        ValueError: if the game lacks a feature or an action that the script needs.
    """

    onto: Tensor
    patience: Tensor
    rows: Tensor
    columns: Tensor
    ring: Tensor

    def __init__(
        self,
        spec: GameSpec,
        errands: Sequence[Errand],
        avoid: Sequence[Avoid] = (),
        landmarks: Iterable[str] | None = None,
        explore_cells: float = 14.0,
        crowding: float = 2.0,
    ) -> None:
        super().__init__(spec)
        self.on_the_spot = [errand for errand in errands if not errand.kinds]
        self.errands = [errand for errand in errands if errand.kinds]
        if not self.errands:
            raise ValueError(f"script of {spec.name!r}: at least one errand needs a kind to go to")
        self.avoid, self.explore_cells, self.crowding = list(avoid), explore_cells, crowding
        self.timers = [_timer(spec, errand) for errand in self.errands]
        expressions = [feature for part in (*errands, *self.avoid) for feature in part.features()]
        timers: list[Feature] = [("seen", timer) for timer in self.timers if timer]
        self.reader = SurroundingsReader(spec, [*expressions, *timers], landmarks)
        # Errands that are about the same things share their place in the memory.
        targets = list(dict.fromkeys(errand.targets() for errand in self.errands))
        self.place_of = [targets.index(errand.targets()) for errand in self.errands]
        self.num_places = len(targets)
        self.actions = ActionTable(spec, self.errands, self.on_the_spot)
        onto, patience = zip(*((errand.onto, errand.patience) for errand in self.errands), strict=True)
        self.register_buffer("onto", torch.tensor(onto), persistent=False)
        self.register_buffer("patience", torch.tensor(patience), persistent=False)
        self._make_grids(spec.view_height, spec.view_width)

    def _make_grids(self, height: int, width: int) -> None:
        self.height, self.width, self.centre = height, width, (height // 2, width // 2)
        rows, columns = torch.arange(height).float() - height // 2, torch.arange(width).float() - width // 2
        ring = (rows.abs() == height // 2).unsqueeze(1) | (columns.abs() == width // 2).unsqueeze(0)
        self.register_buffer("rows", rows.unsqueeze(1), persistent=False)
        self.register_buffer("columns", columns.unsqueeze(0), persistent=False)
        self.register_buffer("ring", ring, persistent=False)

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return empty memory."""
        size = Memory.size(self.num_places, self.height, self.width, len(self.errands))
        return torch.zeros(num_rows, size, device=device)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        if observations.dim() == 3:
            actions, state = self._step(observations, action_mask, state, resets)
        else:
            chosen = []
            for step in zip(observations, action_mask, resets, strict=True):
                actions, state = self._step(step[0], step[1], state, step[2])
                chosen.append(actions)
            actions = torch.stack(chosen)
        logits = torch.full(action_mask.shape, FORBIDDEN, device=observations.device)
        logits.scatter_(-1, actions.unsqueeze(-1), 0.0)
        return PolicyOutput(logits, torch.zeros(resets.shape, device=observations.device), state)

    def _step(
        self, observations: Tensor, mask: Tensor, state: Tensor, resets: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the actions, int64 [B], and the next memory."""
        state = state * resets.logical_not().unsqueeze(1)
        memory = Memory.unpack(state, self.num_places, self.height, self.width)
        memory.seed_random(observations)
        around = self.reader.read(observations, memory)
        if around.tried is not None:
            memory.note_disobedience(around.tried)
        memory.notice_step(around.landmarks)
        targets = self._find_targets(around)
        memory.note_stations(targets, self._distance(0, 0))
        self._choose_place_to_explore(memory)
        prices = self._prices(around, mask)
        costs = self._costs_in_sight(around, targets, prices)
        goals = torch.minimum(self._goals_beyond(targets, prices, memory), costs.amin(1))
        action, last_move = self._act(around, targets, costs, goals)
        action, last_move = self._act_on_the_spot(around, action, last_move, mask)
        allowed = mask.gather(1, action.unsqueeze(1)).squeeze(1)
        memory.last_move = (last_move * allowed).float()
        # Who is dead sees nothing; whoever is born in its place later begins without memories.
        is_alive = (observations[..., 0] != EMPTY_CELL).any(1, keepdim=True)
        return torch.where(allowed, action, NOOP), memory.pack() * is_alive

    def _distance(self, row: Tensor | float, column: Tensor | float) -> Tensor:
        """Return the steps from every cell of the view to a place relative to the agent."""
        return (self.rows - row).abs() + (self.columns - column).abs()

    def _find_targets(self, around: Surroundings) -> Tensor:
        """Return where the things of each kind of target are, bool [B, places, H, W]."""
        found: list[Tensor] = []
        for index, errand in enumerate(self.errands):
            if self.place_of[index] != len(found):
                continue
            place = torch.stack([around.planes["kind", kind] for kind in errand.kinds]).amax(0) > 0
            place = place & all_hold(errand.target_conditions(), around)
            at_me = self._distance(0, 0) == 0
            blocked = around.solid | (around.crowd & ~at_me) if errand.onto else at_me
            found.append(place & ~blocked)
        return torch.stack(found, dim=1)

    def _choose_place_to_explore(self, memory: Memory) -> None:
        """Explore another place when the last one is in sight or was pursued for long."""
        near = memory.target[:, :2].abs().amax(1) <= min(self.centre) - 1
        renew = (near | (memory.target[:, 2] > EXPLORE_STEPS)).unsqueeze(1)
        place = torch.stack([memory.draw(), memory.draw(), torch.full_like(memory.random, 0.5)], dim=1)
        memory.target = torch.where(renew, (place * 2 - 1) * self.explore_cells, memory.target)

    def _prices(self, around: Surroundings, mask: Tensor) -> Tensor:
        """Return what each errand costs besides the way, float32 [B, errands]; `FAR` if it is impossible."""
        prices = []
        allowed = self.actions.allowed(mask) & (around.memory.patience >= 0)
        for index, errand in enumerate(self.errands):
            possible = all_hold(errand.own_conditions(), around).flatten(1)[:, 0] & allowed[:, index]
            cost = as_expression(errand.cost).read(around).flatten(1)[:, 0]
            prices.append(torch.where(possible, cost, FAR))
        return torch.stack(prices, dim=1)

    def _costs_in_sight(self, around: Surroundings, targets: Tensor, prices: Tensor) -> Tensor:
        """Return what each errand costs at each cell, besides the way, [B, errands, H, W]."""
        costs = []
        for index, timer in enumerate(self.timers):
            cost = torch.where(targets[:, self.place_of[index]], prices[:, index, None, None], FAR)
            if timer:
                cost = cost + (around.planes["seen", timer] - self._distance(0, 0)).clamp(min=0)
            costs.append(cost)
        return torch.stack(costs, dim=1).clamp(max=FAR)

    def _goals_beyond(self, targets: Tensor, prices: Tensor, memory: Memory) -> Tensor:
        """Return the cost of leaving the view at each cell of its edge, [B, H, W]: to return, or to explore."""
        in_sight = targets.flatten(2).any(2)
        known = ((memory.stations[..., 2] > 0) & ~in_sight)[:, self.place_of]
        known = known & torch.tensor([errand.remember for errand in self.errands], device=known.device)
        prices = torch.where(known, prices, FAR)
        places = memory.stations[:, self.place_of, :2, None, None]
        beyond = (self._distance(places[:, :, 0], places[:, :, 1]) + prices[..., None, None]).amin(1)
        explore = self._distance(memory.target[:, 0, None, None], memory.target[:, 1, None, None]) + EXPLORING
        return torch.where(self.ring, torch.minimum(beyond, explore), FAR).clamp(max=FAR)

    def _danger(self, around: Surroundings) -> Tensor | float:
        """Return what entering each cell costs more, because of what is to be avoided."""
        danger: Tensor | float = 0.0
        for fear in self.avoid:
            places = (around.planes["kind", fear.kind] > 0) & all_hold(fear.when, around)
            places = places & (self._distance(0, 0) > 0)
            danger = danger + fear.cost * spread(places, fear.radius)
        return danger

    def _act(
        self, around: Surroundings, targets: Tensor, costs: Tensor, goals: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the action that leads to the cheapest goal, int64 [B], and `Memory.last_move` for it."""
        table, heading = self.actions, around.heading
        is_target = costs.amin(1) < FAR
        crowd, wall = around.crowd & ~is_target, around.solid & ~targets.any(1)
        enter = torch.where(wall, FAR, 1.0 + self.crowding * crowd) + self._danger(around)
        impassable = around.solid | (around.crowd & is_target)
        way = costs_to_goal(torch.where(wall, FAR, goals), enter, impassable, ROUNDS)

        at_hand = torch.where(self.onto[:, None], FAR, beside(costs))  # [B, errands, 4]
        occupied = beside(crowd)
        ahead = beside(way + enter) + self.crowding * occupied
        ahead = torch.where(beside(around.solid) & (at_hand.amin(1) >= FAR), 2 * FAR, ahead)
        ahead.scatter_add_(1, heading.unsqueeze(1), torch.full_like(ahead[:, :1], -STRAIGHT_ON))
        best = ahead.argmin(1)
        pick = best.unsqueeze(1)
        cost, errand = at_hand.gather(2, pick.unsqueeze(1).expand(-1, len(self.errands), 1)).squeeze(2).min(1)
        is_there = (cost < FAR) & (cost <= beside(way).gather(1, pick).squeeze(1))
        stays = (ahead.gather(1, pick).squeeze(1) >= FAR) | occupied.gather(1, pick).squeeze(1)
        faces = (heading == best) | ~table.needs_facing[errand]
        waits = (
            self._rest_beside(around).flatten(1).gather(1, (errand * 4 + best).unsqueeze(1)).squeeze(1) > 1
        )
        deed = torch.where(faces, torch.where(waits, NOOP, table.deeds[errand, best]), table.turns[best])
        action = torch.where(stays, NOOP, torch.where(is_there, deed, table.moves[best]))
        last_move = torch.where(action == NOOP, 0, torch.where(is_there, best + 5, best + 1))

        here, errand_here = torch.where(self.onto, costs[:, :, *self.centre], FAR).min(1)
        is_on_it = (here < FAR) & (here <= ahead.amin(1))
        action = torch.where(is_on_it, table.deeds[errand_here, heading], action)
        last_move = torch.where(is_on_it, 0, last_move)
        busy_with = torch.where(is_on_it, errand_here, torch.where(is_there & faces & ~stays, errand, -1))
        around.memory.note_errand(busy_with, self.patience)
        return action, last_move

    def _rest_beside(self, around: Surroundings) -> Tensor:
        """Return the timers that the errands' things north, east, south and west show, [B, errands, 4]."""
        nothing = torch.zeros_like(beside(around.solid), dtype=torch.float32)
        timers = [beside(around.planes["seen", timer]) if timer else nothing for timer in self.timers]
        return torch.stack(timers, dim=1)

    def _act_on_the_spot(
        self, around: Surroundings, action: Tensor, last_move: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Replace the action where an errand without a kind is possible; the first one wins."""
        for errand, deed in reversed(list(zip(self.on_the_spot, self.actions.on_the_spot, strict=True))):
            possible = all_hold(errand.when, around).flatten(1)[:, 0] & mask[:, deed]
            action = torch.where(possible, deed, action)
            last_move = torch.where(possible, self.actions.direction[deed], last_move)
        return action, last_move


def _timer(spec: GameSpec, errand: Errand) -> str:
    """Return the timer that the errand waits for, if its game has it."""
    if errand.wait == COOLDOWN and COOLDOWN not in spec.feature_names:
        return ""
    return errand.wait
