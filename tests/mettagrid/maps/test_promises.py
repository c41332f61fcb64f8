"""What single scenes promise: counts as asked, widths, symmetries, ways, distances, pieces of examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mettagrid import _core
from mettagrid.maps import (
    Asteroid,
    Biomes,
    Bsp,
    BspLayout,
    Buildings,
    Caves,
    Child,
    Choice,
    ConvChain,
    Drawing,
    Fill,
    Forest,
    Hub,
    Layout,
    MakeConnected,
    MazeDfs,
    MazeKruskal,
    MazePrim,
    MeanDistance,
    Mirror,
    Perimeter,
    RandomObjects,
    RandomScene,
    RoomGrid,
    Scene,
    Spiral,
    VariedTerrain,
    Wfc,
    draw_grid,
)
from mettagrid.maps.catalogue import values_for
from mettagrid.maps.terrain.varied_terrain import STYLES
from tests.mettagrid.maps.slow_ways import is_reached, slow_regions

VALUES = values_for(["wall", "altar", "mine", "tree", "water", "chest", "charger", "forge"])
WALL, ALTAR, MINE, WATER = (VALUES[name] for name in ("wall", "altar", "mine", "water"))
SIZES = st.tuples(st.integers(1, 24), st.integers(1, 24))
QUICK = settings(max_examples=40, deadline=None)


def drawn(scene: Scene, height: int, width: int, seed: int = 0) -> np.ndarray:
    return draw_grid(scene, height, width, seed, VALUES)


def count(grid: np.ndarray, value: int) -> int:
    return int((grid % 256 == value).sum())


@QUICK
@given(size=SIZES, seed=st.integers(0, 2**64 - 1), kind=st.sampled_from([MazeKruskal, MazePrim, MazeDfs]))
def test_a_maze_without_branches_is_a_tree_of_its_corridors(size, seed, kind):
    grid = drawn(kind(), *size, seed)
    open_cells = grid == 0
    passages = int((open_cells[1:] & open_cells[:-1]).sum() + (open_cells[:, 1:] & open_cells[:, :-1]).sum())
    rooms = ((size[0] + 1) // 2) * ((size[1] + 1) // 2)
    assert (int(open_cells.sum()), passages) == (2 * rooms - 1, 2 * rooms - 2)
    assert open_cells[::2, ::2].all()
    assert len(slow_regions(grid)) == 1


@QUICK
@given(corridor=st.integers(1, 4), wall=st.integers(1, 3), seed=st.integers(0, 99))
def test_corridors_and_walls_are_as_wide_as_asked(corridor, wall, seed):
    grid = drawn(MazeDfs(corridor=corridor, wall_width=wall), 23, 31, seed)
    pitch = corridor + wall
    small = drawn(MazeDfs(), 2 * ((23 + wall) // pitch) - 1, 2 * ((31 + wall) // pitch) - 1, seed)
    sizes = [corridor, wall]
    wide = np.concatenate([np.repeat(small[i : i + 1], sizes[i % 2], axis=0) for i in range(len(small))])
    wide = np.concatenate(
        [np.repeat(wide[:, i : i + 1], sizes[i % 2], axis=1) for i in range(wide.shape[1])], axis=1
    )
    np.testing.assert_array_equal(grid[: wide.shape[0], : wide.shape[1]], wide)
    assert (grid[wide.shape[0] :] == WALL).all() and (grid[:, wide.shape[1] :] == WALL).all()


def test_branching_opens_walls_and_only_walls():
    narrow, wide, full = (drawn(MazeKruskal(branching=share), 41, 41, 4) for share in (0.0, 0.3, 1.0))
    assert count(narrow, WALL) > count(wide, WALL) > count(full, WALL)
    assert ((wide == 0) >= (narrow == 0)).all()
    assert (full == 0).sum() == 21 * 21 + 2 * 20 * 21


@QUICK
@given(size=SIZES, altars=st.integers(0, 30), mines=st.integers(0, 30), seed=st.integers(0, 999))
def test_random_puts_exactly_as_many_as_asked_or_says_that_they_do_not_fit(size, altars, mines, seed):
    scene = RandomScene(objects={"altar": altars, "mine": mines}, agents=1, keep_ways=False)
    if altars + mines + 1 > size[0] * size[1]:
        with pytest.raises(ValueError, match="things fit into"):
            drawn(scene, *size, seed)
        return
    grid = drawn(scene, *size, seed)
    assert [count(grid, value) for value in (1, ALTAR, MINE)] == [1, altars, mines]


@QUICK
@given(seed=st.integers(0, 9999), altars=st.integers(1, 40), fill=st.floats(0.3, 0.5))
def test_things_that_keep_ways_leave_everything_in_reach(seed, altars, fill):
    things = RandomScene(objects={"altar": altars, "mine": 6}, agents=3, as_many_as_fit=True)
    grid = drawn(Caves(fill=fill, children=[Child(scene=things)]), 17, 23, seed)
    if count(grid, 1):
        assert is_reached(grid, {ALTAR, MINE})


def test_random_reaches_every_empty_cell_alike():
    hits = sum(drawn(RandomScene(objects={"altar": 1}), 4, 5, seed) == ALTAR for seed in range(2000))
    assert hits.min() > 60 and hits.max() < 145


def test_grounds_lie_below_things():
    scene = Fill(what="water", children=[Child(scene=RandomScene(objects={"altar": 7}))])
    grid = drawn(scene, 9, 9)
    assert (grid >= WATER).all() and count(grid, ALTAR) == 7
    assert set(np.unique(grid)) == {WATER, WATER + ALTAR}


def test_shares_are_of_the_cells_that_were_empty():
    grid = drawn(RandomObjects(shares={"altar": 0.1, "mine": 0.25}, keep_ways=False), 20, 20)
    assert (count(grid, ALTAR), count(grid, MINE)) == (40, 100)


@QUICK
@given(seed=st.integers(0, 999), rooms=st.integers(1, 12), corridor=st.integers(0, 3))
def test_rooms_of_a_partition_lie_apart_and_corridors_join_them(seed, rooms, corridor):
    marker = Child(scene=Fill(what="water"), where=["room"])
    grid = drawn(Bsp(rooms=rooms, corridor=corridor, children=[marker]), 40, 60, seed)
    in_rooms = np.where(grid >= WATER, 0, WALL).astype(np.int32)
    assert len(slow_regions(in_rooms)) == rooms
    if corridor:
        assert len(slow_regions(grid)) == 1
    else:
        assert ((grid % 256 == WALL) == (grid < WATER)).all()


@QUICK
@given(seed=st.integers(0, 999), areas=st.integers(1, 20))
def test_parts_of_a_partition_cover_the_area_once(seed, areas):
    parts = _core.maps.partition(30, 45, areas, 4, seed)
    covered = np.zeros((30, 45), int)
    for row, column, height, width in parts:
        assert min(height, width) >= 4
        covered[row : row + height, column : column + width] += 1
    assert len(parts) == areas and (covered == 1).all()


def test_tags_limits_offsets_order_and_locks_choose_areas():
    def filled(**fields) -> np.ndarray:
        child = Child(scene=Fill(what="tree"), **fields)
        grid = drawn(
            RoomGrid(
                rows=2,
                columns=3,
                layout=[list("aba"), list("bab")],
                wall=None,
                wall_width=0,
                children=[child],
            ),
            4,
            6,
        )
        return grid[::2, ::2] == VALUES["tree"]

    assert filled(where=["a"]).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert filled(where=["room", "b"], order="first", limit=2).tolist() == [[0, 1, 0], [1, 0, 0]]
    assert filled(where=["room"], order="last", limit=1).tolist() == [[0, 0, 0], [0, 0, 1]]
    assert filled(where=["room"], order="first", offset=4).tolist() == [[0, 0, 0], [0, 1, 1]]
    assert filled(where=["room"], limit=3).sum() == 3
    assert filled(where=["none"]).sum() == 0
    assert filled().all()
    locked = [
        Child(scene=Fill(what=what), where=["zone"], limit=2, lock="x") for what in ("tree", "mine", "altar")
    ]
    grid = drawn(BspLayout(areas=5, children=locked), 20, 20)
    assert set(np.unique(grid)) == {VALUES["tree"], MINE, ALTAR}  # two, two and the one that is left


@pytest.mark.parametrize("symmetry", ["horizontal", "vertical", "x4"])
@pytest.mark.parametrize("size", [(12, 16), (13, 17), (1, 1)])
def test_mirrors_are_symmetric(symmetry, size):
    for seed in range(4):
        grid = drawn(Mirror(scene=Caves(), symmetry=symmetry), *size, seed)
        if symmetry != "vertical":
            np.testing.assert_array_equal(grid, grid[:, ::-1])
        if symmetry != "horizontal":
            np.testing.assert_array_equal(grid, grid[::-1])


@QUICK
@given(
    seed=st.integers(0, 9999),
    fill=st.floats(0.35, 0.6),
    size=st.tuples(st.integers(3, 30), st.integers(3, 30)),
)
def test_make_connected_joins_all_and_only_digs(seed, fill, size):
    before = drawn(Caves(fill=fill), *size, seed)
    after = before.copy()
    num_before = len(slow_regions(before))
    left = _core.maps.join_regions(after, np.array([kind == WALL for kind in range(256)], np.uint8))
    assert left == min(num_before, 1)
    assert len(slow_regions(after)) == left
    assert ((after == 0) >= (before == 0)).all()


def test_tunnels_are_as_short_as_can_be():
    rows = ["..####....", "..####....", "######....", "##########", "....######"]
    before = np.array([[WALL if character == "#" else 0 for character in row] for row in rows], np.int32)
    after = before.copy()
    _core.maps.join_regions(after, np.array([kind == WALL for kind in range(256)], np.uint8))
    # The upper left is 2 walls from the lower left; the upper right is 4 from either.
    assert int((before != after).sum()) == 2 + 4
    assert len(slow_regions(after)) == 1


def test_what_must_not_be_dug_stays():
    rock = Fill(what="tree")
    islands = Layout(areas=[{"height": 1, "width": 1, "tag": "a", "row": r, "column": 1} for r in (1, 3)])
    islands.children = [Child(scene=Fill(clear=True), where=["a"])]
    rock.children = [Child(scene=islands), Child(scene=MakeConnected())]
    with pytest.raises(ValueError, match="2 regions cannot be joined by digging wall"):
        drawn(rock, 5, 3)


def test_distances_to_the_corners_are_evened_out():
    for seed in range(5):
        maze = MazeDfs(children=[Child(scene=MakeConnected(balance_corners=True, max_shortcuts=40))])
        lengths = []
        for grid in (drawn(MazeDfs(), 31, 31, seed), drawn(maze, 31, 31, seed)):
            steps = _core.maps.walk_lengths(grid, [15 * 31 + 15 if grid[15, 15] == 0 else 14 * 31 + 14])
            lengths.append([int(steps[row, column]) for row in (0, 30) for column in (0, 30)])
        assert max(lengths[1]) / min(lengths[1]) <= 1.6 < max(lengths[0]) / min(lengths[0])


@pytest.mark.parametrize("pattern", ["rooms", "corridors", "pillars", "ruins", "loops"])
@pytest.mark.parametrize("next_node", ["entropy", "mrv", "scanline"])
def test_every_piece_of_a_wave_is_a_piece_of_the_example(pattern, next_node):
    scene = Wfc(pattern=pattern, next_node=next_node)
    example = np.array([[character == "#" for character in row] for row in scene.rows()])
    wrapped = np.pad(example, ((0, 2), (0, 2)), mode="wrap")
    known = set()
    for turned in (example, example[:, ::-1]):
        wrapped = np.pad(turned, ((0, 2), (0, 2)), mode="wrap")
        for row in range(turned.shape[0]):
            for column in range(turned.shape[1]):
                piece = wrapped[row : row + 3, column : column + 3]
                known |= {np.rot90(piece, turn).tobytes() for turn in range(4)}
    grid = drawn(scene, 24, 31, 3) == WALL
    pieces = {grid[row : row + 3, column : column + 3].tobytes() for row in range(22) for column in range(29)}
    assert pieces <= known
    assert 0 < grid.sum() < grid.size


def test_a_wave_that_cannot_be_is_given_up():
    """The only piece does not fit beside itself."""
    scene = Wfc(pattern="##.\n#..\n...", pattern_size=3, periodic=False, symmetry="none", attempts=5)
    with pytest.raises(ValueError, match="no map of 9 x 9 cells fits the pattern"):
        drawn(scene, 9, 9)


def test_a_chain_comes_nearer_to_its_example():
    """Lone walls are not in the example; a chain that was run for long has fewer than one run for short."""

    def lone(iterations: int) -> int:
        grid = drawn(ConvChain(pattern="rooms", iterations=iterations, temperature=0.5), 40, 40, 1) == WALL
        around = sum(np.roll(grid, (r, c), (0, 1)) for r in (-1, 0, 1) for c in (-1, 0, 1))
        return int((grid & (around == 1)).sum() + (~grid & (around == 8)).sum())

    assert lone(30) <= lone(1) // 2


def test_caves_follow_the_automaton_cell_by_cell():
    fields = {"fill": 0.42, "birth": 5, "death": 3}
    now = drawn(Caves(steps=0, **fields), 19, 26, 8) == WALL
    for steps in (1, 2, 3):
        padded = np.pad(now, 1, constant_values=True)
        around = (
            sum(padded[1 + r : 20 + r, 1 + c : 27 + c].astype(int) for r in (-1, 0, 1) for c in (-1, 0, 1))
            - now
        )
        now = np.where(now, around >= 3, around >= 5)
        np.testing.assert_array_equal(drawn(Caves(steps=steps, **fields), 19, 26, 8) == WALL, now)


def test_forests_only_grow_and_only_beside_trees():
    before, after = (drawn(Forest(clumpiness=steps), 40, 40, 2) > 0 for steps in (1, 2))
    padded = np.pad(before, 1)
    near = sum(padded[1 + r : 41 + r, 1 + c : 41 + c].astype(int) for r in (-1, 0, 1) for c in (-1, 0, 1)) > 0
    assert (after >= before).all() and (near >= after).all() and after.sum() > before.sum()


@pytest.mark.parametrize("style", STYLES)
def test_terrain_keeps_to_its_share_and_leaves_what_is_there(style):
    for seed in range(4):
        scene = RandomScene(objects={"altar": 40}, children=[Child(scene=VariedTerrain(style=style))])
        grid = drawn(scene, 50, 60, seed)
        assert count(grid, ALTAR) == 40
        assert 0 < count(grid, WALL) <= STYLES[style].most_share * grid.size


def test_dense_terrain_has_more_than_sparse():
    shares = {
        style: np.mean([count(drawn(VariedTerrain(style=style), 60, 60, seed), WALL) for seed in range(6)])
        for style in STYLES
    }
    assert shares["sparse"] < shares["balanced"] < shares["dense"]
    assert shares["all_sparse"] < shares["all_balanced"] < shares["all_dense"]


def test_things_at_a_mean_distance_are_at_that_distance_on_average():
    middle, distances = 50, []
    for seed in range(30):
        grid = drawn(MeanDistance(mean=12, objects={"altar": 20}, agent=False), 101, 101, seed)
        rows, columns = np.nonzero(grid)
        assert rows.size == 20
        distances += np.hypot(rows - middle, columns - middle).tolist()
    assert 11.3 < np.mean(distances) < 12.7


def test_things_on_a_spiral_are_apart():
    rows, columns = np.nonzero(
        drawn(Spiral(objects={"altar": 12}, spacing=6, radius_step=7, jitter=0), 61, 61)
    )
    apart = np.hypot(rows[:, None] - rows, columns[:, None] - columns)[~np.eye(12, dtype=bool)]
    assert rows.size == 12 and apart.min() > 4


def test_buildings_follow_their_distribution_and_keep_apart():
    even = drawn(Buildings(objects={"altar": 30}), 60, 60, 1)
    heap = drawn(Buildings(objects={"altar": 30}, spread={"law": "normal", "deviation": 0.1}), 60, 60, 1)
    spread = [np.std(np.nonzero(grid), axis=1).mean() for grid in (even, heap)]
    assert spread[1] < spread[0] / 2
    padded = np.pad(heap > 0, 1)
    around = sum(padded[1 + r : 61 + r, 1 + c : 61 + c].astype(int) for r in (-1, 0, 1) for c in (-1, 0, 1))
    assert (around[heap > 0] == 1).all() and count(heap, ALTAR) == 30
    assert count(drawn(Buildings(objects={"altar": 1, "mine": 3}, coverage=0.02), 60, 60), MINE) == 54


@QUICK
@given(seed=st.integers(0, 999), density=st.sampled_from(["none", "sparse", "balanced", "dense"]))
def test_everything_along_the_perimeter_is_in_reach(seed, density):
    grid = drawn(Perimeter(objects={"altar": 4, "mine": 5}, density=density), 11, 13, seed)
    inner = grid[1:-1, 1:-1]
    assert count(grid, ALTAR) == 4 and count(grid, MINE) == 5
    assert count(inner, ALTAR) == count(inner, MINE) == 0
    assert grid[5, 6] == 1
    assert is_reached(grid, {ALTAR, MINE})
    assert count(grid, WALL) == 0 if density == "none" else count(grid, WALL) <= 0.2 * 9 * 11
    assert density != "dense" or count(grid, WALL) > 0


def test_biomes_show_each_landscape_in_its_zone():
    scene = Biomes(landscapes=[Fill(what="tree"), Fill(what="wall")], zones=6, dither_prob=0.0)
    for seed in range(4):
        grid = drawn(scene, 40, 50, seed)
        assert count(grid, WALL) + count(grid, VALUES["tree"]) == grid.size
        assert count(grid, WALL) > 0 < count(grid, VALUES["tree"])
    mixed = drawn(scene.model_copy(update={"dither_prob": 0.3}), 40, 50, 3)
    assert 0 < (mixed != grid).sum() < grid.size // 3


def test_an_asteroid_leaves_the_middle_free():
    grid = drawn(Asteroid(max_depth=6), 30, 40, 2)
    assert (grid[6:-6, 6:-6] == 0).all() and grid.any()


def test_a_hub_is_complete_and_symmetric():
    corners = ["mine", "charger", "chest", "forge"]
    grid = drawn(Hub(corners=corners, cross=["tree"] * 4, agents=8), 21, 21)
    assert [count(grid, VALUES[name]) for name in ["altar", *corners, "tree", "agent"]] == [
        1,
        1,
        1,
        1,
        1,
        4,
        8,
    ]
    for kind in (VALUES["tree"], 1):
        np.testing.assert_array_equal(grid == kind, (grid == kind)[::-1, ::-1])


def test_a_choice_is_as_likely_as_its_weight():
    one, three = {"scene": Fill(what="tree")}, {"scene": Fill(what="wall"), "weight": 3}
    picks = [drawn(Choice(candidates=[one, three]), 1, 1, seed)[0, 0] == WALL for seed in range(400)]
    assert 0.68 < np.mean(picks) < 0.82


@pytest.mark.parametrize(
    ("scene", "fields", "message"),
    [
        (Drawing, {"text": "#x"}, "row 1, column 2: 'x' is not in the legend"),
        (Wfc, {"pattern": "room"}, "unknown pattern 'room'; did you mean rooms"),
        (Wfc, {"pattern": "##\n#"}, "row 2 has 1 characters"),
        (Wfc, {"pattern": "#.#\n#o#\n###"}, "row 2, column 2: 'o' is neither # nor ."),
        (Wfc, {"pattern": "#.\n.#"}, "2 x 2 cells; from 3 to 64"),
        (RoomGrid, {"layout": [["a"], []]}, "layout: row 2 has 0 rooms, the first row has 1"),
        (Bsp, {"min_room_ratio": 0.9, "max_room_ratio": 0.5}, "is above max_room_ratio"),
        (Asteroid, {"min_depth": 9, "max_depth": 2}, "min_depth 9 is above max_depth 2"),
        (
            MazeDfs,
            {"corridor": {"op": "uniform", "low": 0, "high": 3}},
            "draws 0, which is not between 1 and 64",
        ),
        (MazeDfs, {"corridor": {"op": "uniform", "low": 1.0, "high": 3.5}}, "a whole number is needed"),
        (Caves, {"fill": 1.5}, "less than or equal to 1"),
    ],
)
def test_fields_that_cannot_be_are_refused(scene, fields, message):
    with pytest.raises(ValidationError) as refusal:
        scene(**fields)
    assert message in str(refusal.value)


def test_numbers_from_a_distribution_differ_from_drawing_to_drawing():
    scene = MazeDfs(corridor={"op": "choice", "options": [1, 3]})
    first = {drawn(scene, 9, 9, seed)[1, 1] for seed in range(20)}
    assert first == {0, WALL}
