"""GameConfig: a whole game as data. Checks itself; `mettagrid.compile` turns it into the core's tables."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, model_validator

from mettagrid.config.base import Config
from mettagrid.config.sharing import GIVEN, RECEIVED, BondSharing, Gene, Sharing
from mettagrid.config.things import (
    HEADING,
    Body,
    Ground,
    ObjectKind,
    Value,
    Variable,
    View,
    check_cap,
    check_keys,
)
from mettagrid.config.vary import Varied, check_vary
from mettagrid.config.verb import Aim, Choice, Oneself, Verb
from mettagrid.kinship import Kinship, NoKinship
from mettagrid.maps import AsciiMap, MapConfig
from mettagrid.rules import (
    PLAIN,
    STEP,
    Birth,
    Bond,
    Count,
    Filter,
    Names,
    Rule,
    encode_attempt,
    encode_conditions,
    unknown_name,
)

NOOP = "noop"
"""Action 0 of every game: do nothing. It costs nothing and is always possible."""

WORLD, GROUP = "world", "group"
"""Names of the kinds of the two things without a place; verbs do not meet them, rules of every step do."""
SIGHT = "sight"
"""A variable of this name limits how many cells its agent sees; if the world has it, everybody."""

_RESERVED = {
    "objects": ("empty", "agent", "any", "self", WORLD, GROUP),
    "grounds": (PLAIN, "empty", "agent", "any", "self", WORLD, GROUP),
    "verbs": (NOOP, STEP),
    "variables": (),
    "bodies": (),
}


@dataclass(frozen=True)
class Action:
    """One entry of the action space: a verb with one of its choices."""

    name: str
    verb_name: str
    verb: Verb
    aim: Aim
    number: int | None
    requires: list[Filter]


class GameConfig(Config):
    """A game: who and what is in it, what agents can do, what then happens, and where it all stands.

    A game that contradicts itself is refused with one line: the path of the field, what is wrong with it and
    the nearest valid name. Lists and dicts that are changed in place are checked when the game is compiled.
    """

    name: str = "game"
    """Name of the game, for people and checkpoints."""
    num_agents: Annotated[int, Field(ge=1, le=65535)] = 1
    """Agents in a world."""
    max_steps: Annotated[int, Field(ge=1, le=2**30)] = 1000
    """Steps after which an episode ends."""
    view: View = Field(default_factory=View)
    """What agents see."""
    variables: dict[str, Variable] = Field(default_factory=dict)
    """What things carry, by name. `heading` is always there and need not be listed."""
    bodies: dict[str, Body] = Field(default_factory=lambda: {"default": Body()})
    """Bodies that agents have, by name."""
    starts: dict[str, list[Value]] = Field(default_factory=dict)
    """Initial values dealt out to the agents in turn: `team: [1, 2]` makes two teams. They outrank bodies."""
    requires: list[Filter] = Field(default_factory=list)
    """Filters on the actor that every verb but noop requires, for example that it is not frozen."""
    verbs: dict[str, Verb] = Field(default_factory=dict)
    """What agents can do besides noop, by name; their order is that of the actions."""
    objects: dict[str, ObjectKind] = Field(default_factory=dict)
    """Kinds of objects, by name."""
    world: ObjectKind | None = None
    """What the world itself has: season, weather, daylight. Shown variables are seen by all as `world:<name>`."""
    group: ObjectKind | None = None
    """What each group shares. Its members see the shown variables as `group:<name>`."""
    num_groups: Annotated[int, Field(ge=0, le=1024)] = 0
    """How many groups there are; they are numbered from 1."""
    group_variable: str | None = None
    """The variable of agents that says which group they are in; 0 is none."""
    grounds: dict[str, Ground] = Field(default_factory=dict)
    """Kinds of ground besides `plain`, by name; maps place them, `Lay` changes them."""
    traces: list[str] = Field(default_factory=list)
    """Names of what agents can leave on the ground and what fades again (feature `trace:<name>`)."""
    kinship: Kinship = Field(default_factory=NoKinship)
    """Who is how near to whom, and who sees it (feature `kinship` of an agent in sight)."""
    sharing: list[Sharing] = Field(default_factory=list)
    """How rewards are passed on, in this order."""
    initial_agents: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Agents at the start of an episode; the other slots wait for births. None for all of them."""
    heredity: dict[str, Gene] = Field(default_factory=dict)
    """Variables that children get from their parents, by name; the others start as the body says."""
    sample_bodies: bool = False
    """Whether each agent draws its body anew in every episode, by the shares of the bodies; else they are dealt out."""
    rules: list[Rule] = Field(default_factory=list)
    """What happens, in the order in which it is tried."""
    statistics: list[str] = Field(default_factory=list)
    """Further names of statistics, in this order; those that rules count need not be listed."""
    map: MapConfig = Field(default_factory=AsciiMap)
    """Where things stand when an episode begins."""
    shuffle_spawns: bool = True
    """Whether agents start at the map's places in a new order each episode; else agent i at place i."""
    spare_objects: Annotated[int, Field(ge=0, le=60000)] = 64
    """Room for objects that rules spawn during an episode; a game without Spawn keeps none."""
    vary: dict[str, Varied] = Field(default_factory=dict)
    """Numbers drawn in every episode (those of `map` for every map), by dotted path; `Together` by any name."""

    @model_validator(mode="after")
    def _check_on_change(self) -> "GameConfig":
        self.check()
        return self

    def all_variables(self) -> dict[str, Variable]:
        """The variables by name, in the order of their ids: heading first."""
        return {"heading": self.variables.get("heading", HEADING)} | self.variables

    def kind_names(self) -> list[str]:
        """Names of the kinds, in the order of their ids."""
        return ["empty", "agent", *self.all_objects()]

    def all_objects(self) -> dict[str, ObjectKind]:
        """The kinds of objects by name, in the order of their ids; those without a place at the end."""
        placeless = {WORLD: self.world, GROUP: self.group}
        return self.objects | {name: kind for name, kind in placeless.items() if kind is not None}

    def map_values(self) -> dict[str, int]:
        """What a cell of a map holds for each name: the kind's id, or 256 times the ground's."""
        kinds = {name: index for index, name in enumerate(self.kind_names()) if name not in (WORLD, GROUP)}
        return kinds | {name: 256 * index for index, name in enumerate(self.grounds, start=1)}

    @property
    def num_starting(self) -> int:
        """Agents at the start of an episode."""
        return self.num_agents if self.initial_agents is None else self.initial_agents

    @property
    def has_bonds(self) -> bool:
        """Whether agents can become mates."""
        return any(isinstance(effect, Bond) for rule in self.rules for effect in rule.then)

    def trait_names(self) -> list[str]:
        """Names of the traits: those of the bodies and `price_<verb>` for every verb that is paid."""
        prices = [f"price_{name}" for name, verb in self.verbs.items() if verb.pays]
        return [*dict.fromkeys(trait for body in self.bodies.values() for trait in body.traits), *prices]

    def stat_names(self) -> list[str]:
        """Names of the statistics, in the order of their ids."""
        names = [f"action.{verb}.{end}" for verb in [NOOP, *self.verbs] for end in ("success", "failed")]
        counted = [name for name, variable in self.all_variables().items() if variable.counted]
        names += [f"{name}.{end}" for name in counted for end in ("gained", "lost")]
        effects = [effect for rule in self.rules for effect in rule.then]
        effects += [effect for verb in self.verbs.values() for effect in verb.always]
        names += [GIVEN, RECEIVED] if self.sharing else []
        names += self.statistics + [effect.statistic for effect in effects if isinstance(effect, Count)]
        return list(dict.fromkeys(names))

    def actions(self) -> list[Action]:
        """The action space, in the order of the ids; noop first."""
        return [Action(NOOP, NOOP, Verb(), Oneself(), None, []), *self._chosen_actions()]

    def _chosen_actions(self) -> Iterator[Action]:
        for name, verb in self.verbs.items():
            if not verb.choices:
                yield Action(name, name, verb, verb.aim, None, self.requires + verb.requires)
            for choice in verb.choices:
                yield _chosen(name, verb, choice, self.requires)

    def names(self) -> Names:
        """The indices of all names, as rules need them."""
        return Names(
            variables=_indices(self.all_variables()),
            kinds=_indices(self.kind_names()),
            bodies=_indices(self.bodies),
            traits=_indices(self.trait_names()),
            statistics=_indices(self.stat_names()),
            grounds=_indices([PLAIN, *self.grounds]),
            traces={name: index for index, name in enumerate(self.traces, start=1)},
        )

    def agent_bodies(self) -> list[str]:
        """The body that each agent starts with: first body first, shares rounded so that they add up."""
        total = sum(body.share for body in self.bodies.values())
        ends, sum_so_far = [], 0.0
        for body in self.bodies.values():
            sum_so_far += body.share
            ends.append(round(self.num_agents * sum_so_far / total))
        starts = [0, *ends[:-1]]
        counts = [end - start for start, end in zip(starts, ends, strict=True)]
        return [name for name, count in zip(self.bodies, counts, strict=True) for _ in range(count)]

    def check(self) -> None:
        """Refuses a game that contradicts itself.

        Raises:
            ValueError: one line with the path of the field, what is wrong and what would be right.
        """
        self._check_names()
        self._check_things()
        self._check_society()
        names = self.names()
        self._check_verbs(names)
        for index, rule in enumerate(self.rules):
            place = f"rules.{index} (on {'/'.join(rule.verbs)}, target {'/'.join(rule.targets)})"
            with_place(place, self._check_rule, rule, names)
        with_place("map", self.map.check, self.num_starting, self.map_values())
        with_place("vary", check_vary, self, self.vary)

    def _check_names(self) -> None:
        for field, reserved in _RESERVED.items():
            for name in getattr(self, field):
                if name in reserved:
                    raise ValueError(f"{field}: the name '{name}' is taken by the game itself")
                if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                    raise ValueError(f"{field}: the name '{name}' must be lower case letters, digits and _")
        for name in self.traces:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(f"traces: the name '{name}' must be lower case letters, digits and _")
        if both := sorted(set(self.grounds) & set(self.objects)):
            raise ValueError(
                f"grounds: '{both[0]}' names a kind of object, too; maps could not tell them apart"
            )
        actions = [action.name for action in self.actions()]
        for name in actions:
            if actions.count(name) > 1 or (name in self.verbs and self.verbs[name].choices):
                raise ValueError(f"verbs: '{name}' would name two actions or an action and a verb")

    def _check_things(self) -> None:
        variables = self.all_variables()
        for name, variable in variables.items():
            check_cap(f"variables.{name}.initial", variable.initial, variable.cap)
        if variables["heading"].cap != 3:
            raise ValueError("variables.heading: the cap must be 3 (north, east, south, west)")
        traits = {trait for body in self.bodies.values() for trait in body.traits}
        paid = [name for name, verb in self.verbs.items() if verb.pays]
        if taken := sorted(traits & {f"price_{name}" for name in paid}):
            raise ValueError(f"bodies: the trait '{taken[0]}' is the price of a verb; set it in `prices`")
        for name, body in self.bodies.items():
            with_place(f"bodies.{name}", body.check, variables, paid, self.view)
            if missing := sorted(traits - set(body.traits)):
                raise ValueError(f"bodies.{name}.traits: lacks {', '.join(missing)}, which other bodies have")
        if not sum(body.share for body in self.bodies.values()) > 0:
            raise ValueError("bodies: at least one body needs a share above 0")
        for name, kind in self.all_objects().items():
            place = name if name in (WORLD, GROUP) else f"objects.{name}"
            with_place(place, kind.check, variables, traits)
        check_keys("starts", "variable", self.starts, variables)
        for name, values in self.starts.items():
            if not values:
                raise ValueError(f"starts.{name}: needs at least one value")
            check_cap(f"starts.{name}", max(values), variables[name].cap)

    def _check_society(self) -> None:
        variables = self.all_variables()
        if self.num_starting > self.num_agents:
            raise ValueError(
                f"initial_agents: {self.num_starting} are more than num_agents, {self.num_agents}"
            )
        births = any(isinstance(effect, Birth) for rule in self.rules for effect in rule.then)
        if self.num_starting < self.num_agents and not births:
            raise ValueError("initial_agents: the other slots need a rule with Birth")
        check_keys("heredity", "variable", self.heredity, variables)
        if self.group_variable is not None:
            check_keys("group_variable", "variable", [self.group_variable], variables)
        if self.num_groups > 0 and (self.group is None or self.group_variable is None):
            raise ValueError(
                "num_groups: groups need `group` (what they share) and `group_variable` (who is in which)"
            )
        if self.group is not None and self.num_groups == 0:
            raise ValueError("group: needs `num_groups`, how many there are")
        if len(self.traces) != len(set(self.traces)):
            raise ValueError("traces: a name is there twice")
        if any(isinstance(way, BondSharing) for way in self.sharing) and not self.has_bonds:
            raise ValueError("sharing: mates share, but no rule has Bond")
        for index, way in enumerate(self.sharing):
            with_place(f"sharing.{index}", way.encode, self.names())
            if way.op in ("kinship", "family") and isinstance(self.kinship, NoKinship):
                raise ValueError(f"sharing.{index}: shares by kinship, and the game has none; set `kinship`")
        with_place("kinship", self.kinship.check, self.num_agents)

    def _check_verbs(self, names: Names) -> None:
        for name, verb in self.verbs.items():
            if verb.pays is not None:
                with_place(f"verbs.{name}.pays", names.variable, verb.pays)
        encode_conditions(self.requires, names)
        for name, verb in self.verbs.items():
            with_place(f"verbs.{name}", _check_verb, verb, names)

    def _check_rule(self, rule: Rule, names: Names) -> None:
        actions = self.actions()
        known = {STEP, *self.verbs, *(action.name for action in actions)}
        for name in rule.verbs:
            if name not in known:
                raise unknown_name("verb", name, known)
        if STEP in rule.verbs:
            rule.encode(names)
        for action in actions:
            if action.name in rule.verbs or action.verb_name in rule.verbs:
                _check_aim(rule, action)
                rule.encode(names.with_argument(action.number))


def with_place(place: str, check: Callable[..., object], *values: Any) -> None:
    """Calls a check; a ValueError gets the place in front."""
    try:
        check(*values)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _check_verb(verb: Verb, names: Names) -> None:
    numbers = [choice.number for choice in verb.choices] or [None]
    encode_conditions(verb.requires, names.with_argument(numbers[0]))
    for index, choice in enumerate(verb.choices):
        words = names.with_argument(choice.number)
        with_place(f"choices.{index}", encode_conditions, choice.requires, words)
    for number in numbers:
        encode_attempt(verb.always, names.with_argument(number))


def _check_aim(rule: Rule, action: Action) -> None:
    aims_at_itself = isinstance(action.aim, Oneself)
    for target in rule.targets:
        if target in (WORLD, GROUP):
            raise ValueError(f"target '{target}' is never met by a verb; it has rules of every step only")
        if aims_at_itself and target not in ("self", "agent"):
            raise ValueError(f"target '{target}' is never met: {action.name} aims at oneself, so use 'self'")
        if not aims_at_itself and target == "self":
            raise ValueError(f"target 'self' is never met: {action.name} aims at a cell, so use 'agent'")


def _chosen(verb_name: str, verb: Verb, choice: Choice, requires: list[Filter]) -> Action:
    return Action(
        name=f"{verb_name}_{choice.name}",
        verb_name=verb_name,
        verb=verb,
        aim=choice.aim or verb.aim,
        number=choice.number,
        requires=requires + verb.requires + choice.requires,
    )


def _indices(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}
