"""What rules cost: nanoseconds of each word, and of sharing rewards among many agents.

A word is repeated in one rule of pairs of agents that face each other; the same game without it is taken off.
Both take turns in one run, and the result is the median.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from metta.bench.table import Figure, ratio
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import KinshipSharing
from mettagrid.config.things import Body, Ground, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb
from mettagrid.kinship import NoKinship, RandomKinship
from mettagrid.maps import AsciiMap, RandomMap
from mettagrid.rules import (
    Add,
    Around,
    AtLeast,
    AtMost,
    Become,
    Birth,
    Bond,
    Bonded,
    CanBear,
    Chance,
    ChangeBody,
    ChangeKinship,
    Compare,
    Convert,
    Count,
    Court,
    Courted,
    Every,
    Freeze,
    Gather,
    HasRoom,
    Lay,
    Leave,
    Mates,
    Move,
    Nearby,
    Not,
    OnGround,
    OnTrace,
    Part,
    Push,
    Related,
    Remove,
    Reward,
    Rule,
    Same,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
    Total,
    Var,
)

REPEATS_OF_A_WORD = 32
NUM_PAIRS = 12
MANY_AGENTS = 1024
_STEPS = 200

FILTERS_THAT_HOLD = [
    AtLeast("energy", 0), AtMost("energy", 100), HasRoom("energy", 0), Same("team"), Compare(Var("energy"), 0),
    Chance(1.0), Every(1), Nearby("agent"), Total("energy", 0, Around("agent")), Related(0.0), Not(Courted(0)),
    Not(Bonded()), Not(Mates()), CanBear(), OnGround("plain"), Not(OnTrace("scent")),
]  # fmt: skip
"""Each filter, in a form that holds: else those behind it in the rule would not be looked at."""
EFFECTS_ON_AGENTS = [
    Add("ore"), Take("ore"), Set("ore", 3), Move("ore", 1), Convert({"energy": 1}, {"energy": 1}),
    Gather("ore", 1, Around("agent")), Freeze(0), Swap(), Push(), Reward(0.0), Count("counted"), ChangeBody("plain"),
    Court(), Bond(), Part(), Birth(), ChangeKinship(by=0.1), Lay("swamp"), Leave("scent", 9),
    Add("ore", around=Around("agent", 2)),
]  # fmt: skip
EFFECTS_ON_EMPTY_CELLS = [[Step()], [Spawn("box"), Become("jar"), Remove()]]


def bench_rules(repeats: int) -> tuple[list[Figure], dict[str, Any]]:
    """Measure every word, and sharing among `MANY_AGENTS` agents.

    Returns:
        The figures in the order of the table, and facts about what was measured.
    """
    figures = [*_words(repeats), *_sharing(repeats)]
    return figures, {"repeats": repeats, "times_a_word": REPEATS_OF_A_WORD, "num_agents": 2 * NUM_PAIRS}


def _words(repeats: int) -> Iterator[Figure]:
    agent, empty = _pairs_game("agent", [], []), _pairs_game("empty", [], [])
    for condition in FILTERS_THAT_HOLD:
        game = _pairs_game("agent", [condition] * REPEATS_OF_A_WORD, [])
        yield _cost([condition], game, agent, repeats)
    for effect in EFFECTS_ON_AGENTS:
        yield _cost([effect], _pairs_game("agent", [], [effect] * REPEATS_OF_A_WORD), agent, repeats)
    for effects in EFFECTS_ON_EMPTY_CELLS:
        yield _cost(effects, _pairs_game("empty", [], effects * REPEATS_OF_A_WORD), empty, repeats)


def _cost(words: list[Any], game: GameConfig, without: GameConfig, repeats: int) -> Figure:
    """What each of some words costs, from a game that has them many times and one that has them not."""
    times = 2 * NUM_PAIRS * REPEATS_OF_A_WORD * len(words)
    extra = [_step_seconds(game) - _step_seconds(without) for _ in range(repeats)]
    return Figure(", ".join(map(_name, words)), tuple(1e9 * seconds / times for seconds in extra), "ns")


def _name(word: Any) -> str:
    if isinstance(word, Not):
        return _name(word.filter)
    around = (
        " around" if getattr(word, "around", None) is not None and word.op not in ("total", "gather") else ""
    )
    return type(word).__name__ + around


def _pairs_game(target: str, when: list[Any], then: list[Any]) -> GameConfig:
    """Pairs of agents that face each other across their own corner, or look at an empty cell each."""
    corner = "@@.\n...\n" if target == "agent" else "@.@\n...\n"
    text = corner * NUM_PAIRS
    return GameConfig(
        name="pairs",
        num_agents=2 * NUM_PAIRS + 1,
        initial_agents=2 * NUM_PAIRS,
        variables={
            "energy": Variable(cap=100, initial=50),
            "ore": Variable(cap=10),
            "team": Variable(),
            "frozen": Variable(countdown=True),
        },
        bodies={"plain": Body()},
        starts={"heading": [1, 3]},
        verbs={"use": Verb(aim=Ahead())},
        objects={"box": ObjectKind(), "jar": ObjectKind()},
        grounds={"swamp": Ground()},
        traces=["scent"],
        kinship=RandomKinship(shown=False),
        rules=[
            Rule(on="use", target=target, when=when, then=then),
            Rule(on="use", target="jar", then=[Birth()]),
        ],
        shuffle_spawns=False,
        map=AsciiMap(text=text),
    )


def _step_seconds(game: GameConfig) -> float:
    """The shortest of some steps in which everybody uses what is ahead, from the beginning of an episode."""
    env = BatchEnv(game, num_maps=1)
    env.reset(0)
    start = env.snapshot(0)
    actions = np.full(env.num_rows, env.spec.action_names.index("use"), np.int32)
    return min(_timed(lambda: env.step(actions), lambda: env.restore(0, start)) for _ in range(_STEPS))


def _timed(action: Callable[[], object], prepare: Callable[[], object]) -> float:
    prepare()
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def _sharing(repeats: int) -> Iterator[Figure]:
    """A step of many agents by how many of them earn something, with rewards shared by kinship, and without."""
    alone = Figure("step without kinship", _rounds(_crowd(NoKinship()), 0, repeats), "us")
    yield alone
    shared = _crowd(RandomKinship(shown=False))
    for num_earners in (0, 1, 32, MANY_AGENTS):
        step = Figure(
            f"step sharing by kinship, {num_earners} earn", _rounds(shared, num_earners, repeats), "us"
        )
        yield step
        if num_earners <= 1:
            yield ratio(
                f"that to the step without kinship, {num_earners} earn",
                step,
                alone,
                at_least=False,
                target=1.1,
            )


def _rounds(game: GameConfig, num_earners: int, repeats: int) -> tuple[float, ...]:
    env = BatchEnv(game, num_maps=1)
    env.reset(0)
    actions = np.zeros(env.num_rows, np.int32)
    actions[:num_earners] = env.spec.action_names.index("earn")
    return tuple(
        1e6 * min(_timed(lambda: env.step(actions), lambda: None) for _ in range(_STEPS))
        for _ in range(repeats)
    )


def _crowd(kinship: Any) -> GameConfig:
    return GameConfig(
        name="crowd",
        num_agents=MANY_AGENTS,
        verbs={"earn": Verb()},
        rules=[Rule(on="earn", then=[Reward(1.0)])],
        kinship=kinship,
        sharing=[] if isinstance(kinship, NoKinship) else [KinshipSharing(0.5)],
        map=RandomMap(height=64, width=64),
    )
