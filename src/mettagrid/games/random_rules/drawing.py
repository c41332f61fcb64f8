"""Draws rule sets from a grammar: a tree of productions below a goal, twists on them, and stations that mislead.

The grammar grows from the goal: an item that is asked for gets a station, which is a source or asks for one or two
other items in turn. A draw whose shortest plan is too short or too long for its difficulty is thrown away.
"""

from dataclasses import dataclass, replace
from random import Random

from mettagrid.games.random_rules.planner import find_plan
from mettagrid.games.random_rules.rule_set import (
    ALTAR,
    HEART,
    ITEMS,
    MAX_INPUTS,
    NUM_MARKS,
    STATIONS,
    Production,
    RuleSet,
)

MAX_DIFFICULTY = 10
COOLDOWNS = (2, 4, 6, 8, 10)
"""Steps that stations rest."""
LONG_COOLDOWNS = (15, 20, 25, 30)
"""Steps that a station with the twist `rest` rests."""
MAX_HITS = 3
SPARE_STOCK = (0, 1, 2)
"""Uses that a limited stock has beyond what one heart takes."""
LASTS = (2, 3, 4)
"""Steps of a plan that a perishable item lasts."""


@dataclass(frozen=True)
class Level:
    """What a difficulty means."""

    min_steps: int
    """Fewest steps of the shortest plan."""
    max_steps: int
    """Most steps of the shortest plan."""
    num_stations: int
    """Kinds of stations, besides the altar."""
    num_idle: int
    """At least so many of them lead nowhere."""
    num_twists: int
    """Conditions beside having the inputs."""


def level_of(difficulty: int) -> Level:
    """Tell what a difficulty means.

    Raises:
        ValueError: it is not 1 to 10.
    """
    if not 1 <= difficulty <= MAX_DIFFICULTY:
        raise ValueError(f"difficulty: must be 1 to {MAX_DIFFICULTY} (got {difficulty})")
    return Level(
        min_steps=difficulty + 1,
        max_steps=difficulty + 2,
        num_stations=min(2 + difficulty, len(STATIONS)),
        num_idle=1 if difficulty < 6 else 2,
        num_twists=(difficulty - 1) // 2,
    )


def draw_rule_set(seed: int, difficulty: int, num_agents: int = 1) -> RuleSet:
    """Draw a rule set that can be solved, and whose shortest plan is as long as the difficulty says.

    Args:
        seed: any number; the same one gives the same rules.
        difficulty: 1 (take something to the altar) to 10; see `level_of`.
        num_agents: agents in the world; with one, nothing asks for company.

    Raises:
        ValueError: the difficulty is not 1 to 10.
    """
    level = level_of(difficulty)
    company = min(num_agents, 2)
    rng = Random(f"{seed} {difficulty} {company}")
    while True:
        rules = _Draft(rng, level, company).rule_set(difficulty)
        plan = find_plan(rules, company)
        if plan is not None and level.min_steps <= len(plan) <= level.max_steps:
            return rules


class _Draft:
    """A rule set that is being drawn."""

    def __init__(self, rng: Random, level: Level, company: int) -> None:
        self.rng, self.level, self.company = rng, level, company
        self.items = rng.sample(ITEMS, len(ITEMS))
        """Those in use come first; each is made of later ones, so that nothing is made of itself."""
        self.stations = rng.sample(STATIONS[: level.num_stations], level.num_stations)
        most = min(level.num_stations - level.num_idle, level.max_steps - 1)
        self.num_useful = rng.randint(min(most, (level.min_steps + 1) // 2), most)
        self.num_named = 0
        self.perishable: str | None = None

    def rule_set(self, difficulty: int) -> RuleSet:
        """Draws everything."""
        useful = [replace(self._goal(), cooldown=2)]
        while len(useful) <= self.num_named:
            useful.append(self._maker(len(useful) - 1))
        for _ in range(self.level.num_twists):
            self._twist(useful)
        idle = [self._idle(station) for station in self.stations[self.num_named :]]
        productions = sorted([*useful[1:], *idle], key=lambda production: production.station)
        lasts = self.rng.choice(LASTS) if self.perishable else 0
        return RuleSet(useful[0], tuple(productions), self.perishable, lasts, difficulty)

    def _goal(self) -> Production:
        kinds = 1 if self.num_useful == 1 else self.rng.choice((1, 1, 2))
        return Production(ALTAR, self._new_inputs(kinds), HEART)

    def _maker(self, index: int) -> Production:
        """The station that makes item `index`: a source, unless more items shall come and it must ask for them."""
        rng, room = self.rng, self.num_useful - self.num_named
        is_last = index == self.num_named - 1
        kinds = rng.randint(1 if is_last else 0, MAX_INPUTS) if room else rng.choice((0, 0, 0, 1))
        amount = 2 if rng.random() < 0.15 else 1
        inputs = self._new_inputs(min(kinds, room)) if room else self._old_inputs(index, kinds)
        return Production(self.stations[index], inputs, self.items[index], amount, rng.choice(COOLDOWNS))

    def _new_inputs(self, kinds: int) -> tuple[tuple[str, int], ...]:
        names = self.items[self.num_named : self.num_named + kinds]
        self.num_named += kinds
        return tuple((name, self._amount()) for name in names)

    def _old_inputs(self, index: int, kinds: int) -> tuple[tuple[str, int], ...]:
        """Inputs that something else needs, too."""
        later = self.items[index + 1 : self.num_named]
        return tuple((name, self._amount()) for name in self.rng.sample(later, min(kinds, len(later))))

    def _amount(self) -> int:
        return 2 if self.rng.random() < 0.25 else 1

    def _twist(self, useful: list[Production]) -> None:
        """Makes one of the stations that matter harder to use; one that was made harder already is drawn again."""
        while True:
            index = self.rng.randrange(len(useful))
            twisted = self._twisted(useful[index], self.rng.choice(TWISTS))
            if twisted is not None:
                useful[index] = twisted
                return

    def _twisted(self, old: Production, twist: str) -> Production | None:
        """The production with a twist; None if the twist does not fit it."""
        rng, is_goal = self.rng, old.output == HEART
        ways: dict[str, tuple[bool, dict[str, int]]] = {
            "mark": (not old.mark, {"mark": rng.randint(1, NUM_MARKS)}),
            "hits": (not old.is_closed, {"hits": rng.randint(1, MAX_HITS)}),
            "jam": (not old.is_closed, {"is_jammed": True}),
            "people": (old.people == 1 and self.company > 1, {"people": 2}),
            "stock": (old.stock is None and not is_goal, {"stock": 2 + rng.choice(SPARE_STOCK)}),
            "rest": (old.cooldown not in LONG_COOLDOWNS, {"cooldown": rng.choice(LONG_COOLDOWNS)}),
            "perish": (self.perishable is None and not is_goal, {}),
        }
        fits, changes = ways[twist]
        if not fits:
            return None
        if twist == "perish":
            self.perishable = old.output
        return replace(old, **changes)

    def _idle(self, station: str) -> Production:
        """A station that leads nowhere: it gives what nobody wants, or takes what is wanted elsewhere."""
        rng = self.rng
        wanted, unwanted = self.items[: self.num_named], self.items[self.num_named :]
        output = rng.choice([*unwanted, None]) if unwanted else None
        inputs = [item for item in wanted + unwanted if item != output]
        kinds = rng.randint(0 if output else 1, MAX_INPUTS)
        takes = tuple((item, self._amount()) for item in rng.sample(inputs, kinds))
        return Production(station, takes, output, cooldown=rng.choice(COOLDOWNS))


TWISTS = ("mark", "hits", "jam", "people", "stock", "rest", "perish")
"""What can make a station harder to use; docs/games/random_rules.md says what each means."""
