"""Cooperation: tasks that one agent cannot do alone. Each can be played by itself, or all of them in one world.

Heavy crates move only with two around; a vault opens while two levers are held; each agent picks one of two colours
and the altar wants both; a stag needs two hunters, a hare one. Hearts for each task that is done.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import GroupSharing
from mettagrid.config.things import Body, Ground, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Choice, Verb, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Argument,
    Around,
    AtLeast,
    AtMost,
    Compare,
    Count,
    Effect,
    Filter,
    HasRoom,
    Move,
    Nearby,
    OnGround,
    Push,
    Remove,
    Reward,
    Rule,
    Set,
    Spawn,
    Step,
    Take,
    Trait,
)

Task = Literal["heavy_crate", "two_keys", "give_and_take", "stag_hunt", "all"]

COLORS = ("red", "blue")
"""What `give_and_take` is about; each agent can harvest one of them."""
STATIONS: dict[str, dict[str, int]] = {
    "heavy_crate": {"crate": 6},
    "two_keys": {"lever": 4, "vault": 1},
    "give_and_take": {"generator_red": 4, "generator_blue": 4, "altar": 3},
    "stag_hunt": {"stag": 3, "hare": 5},
}
"""What stands on the field for each task."""
DEPOT_SHARE = 0.25
"""Part of the field onto which crates are to be pushed."""
HELD_STEPS = 3
"""How long a lever stays down, counted with the step of its use: too short for one agent to hold two of them."""
FAR = 15
"""Cells within which a vault and its levers belong together; a field of 15 x 15 has one lock."""

AtLeastOne = Annotated[int, Field(ge=1, le=250)]


class CooperationNumbers(Config):
    """The numbers of the tasks."""

    helpers: Annotated[int, Field(ge=1, le=9)] = 2
    """Agents that must stand around a crate or a stag, the one who acts included."""
    idle_steps: AtLeastOne = 100
    """Steps after which a crate that nobody moves is taken away and another one appears elsewhere."""
    vault_cooldown: AtLeastOne = 10
    """Steps between two openings of a vault."""
    generator_cooldown: AtLeastOne = 10
    """Steps between two harvests from a generator."""
    altar_cooldown: AtLeastOne = 2
    """Steps between two uses of an altar."""
    carry_cap: AtLeastOne = 3
    """Diamonds of each colour that an agent can carry."""
    stag_meat: AtLeastOne = 5
    """Meat that everybody around gets of a stag."""
    hare_meat: AtLeastOne = 1
    """Meat that a hunter gets of a hare."""
    heart_meat: AtLeastOne = 5
    """Meat that makes a heart."""


def make_cooperation(
    num_agents: int = 8,
    task: Task = "all",
    shaped: bool = False,
    size: tuple[int, int] = (14, 14),
    shared: float = 0.0,
    max_steps: int = 500,
    numbers: CooperationNumbers | None = None,
) -> GameConfig:
    """Make a game of tasks that need two.

    Args:
        num_agents: agents in a world, at least 2; half of them pick red, half blue.
        task: one of the tasks, or `all` of them in one world. Actions and features are the same for each.
        shaped: small rewards on the way, for training.
        size: rows and columns of the field inside its border.
        shared: part of every reward that is spread evenly over all agents.
        max_steps: steps in an episode.
        numbers: cooldowns and the like; None for the defaults.

    Raises:
        ValueError: for fewer than 2 agents, or an unknown task.
    """
    if num_agents < 2:
        raise ValueError(f"num_agents: tasks that need two need at least 2 agents, not {num_agents}")
    if task not in get_args(Task):
        raise ValueError(f"task: there is no '{task}'; there are {', '.join(get_args(Task))}")
    numbers = numbers or CooperationNumbers()
    tasks = list(STATIONS) if task == "all" else [task]
    return GameConfig(
        name="cooperation",
        num_agents=num_agents,
        max_steps=max_steps,
        variables=_variables(numbers),
        bodies={f"picks_{color}": _body(color) for color in COLORS},
        sharing=[GroupSharing(share=shared, variable="team")] if shared else [],
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
            "give": Verb(
                aim=Ahead(), choices=[Choice(color, 1, requires=[AtLeast(color)]) for color in COLORS]
            ),
        },
        objects=_objects(numbers),
        grounds={"depot": Ground()},
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            *_heavy_crate(numbers, shaped),
            *_two_keys(numbers, shaped),
            *_give_and_take(numbers, shaped),
            *_stag_hunt(numbers, shaped),
        ],
        map=RandomMap(
            height=size[0],
            width=size[1],
            border="border",
            stations={kind: count for name in tasks for kind, count in STATIONS[name].items()},
            grounds={"depot": DEPOT_SHARE} if "heavy_crate" in tasks else {},
        ),
    )


def _variables(numbers: CooperationNumbers) -> dict[str, Variable]:
    longest_cooldown = max(numbers.vault_cooldown, numbers.generator_cooldown, numbers.altar_cooldown)
    carried = Variable(cap=numbers.carry_cap, shown="all", counted=True)
    return {
        "hand": Variable(cap=len(COLORS), shown="all"),
        "held": Variable(cap=HELD_STEPS, countdown=True, shown="all"),
        **dict.fromkeys(COLORS, carried),
        "meat": Variable(cap=250, shown="self", counted=True),
        "heart": Variable(cap=1000, shown="self", counted=True),
        "cooldown": Variable(cap=longest_cooldown, countdown=True, shown="all", agents=False),
        "moved": Variable(cap=1, agents=False),
        "idle": Variable(cap=numbers.idle_steps, countdown=True, agents=False),
        "team": Variable(cap=1),
    }


def _body(color: str) -> Body:
    traits = {f"picks_{other}": int(other == color) for other in COLORS}
    return Body(traits=traits, initial={"hand": 1 + COLORS.index(color)})


def _objects(numbers: CooperationNumbers) -> dict[str, ObjectKind]:
    resting = ObjectKind(has={"cooldown": 0})
    return {
        "border": ObjectKind(),
        "crate": ObjectKind(has={"moved": 0, "idle": numbers.idle_steps}),
        "lever": ObjectKind(has={"held": 0}),
        "vault": resting,
        **{f"generator_{color}": resting for color in COLORS},
        "altar": resting,
        "stag": ObjectKind(),
        "hare": ObjectKind(),
    }


def _is_ready() -> Filter:
    return AtMost("cooldown", 0, of="target")


def _paid(amount: float, shaped: bool) -> list[Effect]:
    return [Reward(amount)] if shaped else []


def _done_by(task: str, around: Around) -> list[Effect]:
    """A heart for everybody around who had a part in it."""
    return [
        Add("heart", 1, around=around),
        Reward(1.0, around=around),
        Count(f"done.{task}", around=around),
    ]


def _heavy_crate(numbers: CooperationNumbers, shaped: bool) -> list[Rule]:
    """With enough agents around, one pushes the crate; on the ground of the depot it is delivered.

    Pushed or left in a corner it would stay there for ever, so crates that nobody moves are replaced.
    """
    another = [Spawn("crate", where="anywhere"), Remove(of="actor")]
    is_light = Nearby("agent", numbers.helpers, of="target")
    moves: list[Effect] = [
        Push(),
        Set("moved", 1, of="target"),
        Set("idle", numbers.idle_steps, of="target"),
    ]
    return [
        Rule(
            on="use",
            target="crate",
            when=[is_light, AtMost("moved", 0, of="target")],
            then=[*moves, *_paid(0.1, shaped)],  # once a crate: pushing to and fro is no job
        ),
        Rule(on="use", target="crate", when=[is_light], then=moves),
        Rule(
            on="step",
            target="crate",
            when=[AtLeast("moved"), OnGround("depot")],
            then=[*_done_by("heavy_crate", Around("agent")), *another],
        ),
        Rule(on="step", target="crate", when=[AtMost("idle", 0)], then=another),
    ]


def _two_keys(numbers: CooperationNumbers, shaped: bool) -> list[Rule]:
    """Using a lever holds it down for a moment; while two are down, a vault opens for those who hold them."""
    return [
        Rule(
            on="use",
            target="lever",
            then=[Set("held", HELD_STEPS), Set("held", HELD_STEPS, of="target"), *_paid(0.002, shaped)],
        ),
        Rule(
            on="step",
            target="vault",
            when=[AtMost("cooldown", 0), Nearby("lever", 2, radius=FAR, having="held")],
            then=[
                *_done_by("two_keys", Around("agent", FAR, having="held")),
                Set("cooldown", numbers.vault_cooldown),
            ],
        ),
    ]


def _give_and_take(numbers: CooperationNumbers, shaped: bool) -> list[Rule]:
    """Who picks red needs somebody who picks blue. Agents give only what they pick, so gifts do not go round."""
    rules = [
        Rule(
            on="use",
            target=f"generator_{color}",
            when=[Compare(Trait(f"picks_{color}"), 1), _is_ready(), HasRoom(color)],
            then=[
                Add(color, 1),
                Set("cooldown", numbers.generator_cooldown, of="target"),
                *_paid(0.05, shaped),
            ],
        )
        for color in COLORS
    ]
    for color in COLORS:
        picks, lacks = Compare(Trait(f"picks_{color}"), 1), AtMost(color, 0, of="target")
        gift: list[Effect] = [Move(color, Argument()), Count(f"give.{color}")]
        rules += [
            Rule(on=f"give_{color}", target="agent", when=[picks, lacks], then=[*gift, *_paid(0.2, shaped)]),
            Rule(on=f"give_{color}", target="agent", when=[picks, HasRoom(color, 1, of="target")], then=gift),
        ]
    worship = Rule(
        on="use",
        target="altar",
        when=[_is_ready(), *(AtLeast(color) for color in COLORS)],
        then=[
            *(Take(color) for color in COLORS),
            Add("heart", 1),
            Reward(1.0),
            Count("done.give_and_take"),
            Set("cooldown", numbers.altar_cooldown, of="target"),
        ],
    )
    return [*rules, worship]


def _stag_hunt(numbers: CooperationNumbers, shaped: bool) -> list[Rule]:
    """A stag feeds everybody around, but one hunter cannot take it; a hare feeds one a little. Meat makes hearts."""
    hunters = Around("agent")
    stag: list[Effect] = [Add("meat", numbers.stag_meat, of="target", around=hunters)]
    stag += [Count("done.stag_hunt", of="target", around=hunters)]
    stag += [Reward(0.2, of="target", around=hunters)] if shaped else []
    return [
        Rule(
            on="use",
            target="stag",
            when=[Nearby("agent", numbers.helpers, of="target")],
            then=[*stag, Spawn("stag", where="anywhere"), Remove()],
        ),
        Rule(
            on="use",
            target="hare",
            then=[
                Add("meat", numbers.hare_meat),
                Count("done.hare"),
                *_paid(0.05, shaped),
                Spawn("hare", where="anywhere"),
                Remove(),
            ],
        ),
        Rule(
            on="step",
            target="agent",
            when=[AtLeast("meat", numbers.heart_meat)],
            then=[Take("meat", numbers.heart_meat), Add("heart", 1), Reward(1.0)],
        ),
    ]
