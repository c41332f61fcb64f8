"""A rule set as a game.

All games have the same names and the same form of rules, and those of one difficulty the same map; only numbers and
names in the slots of the form differ. What a rule does not ask for, it asks for 0 of, which always holds.
"""

from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions, numbered
from mettagrid.games.random_rules.drawing import LONG_COOLDOWNS, MAX_HITS, draw_rule_set
from mettagrid.games.random_rules.planner import find_plan
from mettagrid.games.random_rules.rule_set import (
    ALTAR,
    HEART,
    ITEM_CAP,
    ITEMS,
    MAX_INPUTS,
    NUM_MARKS,
    STATIONS,
    Production,
    RuleSet,
)
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Count,
    Every,
    Filter,
    HasRoom,
    Nearby,
    Push,
    Reward,
    Rule,
    Set,
    Step,
    Take,
)

NEVER = 255
"""An amount that nobody has."""
TIMER_CAP = 255
STOCK_CAP = 9
RENEWAL_PERIOD = 25
"""Steps in which a limited stock gets one use back."""
STEPS_A_PLAN_STEP = 20
"""Time that a perishable item gets for each plan step that it lasts: enough to cross the map."""
COMPANY_RADIUS = 2
"""How near to a station those who stand around it must be, in cells."""
SHAPED_TOTAL = 0.5
"""Shaping rewards of one pass through a plan."""


def make_random_rules(
    seed: int = 0,
    difficulty: int = 3,
    num_agents: int = 4,
    shaped: bool = False,
    size: tuple[int, int] = (13, 13),
    num_walls: int = 4,
    max_steps: int = 500,
) -> GameConfig:
    """Draw a game that can be solved and whose rules nobody knows.

    Args:
        seed: draws the rules; the same seed and difficulty give the same ones.
        difficulty: 1 to 10; see `docs/games/random_rules.md`.
        num_agents: agents in a world; only with two or more does anything ask for company.
        shaped: small rewards for using the stations that lead to a heart, for training.
        size: rows and columns of the field inside its border.
        num_walls: walls scattered over the field.
        max_steps: steps in an episode.
    """
    rules = draw_rule_set(seed, difficulty, num_agents)
    game = make_game(rules, num_agents, shaped)
    return game.override_all(
        {
            "map.height": size[0],
            "map.width": size[1],
            "map.obstacles": {"wall": num_walls},
            "max_steps": max_steps,
        }
    )


def make_game(rules: RuleSet, num_agents: int = 4, shaped: bool = False) -> GameConfig:
    """Turn a rule set, drawn or written by hand, into a game."""
    kinds = [ALTAR, *(production.station for production in rules.productions)]
    useful = _rewards(rules, num_agents) if shaped else {}
    return GameConfig(
        name="random_rules",
        num_agents=num_agents,
        max_steps=500,
        variables=_variables(),
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
            "attack": Verb(aim=Ahead()),
            "mark": Verb(choices=numbered(0, NUM_MARKS)),
        },
        objects=_objects(rules),
        rules=[
            *(_use(production, rules, useful.get(production.station, 0)) for production in _all_kinds(rules)),
            *_openings(),
            Rule(on="move", target="empty", then=[Step()]),
            Rule(on="mark", then=[Set("mark", Argument())]),
            *_passing_time(rules),
        ],
        map=RandomMap(
            height=13,
            width=13,
            border="border",
            stations=dict.fromkeys(kinds, 2),
            obstacles={"wall": 4},
        ),
    )


def _rewards(rules: RuleSet, num_agents: int) -> dict[str, float]:
    """Shaping reward of each station's use: those of one pass through the plan add up to `SHAPED_TOTAL`."""
    plan = find_plan(rules, num_agents) or []
    uses = [step.station for step in plan if step.verb == "use" and step.station != ALTAR]
    return dict.fromkeys(uses, round(SHAPED_TOTAL / max(len(uses), 1), 3))


def _variables() -> dict[str, Variable]:
    return {
        **{item: Variable(cap=ITEM_CAP, shown="self", counted=True) for item in ITEMS},
        HEART: Variable(cap=1000, shown="self", counted=True),
        "mark": Variable(cap=NUM_MARKS, shown="all"),
        "timer": Variable(cap=TIMER_CAP, countdown=True, shown="self"),
        "cooldown": Variable(cap=max(LONG_COOLDOWNS), countdown=True, shown="all", agents=False),
        "hp": Variable(cap=MAX_HITS, shown="all", agents=False),
        "jammed": Variable(cap=1, shown="all", agents=False),
        "stock": Variable(cap=STOCK_CAP, shown="all", agents=False),
    }


def _all_kinds(rules: RuleSet) -> list[Production]:
    """The goal and what each kind of station does; those that do not stand on the map ask for the impossible."""
    drawn = {production.station: production for production in rules.productions}
    absent = ((ITEMS[0], NEVER),)
    return [rules.goal, *(drawn.get(station, Production(station, absent)) for station in STATIONS)]


def _objects(rules: RuleSet) -> dict[str, ObjectKind]:
    stations = {production.station: _station(production) for production in _all_kinds(rules)}
    return {"border": ObjectKind(), "wall": ObjectKind(), **stations}


def _station(production: Production) -> ObjectKind:
    stock = production.stock or 0
    has = {"cooldown": 0, "hp": production.hits, "jammed": int(production.is_jammed), "stock": stock}
    return ObjectKind(has=has, caps={"stock": stock})


def _use(production: Production, rules: RuleSet, reward: float) -> Rule:
    """The form that all stations share."""
    inputs = [*production.inputs, *[(ITEMS[0], 0)] * MAX_INPUTS][:MAX_INPUTS]
    output, amount = (production.output, production.amount) if production.output else (ITEMS[0], 0)
    paid = dict(production.inputs).get(output, 0)
    lasts = _steps_to_last(rules) if output == rules.perishable and amount else 0
    stock = int(production.stock is not None)
    return Rule(
        on="use",
        target=production.station,
        when=[
            AtMost("cooldown", 0, of="target"),
            AtMost("hp", 0, of="target"),
            AtMost("jammed", 0, of="target"),
            AtLeast("stock", stock, of="target"),
            *(AtLeast(item, number) for item, number in inputs),
            HasRoom(output, max(amount - paid, 0)),
            *_shows(production.mark),
            Nearby("agent", production.people, COMPANY_RADIUS, of="target"),
        ],
        then=[
            *(Take(item, number) for item, number in inputs),
            Add(output, amount),
            Set("cooldown", production.cooldown, of="target"),
            Take("stock", stock, of="target"),
            Take("timer", TIMER_CAP if lasts else 0),
            Add("timer", lasts),
            Reward(1.0 if output == HEART else reward),
            # Equal rules share rows of the tables; a count of its own keeps each station's rows apart in every game.
            Count(f"use.{production.station}"),
        ],
    )


def _shows(mark: int) -> list[Filter]:
    """The actor shows this mark; 0 if any will do."""
    return [AtLeast("mark", mark), AtMost("mark", mark or NUM_MARKS)]


def _steps_to_last(rules: RuleSet) -> int:
    """Time for the steps of a plan that the perishable item lasts: to walk, and to wait for a station once."""
    longest_rest = max(production.cooldown for production in rules.everything())
    return min(rules.lasts * STEPS_A_PLAN_STEP + longest_rest, TIMER_CAP)


def _openings() -> list[Rule]:
    """A station with hit points must be broken open; a jammed one must be pushed, and gives way if it can."""
    stations = [ALTAR, *STATIONS]
    return [
        Rule(
            on="attack",
            target=stations,
            when=[AtLeast("hp", of="target")],
            then=[Take("hp", 1, of="target")],
        ),
        Rule(
            on="move",
            target=stations,
            when=[AtLeast("jammed", of="target")],
            then=[Set("jammed", 0, of="target"), Push()],
        ),
    ]


def _passing_time(rules: RuleSet) -> list[Rule]:
    """Stocks come back; what is kept for too long is lost."""
    item, kept = (rules.perishable, 1) if rules.perishable else (ITEMS[0], NEVER)
    return [
        Rule(on="step", target=[ALTAR, *STATIONS], when=[Every(RENEWAL_PERIOD)], then=[Add("stock", 1)]),
        Rule(
            on="step",
            target="agent",
            when=[AtLeast(item, kept), AtMost("timer", 0)],
            then=[Take(item, "all")],
        ),
    ]
