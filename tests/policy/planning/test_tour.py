"""The best tour is as short as the simulator allows, and does there what was planned."""

import numpy as np
import pytest

from metta.policy.scripted.planner import read_world
from metta.policy.scripted.planning import Rulebook, actions_of, best_tour
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.arena import make_arena
from mettagrid.games.in_context_chain import ChainNumbers, make_in_context_chain
from mettagrid.games.navigation import make_navigation
from mettagrid.maps import AsciiMap, RandomMap
from tests.policy.planning.boards import fewest_steps, fewest_steps_from

SIGNS = {"agent": "@", "wall": "#", "altar": "A"}


def field(seed: int, altars: int) -> GameConfig:
    """A small field with walls."""
    map = RandomMap(height=4, width=5, border="wall", stations={"altar": altars}, obstacles={"wall": 4})
    env = BatchEnv(make_navigation(map=map), num_maps=1, map_seed=seed)
    signs = {env.spec.kind_names.index(name): sign for name, sign in SIGNS.items()}
    env.reset(0)
    world = env.world(0)
    cells = np.full(world.height * world.width, ".")
    for kind, cell in zip(world.kinds.tolist(), world.cells.tolist(), strict=True):
        if cell >= 0 and kind:
            cells[cell] = signs[kind]
    text = "\n".join("".join(row) for row in cells.reshape(world.height, world.width))
    return make_navigation(map=AsciiMap(text=text, legend={"A": "altar"}))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("altars", [1, 2])
def test_no_tour_is_shorter(seed, altars):
    game = field(seed, altars)
    env = BatchEnv(game, num_maps=1)
    env.reset(0)
    rules = Rulebook(game)
    board, state = read_world(rules, env.spec, env.world(0), 0)
    tour = best_tour(board, rules, state, horizon=250)
    assert sum(leg.steps for leg in tour) == fewest_steps(game, altars, most=60)
    states, actions = actions_of(board, rules, state, tour)
    for action, planned in zip(actions, states[1:], strict=True):
        env.step(np.array([env.spec.action_names.index(action)], np.int32))
        assert read_world(rules, env.spec, env.world(0), 0)[1] == planned
    assert env.world(0).stats[0, env.spec.stat_names.index("heart.gained")] == altars


def test_a_short_horizon_takes_what_it_can():
    game = make_navigation(map=AsciiMap(text="########\n#A.@..A#\n########", legend={"A": "altar"}))
    env = BatchEnv(game, num_maps=1)
    env.reset(0)
    rules = Rulebook(game)
    board, state = read_world(rules, env.spec, env.world(0), 0)
    lengths = [len(best_tour(board, rules, state, horizon)) for horizon in range(12)]
    two = next(i for i, n in enumerate(lengths) if n == 2)
    assert lengths[:3] == [0, 0, 1]
    assert lengths == sorted(lengths)
    assert two == fewest_steps(game, 2, 30)


def test_what_cannot_be_foreseen_is_refused():
    with pytest.raises(ValueError, match="game 'arena' cannot be planned"):
        Rulebook(make_arena())


@pytest.mark.parametrize("order", [[1, 2], [2, 1], [3, 1]])
def test_things_that_rest_are_waited_for(order):
    """The next heart of a chain comes as soon as the simulator allows, though converters rest; and then the next."""
    numbers = ChainNumbers(length=2, distractors=1, cooldown=9)
    legend = {str(number): f"converter_{number}" for number in (1, 2, 3)}
    map = AsciiMap(text="1.2\n.@.\n..3", legend=legend)
    game = make_in_context_chain(order=order, numbers=numbers, max_steps=80).override("map", map)
    env = BatchEnv(game, num_maps=1)
    env.reset(0)
    rules = Rulebook(game)
    for _ in range(3):
        board, state = read_world(rules, env.spec, env.world(0), 0)
        tour = best_tour(board, rules, state, horizon=80)
        states, actions = actions_of(board, rules, state, tour)
        heart = rules.own.index("heart")
        assert states[-1].own[heart] == state.own[heart] + 1
        assert len(actions) == fewest_steps_from(env, state.own[heart] + 1, most=40)
        for action, planned in zip(actions, states[1:], strict=True):
            env.step(np.array([env.spec.action_names.index(action)], np.int32))
            assert read_world(rules, env.spec, env.world(0), 0)[1] == planned
