"""Competition: two teams, scarce diamonds, few altars. Hearts only for holding an altar or robbing the other's store.

A diamond in the team's store pays for claiming an altar. After a while a held altar gives a heart to everybody of its
team who stands around, and is free again. Teams are kin; part of the rewards can be shared inside a team.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import GroupSharing
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.kinship import Teams
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    Around,
    AtLeast,
    AtMost,
    Count,
    Effect,
    Filter,
    Freeze,
    HasRoom,
    Move,
    Not,
    Reward,
    Rule,
    Same,
    Set,
    Step,
    Take,
    Var,
)

TEAMS = (1, 2)
"""Values of `team`; an altar with 0 is free."""
STATIONS = {"generator_red": 4, "altar": 3} | {f"store_{team}": 1 for team in TEAMS}
"""What stands on the field."""
WALLS = 8
"""Walls on the field."""

AtLeastOne = Annotated[int, Field(ge=1, le=250)]
Few = Annotated[int, Field(ge=0, le=250)]


class CompetitionNumbers(Config):
    """The numbers of the competition."""

    initial_stock: Few = 3
    """Diamonds in each team's store when an episode begins."""
    diamond_cap: AtLeastOne = 3
    """Diamonds that an agent can carry."""
    generator_cooldown: AtLeastOne = 20
    """Steps between two harvests from a generator."""
    claim_price: AtLeastOne = 1
    """Diamonds of the team's store that claiming an altar costs."""
    hold_steps: AtLeastOne = 15
    """Steps that an altar must be held before it gives hearts and is free again."""
    territory: Annotated[int, Field(ge=1, le=5)] = 2
    """How far around its altar a team's members get a heart, in cells."""
    alarm_steps: AtLeastOne = 10
    """Steps in which a store cannot be robbed again."""
    freeze_steps: AtLeastOne = 8
    """Actions that an attacked rival misses."""
    attack_rest: AtLeastOne = 10
    """Steps between two attacks of an agent."""


def make_competition(
    num_agents: int = 10,
    combat: bool = True,
    shared: float = 0.0,
    shaped: bool = False,
    size: tuple[int, int] = (16, 16),
    max_steps: int = 500,
    numbers: CompetitionNumbers | None = None,
) -> GameConfig:
    """Make the competition of two teams.

    Args:
        num_agents: agents in a world, at least 2; they are dealt out to the teams anew in every episode.
        combat: whether anybody can attack; without, the actions stay the same but are masked out.
        shared: part of every reward that is spread evenly over the agent's team.
        shaped: small rewards on the way, for training.
        size: rows and columns of the field inside its border.
        max_steps: steps in an episode.
        numbers: prices and times; None for the defaults.
    """
    numbers = numbers or CompetitionNumbers()
    return GameConfig(
        name="competition",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers),
        kinship=Teams(num_teams=len(TEAMS)),
        group_variable="team",
        sharing=[GroupSharing(share=shared, variable="team")] if shared else [],
        requires=[AtMost("frozen", 0)],
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
            "attack": Verb(
                aim=Ahead(),
                requires=[AtMost("tired", 0 if combat else -1)],
                always=[Set("tired", numbers.attack_rest)],
            ),
        },
        objects=_objects(),
        world=ObjectKind(has={f"stock_{team}": numbers.initial_stock for team in TEAMS}),
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            *_harvest(numbers, shaped),
            *_stores(numbers, shaped),
            *_altars(numbers, shaped),
            *_combat(numbers),
        ],
        map=RandomMap(
            height=size[0], width=size[1], border="border", stations=STATIONS, obstacles={"wall": WALLS}
        ),
    )


def _variables(numbers: CompetitionNumbers) -> dict[str, Variable]:
    longest_cooldown = max(numbers.generator_cooldown, numbers.alarm_steps)
    return {
        "team": Variable(cap=len(TEAMS), shown="all"),
        "frozen": Variable(cap=numbers.freeze_steps, countdown=True, shown="all"),
        "tired": Variable(cap=numbers.attack_rest, countdown=True, shown="self"),
        "red": Variable(cap=numbers.diamond_cap, shown="all", counted=True),
        "heart": Variable(cap=1000, shown="self", counted=True),
        "cooldown": Variable(cap=longest_cooldown, countdown=True, shown="all", agents=False),
        "due": Variable(cap=numbers.hold_steps, countdown=True, shown="all", agents=False),
        **{f"stock_{team}": Variable(cap=255, shown="all", agents=False) for team in TEAMS},
    }


def _objects() -> dict[str, ObjectKind]:
    return {
        "border": ObjectKind(),
        "wall": ObjectKind(),
        "generator_red": ObjectKind(has={"cooldown": 0}),
        "altar": ObjectKind(has={"team": 0, "due": 0}),
        **{f"store_{team}": ObjectKind(has={"team": team, "cooldown": 0}) for team in TEAMS},
    }


def _paid(amount: float, shaped: bool) -> list[Effect]:
    return [Reward(amount)] if shaped else []


def _is_team(team: int) -> list[Filter]:
    return [AtLeast("team", team), AtMost("team", team)]


def _harvest(numbers: CompetitionNumbers, shaped: bool) -> list[Rule]:
    """Generators are few and slow."""
    return [
        Rule(
            on="use",
            target="generator_red",
            when=[AtMost("cooldown", 0, of="target"), HasRoom("red")],
            then=[
                Add("red", 1),
                Set("cooldown", numbers.generator_cooldown, of="target"),
                *_paid(0.05, shaped),
            ],
        )
    ]


def _stores(numbers: CompetitionNumbers, shaped: bool) -> list[Rule]:
    """One's own store takes what one carries; robbing a diamond from the other's is a heart at once."""
    rules = []
    for team in TEAMS:
        stock, store = f"stock_{team}", f"store_{team}"
        brings = Rule(
            on="use",
            target=store,
            when=[Same("team"), AtLeast("red")],
            then=[
                Add(stock, Var("red"), of="world"),
                Count("store.brought", Var("red")),
                Take("red", "all"),
                *_paid(0.1, shaped),
            ],
        )
        robs = Rule(
            on="use",
            target=store,
            when=[
                Not(Same("team")),
                AtLeast(stock, 1, of="world"),
                AtMost("cooldown", 0, of="target"),
            ],
            then=[
                Take(stock, 1, of="world"),
                Set("cooldown", numbers.alarm_steps, of="target"),
                Add("heart", 1),
                Reward(1.0),
                Count("store.robbed"),
                Count(f"heart.team_{_other(team)}"),
            ],
        )
        rules += [brings, robs]
    return rules


def _other(team: int) -> int:
    return sum(TEAMS) - team


def _altars(numbers: CompetitionNumbers, shaped: bool) -> list[Rule]:
    """The team that holds an altar until it is due gets a heart for each of its members around who is not frozen."""
    rules = []
    for team in TEAMS:
        stock = f"stock_{team}"
        members = Around("agent", numbers.territory, having="frozen", equals=0, same="team")
        claims = Rule(
            on="use",
            target="altar",
            when=[*_is_team(team), Not(Same("team")), AtLeast(stock, numbers.claim_price, of="world")],
            then=[
                Take(stock, numbers.claim_price, of="world"),
                Set("team", team, of="target"),
                Set("due", numbers.hold_steps, of="target"),
                Count("altar.claimed"),
                *_paid(0.2, shaped),
            ],
        )
        gives = Rule(
            on="step",
            target="altar",
            when=[*_is_team(team), AtMost("due", 0)],
            then=[
                Add("heart", 1, around=members),
                Reward(1.0, around=members),
                Count("altar.gave", around=members),
                Count(f"heart.team_{team}", around=members),
                Set("team", 0),
            ],
        )
        rules += [claims, gives]
    return rules


def _combat(numbers: CompetitionNumbers) -> list[Rule]:
    """Rivals can be frozen and robbed of what they carry; one's own team cannot."""
    return [
        Rule(
            on="attack",
            target="agent",
            when=[Not(Same("team")), AtMost("frozen", 0, of="target")],
            then=[
                Freeze(numbers.freeze_steps),
                Move("red", "all", giver="target"),
                Count("attack.hit"),
                Count("attack.suffered", of="target"),
            ],
        )
    ]
