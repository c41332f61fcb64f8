"""Memory: what helps later is seen early, a landmark that says where the hearts are, or stations that are needed later.

After Metta's memory tasks: 26 named maps with budgets that leave no time to look everywhere.
"""

from collections.abc import Sequence

from mettagrid.config.distribution import Uniform
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.games.navigation_sequence import (
    SequenceNumbers,
    sequence_objects,
    sequence_rules,
    sequence_variables,
)
from mettagrid.maps import Candidate, Choice, Fork, MapConfig, SceneMap
from mettagrid.rules import Argument, Rule, Set, Step
from mettagrid.tasks import find_task
from mettagrid.tasks.memory import MEMORY_TASKS, T_ARM, T_MAZE_TASKS

NUMBERS = SequenceNumbers(batteries=3, carry=3, reward=1.0)
"""One ore makes three batteries: the way to the mine is gone once."""
FORK_STEPS = 36
"""Budget on generated forks: time for the right arm, and for both in the short ones only."""
TRAINING_STEPS = 50
"""Budget in training: who takes the wrong arm first may still be paid, a little later."""
FORK_SIZES = (
    (Uniform(4, 6), Uniform(1, 2), Uniform(1, 2)),
    (Uniform(4, 8), Uniform(2, 3), Uniform(2, 4)),
    (Uniform(6, 10), Uniform(2, 4), Uniform(4, 6)),
    (Uniform(6, 12), Uniform(3, 5), Uniform(6, 9)),
    (Uniform(8, 14), Uniform(4, 6), Uniform(8, 12)),
)
"""Stem, arm and rise of generated forks: a ladder from those that chance solves to those that ask for memory."""


def make_memory(
    task: str | None = None,
    map: MapConfig | None = None,
    max_steps: int | None = None,
    num_agents: int | None = None,
    loaded: bool | None = None,
    numbers: SequenceNumbers | None = None,
) -> GameConfig:
    """Make the game of remembering.

    Args:
        task: one of `MEMORY_TASKS` or `T_MAZE_TASKS`, for its map and budget; None for generated forks.
        map: another map, of `wall`, `mine`, `generator`, `altar` and `landmark`.
        max_steps: steps in an episode; None for the task's budget, or that of the forks.
        num_agents: agents in a world; None for the task's, or 1.
        loaded: whether agents begin with batteries; None for what the task says, or yes.
        numbers: rewards and what is carried; None for three batteries of an ore and a reward of 1 for a heart.

    Raises:
        ValueError: there is no such task.
    """
    chosen = None if task is None else find_task(task, MEMORY_TASKS | T_MAZE_TASKS)
    numbers = numbers or NUMBERS
    if loaded is None:
        loaded = chosen.settings.get("loaded", False) if chosen else True
    variables = sequence_variables(numbers)
    variables["battery"] = variables["battery"].model_copy(update={"initial": numbers.carry if loaded else 0})
    return GameConfig(
        name="memory",
        num_agents=num_agents or (chosen.num_agents if chosen else 1),
        max_steps=max_steps or (chosen.max_steps if chosen else FORK_STEPS),
        variables=variables,
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
        },
        objects=sequence_objects() | {"landmark": ObjectKind()},
        rules=[Rule(on="move", target="empty", then=[Step()]), *sequence_rules(numbers)],
        map=map or (chosen.map if chosen else forks()),
    )


def forks(passed: Sequence[str] = ()) -> SceneMap:
    """The maps on which memory is trained: forks from short ones, whose prize is found by chance, to long ones.

    Args:
        passed: what stands in niches along the way: nothing, or mine and generator.
    """
    candidates = [
        Candidate(scene=Fork(passed=list(passed), stem=stem, arm=arm, rise=rise))
        for stem, arm, rise in FORK_SIZES
    ]
    return SceneMap(height=29, width=29, scene=Choice(candidates=candidates))


def t_mazes(corridor: int = 16) -> SceneMap:
    """T-mazes to learn from: corridors from 4 cells, whose prize is found by chance, to so many."""
    lengths = sorted({max(4, corridor * part // 4) for part in (1, 2, 3, 4)})
    candidates = [
        Candidate(scene=Fork(stem=stem, arm=arm, rise=1, turned=False))
        for stem in lengths
        for arm in (T_ARM // 4, T_ARM // 2, T_ARM)
    ]
    return SceneMap(height=corridor + 4, width=2 * T_ARM + 3, scene=Choice(candidates=candidates))
