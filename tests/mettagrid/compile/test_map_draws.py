"""Maps whose numbers vary: every map draws its own, the world has room for the largest, and all have one size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv
from mettagrid.compile import build_maps, compile_game
from mettagrid.config.distribution import Choice, Normal, Uniform
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind
from mettagrid.config.vary import Together
from mettagrid.maps import AsciiMap, RandomMap


def scattered(**vary) -> GameConfig:
    return GameConfig(
        num_agents=3,
        objects={"wall": ObjectKind(), "mine": ObjectKind(), "altar": ObjectKind()},
        map=RandomMap(
            height=8, width=9, border="wall", stations={"mine": 2, "altar": 2}, obstacles={"wall": 4}
        ),
        vary=vary,
    )


COUNTS = {
    "map.stations.mine": Uniform(1, 6),
    "map.obstacles.wall": Normal(5, 3, 0, 9),
    "both": Together(
        [{"map.stations.altar": 3, "map.height": 8}, {"map.stations.altar": 1, "map.height": 8}]
    ),
}
BORDER = 2 * (8 + 9) + 4


def counts(maps: np.ndarray, kind: int) -> list[int]:
    return (maps % 256 == kind).sum(axis=(1, 2)).tolist()


def test_every_map_draws_its_own_numbers():
    maps = build_maps(scattered(**COUNTS), 200, 5)
    assert maps.shape == (200, 10, 11)
    assert set(counts(maps, 1)) == {3}
    assert set(counts(maps, 3)) == set(range(1, 7))
    assert set(counts(maps, 4)) == {1, 3}
    walls = set(counts(maps, 2))
    assert (min(walls), max(walls)) == (BORDER, BORDER + 9)


def test_map_i_depends_on_the_seed_and_i_alone():
    game = scattered(**COUNTS)
    few, many, other = build_maps(game, 3, 5), build_maps(game, 9, 5), build_maps(game, 3, 6)
    assert (few == many[:3]).all()
    assert (few != other).any()


def test_there_is_room_for_the_largest_map():
    assert compile_game(scattered(**COUNTS)).tables["sizes"][3] == 3 + BORDER + 6 + 9 + 3
    assert compile_game(scattered()).tables["sizes"][3] == 3 + BORDER + 2 + 4 + 2


@settings(max_examples=10, deadline=None)
@given(low=st.integers(0, 5), width=st.integers(0, 5), seed=st.integers(0, 9))
def test_worlds_are_played_on_such_maps(low, width, seed):
    game = scattered(**{"map.obstacles.wall": Uniform(low, low + width)})
    env = BatchEnv(game, num_worlds=4, num_maps=8, map_seed=seed)
    env.reset(seed)
    for world in range(4):
        walls = int((env.world(world).kinds == 2).sum()) - BORDER
        assert low <= walls <= low + width


def test_drawings_can_be_drawn():
    drawings = ["@.w", "@ww", "w@w"]
    game = GameConfig(
        objects={"wall": ObjectKind()},
        map=AsciiMap(text="@..", legend={"w": "wall"}),
        vary={"map.text": Choice(drawings)},
    )
    maps = build_maps(game, 50, 0)
    assert {tuple(grid[0]) for grid in maps.tolist()} == {(1, 0, 2), (1, 2, 2), (2, 1, 2)}
    assert compile_game(game).tables["sizes"][3] == 3


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        (
            {"map.height": Uniform(5, 8)},
            "vary.map.height: map.height cannot vary: all maps of a game have one height and one width",
        ),
        (
            {"map.stations.mine": Uniform(1, 90)},
            "vary.map.stations.mine: with map.stations.mine = 64: 3 agents and 70 things do not fit into 8 x 9 cells",
        ),
        (
            {"map.stations.mine": Uniform(1, 40), "map.stations.altar": Uniform(1, 40)},
            "vary: with map.stations.mine = 40, map.stations.altar = 40: 84 stations and obstacles do not fit into "
            "8 x 9 cells",
        ),
        (
            {"map.stations.mien": Uniform(1, 2)},
            "vary.map.stations.mien: with map.stations.mien = 1: unknown kind 'mien'; did you mean mine?",
        ),
        ({"map.station.mine": Uniform(1, 2)}, "vary: map.station.mine: map has no 'station'; did you mean stations?"),
    ],
)  # fmt: skip
def test_maps_that_cannot_be_are_refused_in_one_line(vary, message):
    with pytest.raises(ValueError) as error:
        compile_game(GameConfig.model_validate(scattered().model_dump() | {"vary": vary}))
    assert message in str(error.value)
