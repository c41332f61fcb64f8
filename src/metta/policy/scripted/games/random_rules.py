"""Random rules: knows the rules that others must find out, and makes what is missing for the next heart.

A spec does not tell the rules, so the address must: `mock://scripted?difficulty=3&seed=0`. It is what full knowledge
is worth to an agent with a learner's sight. It does not wait for others at a distance and knows of no rests unseen.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from metta.policy.policy import Policy
from metta.policy.scripted import Errand, ErrandPolicy, Expression, Nearby, Own, Random, Seen
from metta.policy.scripted.surroundings import Surroundings
from mettagrid.config.verb import HEADINGS
from mettagrid.games.random_rules import Production, RuleSet, draw_rule_set, find_plan
from mettagrid.games.random_rules.game import COMPANY_RADIUS
from mettagrid.games.random_rules.rule_set import HEART, ITEM_CAP
from mettagrid.spec import GameSpec

GAME = "random_rules"

LATER = 10.0  # steps that everything else counts as longer while a perishable item is held
PATIENCE = 20  # steps of waiting for company
EXPLORE_CELLS = 7.0
YIELDING = 0.01  # how often, in each direction


def make_policy(spec: GameSpec, difficulty: str, seed: str) -> Policy:
    """Return the policy for the game that `make_random_rules(seed, difficulty)` draws for as many agents.

    Raises:
        ValueError: if difficulty or seed is no number or there is no such game.
    """
    rules = draw_rule_set(_number("seed", seed), _number("difficulty", difficulty), spec.num_agents)
    return make_informed_policy(spec, rules)


def make_informed_policy(spec: GameSpec, rules: RuleSet) -> Policy:
    """Return the policy that knows a rule set, drawn or written by hand.

    Raises:
        ValueError: if nobody can make a heart by these rules.
    """
    plan = find_plan(rules, spec.num_agents)
    if plan is None:
        raise ValueError(f"script of {GAME!r}: there is no plan for these rules")
    used = {step.station for step in plan if step.verb == "use"}
    useful = _from_goal_to_sources([p for p in rules.everything() if p.station in used])
    errands = [errand for production in useful for errand in _errands(production, useful, rules)]
    return ErrandPolicy(spec, [*_yielding(), *_marks(useful, rules), *errands], explore_cells=EXPLORE_CELLS)


def _yielding() -> list[Errand]:
    """Now and then a step anywhere when others are near: else two in a narrow place wait for each other forever."""
    crowded = Nearby("agent", 2) >= 1
    return [Errand(do=f"move_{heading}", when=[crowded, Random() < YIELDING]) for heading in HEADINGS]


class _Missing(Expression):
    """How often a station must still be used for the next heart, given what is held."""

    def __init__(self, useful: Sequence[Production], production: Production) -> None:
        self.useful = list(useful[: useful.index(production) + 1])
        self.needs = [("own", p.output) for p in self.useful if p.output and p.output != HEART]

    def read(self, around: Surroundings) -> Tensor:
        """See `Expression`."""
        wanted: dict[str, Tensor] = {HEART: torch.ones(1, 1, 1, device=around.device)}
        uses = wanted[HEART]
        for production in self.useful:
            name = str(production.output)
            short = wanted[name] if name == HEART else wanted[name] - around.own[name][:, None, None]
            uses = (short.clamp(min=0) / production.amount).ceil()
            for item, amount in production.inputs:
                wanted[item] = wanted.get(item, 0) + amount * uses
        return uses


def _errands(production: Production, useful: Sequence[Production], rules: RuleSet) -> list[Errand]:
    """Use the station when its product is missing and its inputs are there; open it first, if it is closed."""
    ready = _ready(production, useful, rules)
    is_open = (Seen("hp") == 0) & (Seen("jammed") == 0)
    stock = [Seen("stock") > 0] if production.stock is not None else []
    cost = 0.0
    if rules.perishable and rules.perishable not in [item for item, _ in production.inputs]:
        cost = LATER * (Own(rules.perishable) > 0)
    errands = [
        Errand(
            production.station,
            "use",
            when=[*ready, *_shows(production), is_open, *stock],
            cost=cost,
            patience=PATIENCE if production.people > 1 else 0,
        )
    ]
    if production.people > 1:
        company = Nearby("agent", COMPANY_RADIUS, of="target") >= production.people
        errands.insert(
            0, Errand(production.station, "use", when=[*errands[0].when, company], cost=cost - LATER)
        )
    if production.hits:
        errands.append(Errand(production.station, "attack", when=[*ready, Seen("hp") > 0], cost=cost))
    if production.is_jammed:
        errands.append(Errand(production.station, "move", when=[*ready, Seen("jammed") > 0], cost=cost))
    return errands


def _ready(production: Production, useful: Sequence[Production], rules: RuleSet) -> list[Expression]:
    """Its product is missing; its inputs are held; and if the product perishes, what it is used with is held, too."""
    ready = [_Missing(useful, production) > 0, *(Own(item) >= amount for item, amount in production.inputs)]
    if production.output != HEART:
        ready.append(Own(str(production.output)) <= ITEM_CAP - production.amount)
    if production.output == rules.perishable:
        users = [user for user in useful if rules.perishable in dict(user.inputs)]
        if len(users) == 1:
            ready += [Own(item) >= n for item, n in users[0].inputs if item != rules.perishable]
    return ready


def _marks(useful: Sequence[Production], rules: RuleSet) -> list[Errand]:
    """Show a mark when a station asks for it and nothing else is to be done with the present one."""
    marks = []
    for production in useful:
        if not production.mark:
            continue
        others = [p for p in useful if p.mark != production.mark]
        busy = [_all([*_ready(p, useful, rules), *_shows(p)]) for p in others]
        when = [
            Own("mark") != production.mark,
            *_ready(production, useful, rules),
            *(~other for other in busy),
        ]
        marks.append(Errand(do=f"mark_{production.mark}", when=when))
    return marks


def _shows(production: Production) -> list[Expression]:
    return [Own("mark") == production.mark] if production.mark else []


def _all(conditions: Sequence[Expression]) -> Expression:
    whole = conditions[0]
    for condition in conditions[1:]:
        whole = whole & condition
    return whole


def _from_goal_to_sources(productions: Sequence[Production]) -> list[Production]:
    """Who uses an item before who makes it."""
    ordered: list[Production] = []
    waiting = list(productions)
    while waiting:
        needed = {item for production in waiting for item, _ in production.inputs}
        ordered += [production for production in waiting if production.output not in needed]
        if len(ordered) + len(waiting) == len(productions):
            raise ValueError(f"script of {GAME!r}: the plan makes an item of itself")
        waiting = [production for production in waiting if production not in ordered]
    return ordered


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"mock://scripted: {name} must be a whole number (got {text!r})") from None
