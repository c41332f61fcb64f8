"""RandomMap: exact numbers of things, a whole border, a way to everything, the same seed the same map."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mettagrid import _core
from mettagrid.builder.envs import make_arena
from mettagrid.compile import build_maps
from mettagrid.config.base import explain
from mettagrid.maps import RandomMap
from mettagrid.maps.random import are_connected

KINDS = {"empty": 0, "agent": 1, "border": 2, "wall": 3, "altar": 4, "mine": 5}


def crowded(height: int = 9, width: int = 7) -> RandomMap:
    return RandomMap(
        height=height,
        width=width,
        border="border",
        stations={"altar": 3, "mine": 4},
        obstacles={"wall": 12},
    )


def ways(grid: np.ndarray) -> tuple[int, bool]:
    """A slow second opinion: walks from the first agent; (agents met, whether all stations are touched)."""
    height, width = grid.shape
    agents = [tuple(cell) for cell in np.argwhere(grid == KINDS["agent"])]
    seen, frontier, touched = {agents[0]}, [agents[0]], set()
    while frontier:
        row, column = frontier.pop()
        for cell in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if not (0 <= cell[0] < height and 0 <= cell[1] < width) or cell in seen:
                continue
            if grid[cell] > 1:
                touched.add(cell)
            else:
                seen.add(cell)
                frontier.append(cell)
    stations = {tuple(cell) for cell in np.argwhere((grid == KINDS["altar"]) | (grid == KINDS["mine"]))}
    return len(seen & set(agents)), stations <= touched


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(-(2**63), 2**64), st.integers(1, 5), st.integers(5, 12), st.integers(5, 12))
def test_maps_have_what_was_asked_for_and_a_way_to_it(seed, num_agents, height, width):
    game_map = RandomMap(
        height=height, width=width, border="border", stations={"altar": 2, "mine": 1}, obstacles={"wall": 4}
    )
    maps = game_map.build(3, seed, num_agents, KINDS)
    assert (maps.dtype, maps.shape) == (np.int32, (3, height + 2, width + 2))
    for grid in maps:
        field = grid[1:-1, 1:-1]
        counts = np.bincount(field.ravel(), minlength=6)
        assert counts.tolist() == [height * width - num_agents - 7, num_agents, 0, 4, 2, 1]
        assert (grid == KINDS["border"]).sum() == 2 * (height + width) + 4 == grid.size - field.size
        assert (grid > 1).sum() == game_map.count_objects()
        assert ways(field) == (num_agents, True)


def test_the_same_seed_draws_the_same_maps_and_another_one_others():
    one, two, other = (crowded().build(4, seed, 5, KINDS) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one, two)
    assert not (one == other).all()
    assert len({grid.tobytes() for grid in one}) == 4


@pytest.mark.parametrize("seed", range(5))
def test_a_map_does_not_depend_on_how_many_are_drawn(seed):
    many = crowded().build(40, seed, 5, KINDS)
    for number in (1, 7, 23):
        np.testing.assert_array_equal(crowded().build(number, seed, 5, KINDS), many[:number])


def test_without_a_border_there_is_none():
    game_map = RandomMap(height=3, width=4, obstacles={"wall": 2})
    assert (game_map.shape, game_map.count_objects()) == ((3, 4), 2)
    assert game_map.build(1, 0, 2, KINDS).shape == (1, 3, 4)


def test_a_field_can_be_full():
    """Nobody can move, and nobody has to: agent and station stand side by side."""
    assert sorted(RandomMap(height=1, width=2, stations={"altar": 1}).build(1, 0, 1, KINDS).ravel()) == [1, 4]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["@.A"], True),
        (["@#A"], False),
        (["@#", ".A"], True),
        (["@#", "#A"], False),  # nobody walks or reaches diagonally
        (["@A@"], False),  # agents meet each other
        (["@A@", "..."], True),
        (["@@#", "##."], True),  # an empty cell may be walled in
        (["@@A"], True),  # the way goes over the other's place
    ],
)
def test_connected_means_a_way_for_everybody(rows, expected):
    meaning = {".": 0, "@": 1, "#": 3, "A": 4}
    grid = np.array([[[meaning[character] for character in row] for row in rows]], dtype=np.int32)
    is_station = np.array([name == "altar" for name in KINDS])
    assert are_connected(grid, 1, is_station).tolist() == [expected]


def test_a_map_without_any_way_is_refused():
    crowd = RandomMap(height=5, width=5, stations={"altar": 10}, obstacles={"wall": 12})
    with pytest.raises(ValueError, match="the map is too crowded: no way to every station in 100 tries"):
        crowd.build(1, 0, 3, KINDS)


@pytest.mark.parametrize(
    ("fields", "num_agents", "message"),
    [
        ({"stations": {"alter": 1}}, 1, "unknown kind 'alter'; did you mean altar?"),
        ({"obstacles": {"agent": 1}}, 1, "unknown kind 'agent'; valid: altar, border, mine, wall"),
        ({"border": "bord"}, 1, "unknown kind 'bord'; did you mean border?"),
        ({"height": 2, "width": 2}, 5, "5 agents and 0 things do not fit into 2 x 2 cells"),
    ],
)
def test_a_map_that_does_not_fit_the_game_is_refused(fields, num_agents, message):
    with pytest.raises(ValueError) as refusal:
        RandomMap(**fields).build(1, 0, num_agents, KINDS)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"height": 2, "width": 3, "obstacles": {"wall": 7}},
            "7 stations and obstacles do not fit into 2 x 3",
        ),
        ({"height": 0}, "height: Input should be greater than or equal to 1 (got 0)"),
        ({"stations": {"altar": -1}}, "stations.altar: Input should be greater than or equal to 0 (got -1)"),
    ],
)
def test_a_map_that_cannot_be_is_refused(fields, message):
    with pytest.raises(ValidationError) as refusal:
        RandomMap(**fields)
    assert message in explain(refusal.value)


def test_the_arenas_maps():
    game = make_arena()
    maps = build_maps(game, 3, 0)
    kinds = game.kind_names()
    assert maps.shape == (3, 27, 27)
    for grid in maps:
        counts = dict(zip(kinds, np.bincount(grid.ravel(), minlength=len(kinds)).tolist(), strict=True))
        assert counts.pop("empty") == 27 * 27 - sum(counts.values())
        assert counts == {
            "agent": 24,
            "border": 104,
            "wall": 20,
            "generator_red": 10,
            "generator_blue": 10,
            "charger": 6,
            "altar": 5,
        }
    with pytest.raises(ValueError, match="num_maps must be at least 1, got 0"):
        build_maps(game, 0, 0)


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_things_stand_at_the_ranks_of_their_numbers(height, width, data):
    count = height * width
    values = st.floats(0, 1, exclude_max=True)
    numbers = np.array([data.draw(st.lists(values, min_size=count, max_size=count, unique=True))])
    things = list(range(2, 2 + data.draw(st.integers(0, count))))
    expected = np.zeros(count, np.int32)
    expected[np.sort(numbers[0]).searchsorted(numbers[0, : len(things)])] = things
    maps = np.full((1, height + 2, width + 2), 7, np.int32)
    _core.maps.scatter_by_rank(maps, 1, things, numbers, [0], np.zeros(256, np.uint8))
    np.testing.assert_array_equal(maps[0, 1:-1, 1:-1].ravel(), expected)
    assert (maps[0, [0, -1]] == 7).all() and (maps[0, :, [0, -1]] == 7).all()
