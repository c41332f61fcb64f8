"""Prey and predators: species are bodies. Prey graze and hide, predators sprint and catch, both grow stronger.

Grass regrows, bushes hide who stands in them. A heart for prey for every few tufts of grass, for predators for a catch.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, Ground, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    ChangeBody,
    Compare,
    Count,
    Effect,
    Filter,
    Freeze,
    HasRoom,
    Move,
    Remove,
    Reward,
    Rule,
    Set,
    Step,
    Take,
    Trait,
    Var,
)

PREY, PREDATOR = 1, 2
"""Values of `species`."""
POSTURES = {"prey": "prey_hiding", "predator": "predator_sprinting", "veteran": "veteran_sprinting"}
"""What each body turns into with the verb `posture`, and back again."""
IMPOSSIBLE = 1000
"""A price that nobody can pay."""

AtLeastOne = Annotated[int, Field(ge=1, le=250)]
Pace = Annotated[int, Field(ge=0, le=20)]
Sight = Annotated[int, Field(ge=0, le=5)]
Share = Annotated[float, Field(ge=0, le=1)]


class PreyPredatorNumbers(Config):
    """The numbers of the two species."""

    prey_energy: AtLeastOne = 50
    """Most energy that prey can have."""
    predator_energy: AtLeastOne = 250
    """Most energy that a predator can have."""
    initial_prey_energy: AtLeastOne = 30
    """Energy of prey at the start of an episode."""
    initial_predator_energy: AtLeastOne = 100
    """Energy of predators at the start of an episode."""
    rest_energy: AtLeastOne = 10
    """Energy up to which whoever neither hides nor sprints recovers, 1 a step."""
    grass_energy: AtLeastOne = 10
    """Energy that prey get of a tuft of grass."""
    grass_cooldown: AtLeastOne = 25
    """Steps in which grass regrows."""
    heart_grass: AtLeastOne = 5
    """Tufts of grass that make a heart for prey, unless it is caught before."""
    catch_energy: AtLeastOne = 40
    """Energy that a catch gives, besides what the prey had."""
    attack_price: AtLeastOne = 5
    """Energy that a predator pays for trying to catch."""
    digest_steps: AtLeastOne = 15
    """Steps after a catch in which a predator cannot attack."""
    freeze_steps: AtLeastOne = 10
    """Actions that caught prey misses, if it is not eaten."""
    prey_pace: Pace = 1
    """Steps that prey pauses after each move."""
    prowl_pace: Pace = 1
    """Steps that a predator pauses after each move."""
    sprint_pace: Pace = 0
    """Steps that a sprinting predator pauses after each move."""
    sprint_price: AtLeastOne = 3
    """Energy of a sprinting predator's move; every other move costs 1."""
    posture_price: AtLeastOne = 2
    """Energy that changing the posture costs."""
    hide_upkeep: AtLeastOne = 2
    """Energy that hiding costs in each step."""
    prey_sight: Sight = 5
    """How far prey sees, in cells."""
    predator_sight: Sight = 4
    """How far a predator sees; a veteran sees one cell farther."""
    train_price: AtLeastOne = 20
    """Energy that turns into 1 strength."""
    most_strength: AtLeastOne = 3
    """Most strength of prey and of a predator; a veteran can have one more."""
    veteran_catches: AtLeastOne = 3
    """Catches that make a predator a veteran."""


def make_prey_predator(
    num_agents: int = 15,
    predators: Share = 0.2,
    sample_bodies: bool = False,
    deadly: bool = False,
    shaped: bool = False,
    size: tuple[int, int] = (22, 22),
    max_steps: int = 500,
    numbers: PreyPredatorNumbers | None = None,
) -> GameConfig:
    """Make the game of prey and predators.

    Args:
        num_agents: agents in a world, both species together.
        predators: share of them that are predators.
        sample_bodies: whether each agent draws its species anew in every episode; else exactly the share are predators.
        deadly: whether caught prey is eaten, and out until the episode ends; else it is robbed and frozen.
        shaped: small rewards on the way, for training: 0.05 for a tuft of grass, 0.1 for becoming a veteran.
        size: rows and columns of the field inside its border; a grass for every 13 cells.
        max_steps: steps in an episode.
        numbers: prices, paces and the like; None for the defaults.

    Raises:
        ValueError: the share of predators is not within 0 and 1.
    """
    if not 0 <= predators <= 1:
        raise ValueError(f"predators: the share must lie within 0 and 1, not {predators}")
    numbers = numbers or PreyPredatorNumbers()
    return GameConfig(
        name="prey_predator",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers),
        bodies=_bodies(numbers, predators),
        sample_bodies=sample_bodies,
        requires=[AtMost("frozen", 0)],
        verbs=_verbs(numbers),
        objects={"border": ObjectKind(), "grass": ObjectKind(has={"cooldown": 0})},
        grounds={"bush": Ground(hides=True)},
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            *_grazing(numbers, shaped),
            *_hunting(numbers, deadly),
            *_postures(),
            *_growing(numbers, shaped),
            *_metabolism(numbers),
        ],
        map=RandomMap(
            height=size[0],
            width=size[1],
            border="border",
            stations={"grass": max(1, size[0] * size[1] // 13)},
            grounds={"bush": 0.15},
        ),
    )


def _variables(numbers: PreyPredatorNumbers) -> dict[str, Variable]:
    longest_pace = max(numbers.prey_pace, numbers.prowl_pace, numbers.sprint_pace)
    most_energy = max(numbers.prey_energy, numbers.predator_energy)
    return {
        "species": Variable(cap=PREDATOR, shown="all"),
        "rank": Variable(cap=1, shown="all"),
        "posture": Variable(cap=1, shown="all"),
        "strength": Variable(cap=numbers.most_strength + 1, initial=1, shown="all"),
        "frozen": Variable(cap=numbers.freeze_steps, countdown=True, shown="all"),
        "tired": Variable(cap=longest_pace, countdown=True, shown="self"),
        "digesting": Variable(cap=numbers.digest_steps, countdown=True, shown="all"),
        "energy": Variable(cap=most_energy, initial=0, shown="self", counted=True),
        "eaten": Variable(cap=numbers.heart_grass, shown="self"),
        "catches": Variable(cap=numbers.veteran_catches, shown="self"),
        "heart": Variable(cap=1000, shown="self", counted=True),
        "cooldown": Variable(cap=numbers.grass_cooldown, countdown=True, shown="all", agents=False),
    }


def _bodies(numbers: PreyPredatorNumbers, predators: float) -> dict[str, Body]:
    """Each species in two postures, and the veteran. Only `prey` and `predator` are born; the others one becomes."""
    prey = Body(
        share=1 - predators,
        caps={"energy": numbers.prey_energy, "strength": numbers.most_strength},
        initial={"energy": min(numbers.initial_prey_energy, numbers.prey_energy), "species": PREY},
        prices={"attack": IMPOSSIBLE},
        traits={"pace": numbers.prey_pace},
        radius=numbers.prey_sight,
    )
    predator = Body(
        share=predators,
        caps={"energy": numbers.predator_energy, "strength": numbers.most_strength},
        initial={
            "energy": min(numbers.initial_predator_energy, numbers.predator_energy),
            "species": PREDATOR,
        },
        prices={"use": IMPOSSIBLE},
        traits={"pace": numbers.prowl_pace},
        radius=numbers.predator_sight,
    )
    in_hiding = {"attack": IMPOSSIBLE, "move": IMPOSSIBLE, "use": IMPOSSIBLE}
    sprinting = {
        "share": 0.0,
        "traits": {"pace": numbers.sprint_pace},
        "prices": {"use": IMPOSSIBLE, "move": numbers.sprint_price},
    }
    veteran = predator.model_copy(
        update={
            "share": 0.0,
            "caps": predator.caps | {"strength": numbers.most_strength + 1},
            "radius": min(5, numbers.predator_sight + 1),
        }
    )
    return {
        "prey": prey,
        "prey_hiding": prey.model_copy(update={"share": 0.0, "prices": in_hiding}),
        "predator": predator,
        "predator_sprinting": predator.model_copy(update=sprinting),
        "veteran": veteran,
        "veteran_sprinting": veteran.model_copy(update=sprinting),
    }


def _verbs(numbers: PreyPredatorNumbers) -> dict[str, Verb]:
    return {
        "move": Verb(
            choices=directions(aimed=True),
            pays="energy",
            requires=[AtMost("tired", 0)],
            always=[Set("heading", Argument()), Set("tired", Trait("pace"))],
        ),
        "use": Verb(aim=Ahead(), pays="energy", price=0),
        "attack": Verb(
            aim=Ahead(), pays="energy", price=numbers.attack_price, requires=[AtMost("digesting", 0)]
        ),
        "posture": Verb(pays="energy", price=numbers.posture_price),
        "train": Verb(pays="energy", price=numbers.train_price, requires=[HasRoom("strength")]),
    }


def _is(variable: str, value: int) -> list[Filter]:
    return [AtLeast(variable, value), AtMost(variable, value)]


def _grazing(numbers: PreyPredatorNumbers, shaped: bool) -> list[Rule]:
    """Prey eat grass, which regrows; every few tufts are a heart."""
    eats: list[Effect] = [
        Add("energy", numbers.grass_energy),
        Set("cooldown", numbers.grass_cooldown, of="target"),
        Count("grass.eaten"),
        *([Reward(0.05)] if shaped else []),
    ]
    is_ripe = AtMost("cooldown", 0, of="target")
    heart: list[Effect] = [Set("eaten", 0), Add("heart", 1), Reward(1.0), Count("heart.prey")]
    is_last = AtLeast("eaten", numbers.heart_grass - 1)
    return [
        Rule(on="use", target="grass", when=[is_ripe, is_last], then=[*eats, *heart]),
        Rule(on="use", target="grass", when=[is_ripe], then=[*eats, Add("eaten")]),
    ]


def _hunting(numbers: PreyPredatorNumbers, deadly: bool) -> list[Rule]:
    """A predator at least as strong as the prey catches it, unless it hides or was caught just now."""
    robs: list[Effect] = [Move("energy", "all", giver="target"), Set("eaten", 0, of="target")]
    counts: list[Effect] = [Count("heart.predator"), Count("catch.suffered", of="target")]
    return [
        Rule(
            on="attack",
            target="agent",
            when=[
                AtMost("species", PREY, of="target"),
                AtMost("posture", 0, of="target"),
                AtMost("frozen", 0, of="target"),
                Compare(Var("strength"), Var("strength", of="target")),
            ],
            then=[
                *robs,
                Take("energy", "all", of="target"),
                Add("energy", numbers.catch_energy),
                Set("digesting", numbers.digest_steps),
                Add("catches"),
                Add("heart", 1),
                Reward(1.0),
                *counts,
                Remove() if deadly else Freeze(numbers.freeze_steps),
            ],
        ),
    ]


def _postures() -> list[Rule]:
    """The verb `posture` switches between two bodies; who has no energy left for the second gets the first again."""
    rules = []
    for body, other in POSTURES.items():
        is_one = _is_body(body)
        back: list[Effect] = [ChangeBody(body), Set("posture", 0)]
        rules += [
            Rule(
                on="posture",
                when=[*is_one, AtMost("posture", 0)],
                then=[ChangeBody(other), Set("posture", 1), Count(f"posture.{other}")],
            ),
            Rule(on="posture", when=[*is_one, AtLeast("posture")], then=back),
            Rule(
                on="step",
                target="agent",
                when=[*is_one, AtLeast("posture"), AtMost("energy", 2)],
                then=back,
            ),
        ]
    return rules


def _is_body(body: str) -> list[Filter]:
    """Whether an agent has this body or its other posture."""
    if body == "prey":
        return _is("species", PREY)
    return [*_is("species", PREDATOR), *_is("rank", int(body == "veteran"))]


def _growing(numbers: PreyPredatorNumbers, shaped: bool) -> list[Rule]:
    """Strength can be bought; experience makes a predator a veteran, whatever its posture."""
    is_experienced = [*_is_body("predator"), AtLeast("catches", numbers.veteran_catches)]
    grows: list[Effect] = [Set("rank", 1), Count("became.veteran"), *([Reward(0.1)] if shaped else [])]
    promotions = [
        Rule(
            on="step",
            target="agent",
            when=[*is_experienced, *_is("posture", posture)],
            then=[ChangeBody(body), *grows],
        )
        for posture, body in enumerate(("veteran", POSTURES["veteran"]))
    ]
    return [Rule(on="train", then=[Add("strength")]), *promotions]


def _metabolism(numbers: PreyPredatorNumbers) -> list[Rule]:
    """Hiding costs energy; the exhausted recover a little when they do neither hide nor sprint."""
    is_exhausted: list[Filter] = [AtMost("energy", numbers.rest_energy - 1), AtMost("posture", 0)]
    is_hiding = [*_is("species", PREY), AtLeast("posture")]
    return [
        Rule(on="step", target="agent", when=is_exhausted, then=[Add("energy", 1)]),
        Rule(on="step", target="agent", when=is_hiding, then=[Take("energy", numbers.hide_upkeep)]),
    ]
