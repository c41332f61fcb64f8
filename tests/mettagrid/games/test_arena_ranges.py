"""The arena with ranges: an episode is one of the arena with the numbers that its agents are told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.arena import ArenaNumbers, make_arena
from mettagrid.games.arena_ranges import (
    MOST_WALLS,
    RANGES,
    SHIELD_PRICE,
    STATION_RANGES,
    make_arena_ranges,
)
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import LEGEND

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "arena_ranges.md").read_text(encoding="utf-8")
CROWD = """
    r@b
    c@a
    a@b
    r@c
"""
NUM_WORLDS = 24


def drawn_map(game: GameConfig, **changes: Any) -> GameConfig:
    """The game on a drawn map, with what varies of its rules alone."""
    vary = {name: varied for name, varied in game.vary.items() if not name.startswith("map.")}
    return game.override_all({"map": AsciiMap(text=CROWD, legend=LEGEND), "vary": vary} | changes)


def told(env: BatchEnv, world: int) -> dict[str, int]:
    names = env.spec.feature_names
    tokens = env.observations[world * env.num_agents].tolist()
    values = {names[feature]: value for _, feature, value in tokens if feature < len(names)}
    return {name[6:]: values.get(name, 0) for name in names if name.startswith("param:")}


def state(env: BatchEnv, world: int) -> list[Any]:
    view, rows = env.world(world), slice(world * 4, world * 4 + 4)
    arrays = (view.kinds, view.cells, view.variables, view.stats, env.rewards[rows], env.action_mask[rows])
    return [array.tolist() for array in arrays]


def test_an_episode_is_one_of_the_arena_with_the_numbers_that_are_told():
    env = BatchEnv(drawn_map(make_arena_ranges(4, shaped=True, max_steps=200)), num_worlds=NUM_WORLDS)
    env.reset(0)
    caps = {"variables.frozen.cap": 100, "variables.cooldown.cap": 20}
    single = []
    for world in range(NUM_WORLDS):
        numbers = told(env, world)
        changes = caps | {"verbs.shield.price": numbers.pop("shield_price")}
        assert numbers.keys() == RANGES.keys()
        game = make_arena(4, shaped=True, max_steps=200, numbers=ArenaNumbers(**numbers))
        single.append(BatchEnv(drawn_map(game, **changes)))
        single[-1].reset(0, streams=np.array([world]))
    rng = np.random.default_rng(0)
    likely = np.array(
        [{"use": 9, "move": 2, "attack": 0.4}.get(name.split("_")[0], 1) for name in env.spec.action_names]
    )
    for _ in range(199):
        lots = rng.random(env.action_mask.shape) ** (1 / likely)
        actions = (env.action_mask * lots).argmax(1).astype(np.int32)
        env.step(actions)
        for world, one in enumerate(single):
            one.step(actions[world * 4 : world * 4 + 4])
            assert state(env, world) == state(one, 0)
    totals = np.sum([env.world(world).stats.sum(0) for world in range(NUM_WORLDS)], axis=0)
    for name in ("heart.gained", "attack.hit", "attack.absorbed", "red.gained", "action.shield.success"):
        assert totals[env.spec.stat_names.index(name)] > 0, name


def test_numbers_come_from_all_of_their_ranges():
    env = BatchEnv(drawn_map(make_arena_ranges(4)), num_worlds=512)
    env.reset(0)
    drawn = [told(env, world) for world in range(512)]
    for name, values in (RANGES | {"shield_price": SHIELD_PRICE}).items():
        seen = [numbers[name] for numbers in drawn]
        margin = 0.05 * (values.high - values.low)
        assert values.low <= min(seen) <= values.low + margin, name
        assert values.high - margin <= max(seen) <= values.high, name


def test_maps_have_other_stations_and_walls():
    env = BatchEnv(make_arena_ranges(4, max_steps=1), num_worlds=64)
    env.reset(0)
    names = env.spec.kind_names
    ranges = {name: (int(values.low), int(values.high)) for name, values in STATION_RANGES.items()}
    ranges["wall"] = (0, int(MOST_WALLS * 25 * 25))
    counts = [
        np.bincount(env.world(i).kinds[env.world(i).cells >= 0], minlength=len(names)) for i in range(64)
    ]
    for name, (low, high) in ranges.items():
        seen = {int(count[names.index(name)]) for count in counts}
        assert low <= min(seen) and max(seen) <= high, name
        assert max(seen) - min(seen) > (high - low) / 2, name


@pytest.mark.parametrize("combat", [False, True])
def test_the_price_of_an_attack_is_drawn_if_there_are_attacks(combat):
    assert ("attack_price" in make_arena_ranges(4, combat).vary) == combat


def test_the_page_tells_the_ranges():
    walls = int(MOST_WALLS * 25 * 25)
    rows = [f"| `{name}` | {v.low} | {v.high} | `param:{name}` |" for name, v in RANGES.items()]
    rows += [f"| price of `shield` | {SHIELD_PRICE.low} | {SHIELD_PRICE.high} | `param:shield_price` |"]
    rows += [f"| each map's `{name}` | {v.low} | {v.high} | |" for name, v in STATION_RANGES.items()]
    rows += [f"| each map's `wall` | 0 | {walls} | |"]
    table = PAGE.split("\n\n| ")[1].split("\n\n")[0].splitlines()[2:]  # the first one, without its head
    assert table == rows
