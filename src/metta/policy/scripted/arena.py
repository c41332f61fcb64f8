"""`mock://scripted` plays the arena well: it harvests, charges in pairs, and turns energy into hearts.

It sees what a learner sees, by the names of the features, and keeps a little memory. It never attacks. It is
the baseline that learners are measured against.
"""

import torch
from torch import Tensor

from metta.io.action_head import FORBIDDEN
from metta.policy.policy import Policy, PolicyOutput
from metta.policy.scripted.memory import Memory
from metta.policy.scripted.paths import FAR, costs_to_goal, neighbours
from metta.policy.scripted.sight import Sight
from mettagrid.spec import GameSpec

NAME = "scripted"

STATIONS = ("kind:altar", "kind:charger", "kind:generator_red", "kind:generator_blue")
OBSTACLES = ("kind:border", "kind:wall")
HEADINGS = ("north", "east", "south", "west")
NUM_STATIONS, NUM_STATIC = len(STATIONS), len(STATIONS) + len(OBSTACLES)
AGENT, HEADING, COOLDOWN = NUM_STATIC, NUM_STATIC + 1, NUM_STATIC + 2

ENOUGH_ENERGY = 112.0  # for a heart, which costs 100, and the way on
FULL_ENERGY = 140.0  # above it, charging a pair would spill
MOST_DIAMONDS = 4.0
DETOUR = 3.0  # how many steps nearer than the goal a diamond must be to be fetched first
CROWDED = 2.0  # steps that an agent in the way costs
EXPLORING = 15.0  # steps that going to see costs more than going to a known place
EXPLORE_STEPS = 20.0
EXPLORE_CELLS = 14.0
ROUNDS = 14


class ScriptedArenaPolicy(Policy):
    """Walks the cheapest way to the most useful station in sight or in memory, else explores.

    Raises:
        ValueError: if the game lacks something of the arena.
    """

    action_ids: Tensor
    rows: Tensor
    columns: Tensor
    ring: Tensor

    def __init__(self, spec: GameSpec) -> None:
        super().__init__(spec)
        seen = [*STATIONS, *OBSTACLES, "kind:agent", "heading", "cooldown"]
        self.sight = Sight(spec, seen, own=["own:energy", "own:red", "own:blue"])
        self.height, self.width = spec.view_height, spec.view_width
        self.centre = (self.height // 2, self.width // 2)
        names = ["noop", "use", *(f"{verb}_{heading}" for verb in ("move", "turn") for heading in HEADINGS)]
        missing = [name for name in names if name not in spec.action_names]
        if missing:
            raise ValueError(f"game {spec.name!r} has no action {missing[0]!r}, which this policy needs")
        ids = torch.tensor([spec.action_names.index(name) for name in names])
        self.register_buffer("action_ids", ids, persistent=False)
        rows = torch.arange(self.height).float() - self.centre[0]
        columns = torch.arange(self.width).float() - self.centre[1]
        self.register_buffer("rows", rows.unsqueeze(1), persistent=False)
        self.register_buffer("columns", columns.unsqueeze(0), persistent=False)
        ring = (rows.abs() == self.centre[0]).unsqueeze(1) | (columns.abs() == self.centre[1]).unsqueeze(0)
        self.register_buffer("ring", ring, persistent=False)

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return empty memory."""
        return torch.zeros(num_rows, Memory.size(NUM_STATIONS, self.height, self.width), device=device)

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
        memory = Memory.unpack(state, NUM_STATIONS, self.height, self.width)
        memory.seed_random(observations)
        seen, own = self.sight.read(observations)
        memory.notice_step(seen[:, :NUM_STATIC].amax(1) > 0)
        memory.note_stations(seen[:, :NUM_STATIONS] > 0, self._distance(0, 0))
        self._choose_target(memory)
        goals = self._goals(seen, self._desires(own), memory)
        actions = self._act(seen, goals, memory)
        allowed = mask.gather(1, actions.unsqueeze(1)).squeeze(1)
        memory.last_move *= allowed
        return torch.where(allowed, actions, self.action_ids[0]), memory.pack()

    def _distance(self, row: Tensor | float, column: Tensor | float) -> Tensor:
        """Return the steps from every cell of the view to a place relative to the agent."""
        return (self.rows - row).abs() + (self.columns - column).abs()

    def _choose_target(self, memory: Memory) -> None:
        """Explore another place when the last one is in sight or was pursued for long."""
        near = memory.target[:, :2].abs().amax(1) <= min(self.centre) - 1
        renew = (near | (memory.target[:, 2] > EXPLORE_STEPS)).unsqueeze(1)
        place = torch.stack([memory.draw(), memory.draw(), torch.full_like(memory.random, 0.5)], dim=1)
        memory.target = torch.where(renew, (place * 2 - 1) * EXPLORE_CELLS, memory.target)

    def _desires(self, own: Tensor) -> Tensor:
        """Return how many steps nearer than the best a station must be, [B, kinds]; `FAR` = useless."""
        energy, red, blue = own.unbind(1)
        no = torch.full_like(energy, FAR)
        rich = energy >= ENOUGH_ENERGY
        altar = torch.where(rich, 0.0, no)
        pair = (red > 0) & (blue > 0) & (energy <= FULL_ENERGY)
        single = (red + blue >= MOST_DIAMONDS) & ~rich
        charger = torch.where(pair, 0.0, torch.where(single, 8.0, no))
        generators = []
        for stock in (red, blue):
            needed = (stock == 0) & ~rich
            later = torch.where(stock <= MOST_DIAMONDS, DETOUR + 2 * stock, no)
            generators.append(torch.where(needed, 0.0, later))
        return torch.stack([altar, charger, *generators], dim=1)

    def _goals(self, seen: Tensor, desires: Tensor, memory: Memory) -> Tensor:
        """Return the cost of ending at each cell, [B, H, W]."""
        distance = self._distance(0, 0)
        wait = (seen[:, COOLDOWN] - distance).clamp(min=0)
        stations = torch.where(seen[:, :NUM_STATIONS] > 0, desires[..., None, None], FAR).amin(1) + wait
        remembered = (memory.stations[..., 2] > 0) & (seen[:, :NUM_STATIONS].flatten(2).amax(2) == 0)
        beyond = self._distance(memory.stations[..., 0, None, None], memory.stations[..., 1, None, None])
        beyond = torch.where(remembered[..., None, None], beyond + desires[..., None, None], FAR).amin(1)
        explore = self._distance(memory.target[:, 0, None, None], memory.target[:, 1, None, None]) + EXPLORING
        return torch.where(self.ring, torch.minimum(beyond, explore), FAR).minimum(stations).clamp(max=FAR)

    def _act(self, seen: Tensor, goals: Tensor, memory: Memory) -> Tensor:
        """Return the action that leads to the cheapest goal, and note it as the last move."""
        station = seen[:, :NUM_STATIONS].amax(1) > 0
        static = seen[:, :NUM_STATIC].amax(1) > 0
        agent = seen[:, AGENT] > 0
        enter = torch.where(static & ~station, FAR, 1.0 + CROWDED * agent)
        costs = costs_to_goal(torch.where(static & ~station, FAR, goals), enter, static, ROUNDS)
        row, column = self.centre
        ahead = neighbours(costs + enter)[..., row, column].T  # [B, 4]
        occupied = neighbours(agent.float())[..., row, column].T == 1
        heading = (seen[:, HEADING, row, column].long() - 1).clamp(min=0)
        ahead = ahead + CROWDED * occupied
        ahead.scatter_add_(1, heading.unsqueeze(1), torch.full_like(ahead[:, :1], -0.5))
        best = ahead.argmin(1)
        pick = best.unsqueeze(1)
        at_station = neighbours(station.float())[..., row, column].T.gather(1, pick).squeeze(1) == 1
        cooling = neighbours(seen[:, COOLDOWN])[..., row, column].T.gather(1, pick).squeeze(1) > 1
        faces = heading == best
        stay = (ahead.gather(1, pick).squeeze(1) >= FAR) | occupied.gather(1, pick).squeeze(1)
        use = torch.where(cooling, 0, 1)
        at_it = torch.where(faces, use, 6 + best)
        choice = torch.where(stay, 0, torch.where(at_station, at_it, 2 + best))
        memory.last_move = torch.where((choice >= 2) & (choice < 6), best + 1, 0).float()
        return self.action_ids[choice]


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for a game like the arena."""
    return ScriptedArenaPolicy(spec)
