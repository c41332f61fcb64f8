"""What all scenes promise: their own area alone, the same seed the same map, turned as asked, joined if promised."""

import numpy as np
import pytest

from mettagrid.maps import Child, Compound, Fill, Hub, Lattice, MazeDfs, RoomGrid, draw_grid, scene_forms
from mettagrid.maps.catalogue import draw_example, example, sentence, values_of
from mettagrid.maps.scene import Scene
from mettagrid.maps.stream import Stream
from mettagrid.maps.transform import TRANSFORMS, laid
from tests.mettagrid.maps.slow_ways import slow_regions

SIZE = (29, 37)
SEEDS = range(6)


def drawn(scene: Scene, seed: int, height: int = SIZE[0], width: int = SIZE[1]) -> np.ndarray:
    return draw_example(scene, height, width, seed)


def alone(scene: Scene, seed: int, height: int = SIZE[0], width: int = SIZE[1]) -> np.ndarray:
    return draw_grid(scene, height, width, seed, values_of(scene), num_agents=3)


@pytest.fixture(params=scene_forms())
def scene(request) -> Scene:
    return example(request.param)


def test_it_says_what_it_draws_in_a_sentence(scene):
    text = sentence(scene.form)
    assert text.endswith((".", ":")) and len(text) <= 120
    assert all(info.description for name, info in type(scene).model_fields.items() if name != "form")


def test_the_same_seed_draws_the_same_and_others_differ(scene):
    maps = [drawn(scene, seed) for seed in SEEDS]
    for seed, grid in zip(SEEDS, maps, strict=True):
        np.testing.assert_array_equal(grid, drawn(scene, seed))
    if scene.draws_alike:
        maps = [alone(scene, seed) for seed in SEEDS]
    distinct = len({grid.tobytes() for grid in maps})
    assert distinct == 1 if scene.draws_alike else distinct > 1


def test_something_is_drawn_and_only_what_it_names(scene):
    values = values_of(scene)
    known = {value % 256 for value in values.values()}
    grounds = {value // 256 for value in values.values()}
    drew = [drawn(scene, seed) for seed in SEEDS]
    assert any(grid.any() for grid in drew) or not values.keys() - {"empty", "agent"}
    for grid in drew:
        assert set(np.unique(grid % 256)) <= known
        assert set(np.unique(grid // 256)) <= grounds


def test_cells_around_its_area_stay(scene):
    whole = np.full((SIZE[0] + 6, SIZE[1] + 6), 77, np.int32)
    inner = whole[3:-3, 3:-3]
    inner[:] = 0
    scene.draw(inner, Stream(1).child(0), values_of(scene), 3)
    np.testing.assert_array_equal(inner, alone(scene, 1))
    inner[:] = 77
    assert (whole == 77).all()


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_a_transform_lays_the_same_drawing_in_another_way(scene, transform):
    turned = scene.model_copy(update={"transform": transform})
    height, width = laid(np.zeros(SIZE), transform).shape
    expected = alone(scene, 2, height, width)
    np.testing.assert_array_equal(laid(alone(turned, 2), transform), expected)


def test_what_it_joins_is_one_region(scene):
    if not scene.joins:
        return
    bare = scene.model_copy(update={"children": []})
    for seed in SEEDS:
        assert len(slow_regions(drawn(bare, seed))) == 1


def test_as_data_it_is_the_same_scene(scene):
    again = type(scene).model_validate_json(scene.model_dump_json())
    np.testing.assert_array_equal(drawn(again, 3), drawn(scene, 3))


def test_what_says_that_nothing_of_it_is_random_draws_alike(scene):
    if scene.is_fixed():
        assert len({alone(scene, seed).tobytes() for seed in SEEDS}) == 1


def test_what_is_random_inside_is_not_fixed():
    rooms = RoomGrid(children=[Child(scene=Fill(what="wall"), where=["room"], limit=1)])
    in_order = rooms.children[0].model_copy(update={"order": "first"})
    assert not rooms.is_fixed() and rooms.model_copy(update={"children": [in_order]}).is_fixed()
    assert Lattice().is_fixed() and not Lattice(jitter=1).is_fixed()
    assert Hub(agents=2).is_fixed() and not Hub(agents=2, shuffle=True).is_fixed()
    assert Compound().is_fixed() and not Compound(hub=Hub(agents=2, shuffle=True)).is_fixed()
    assert not Fill(children=[Child(scene=MazeDfs())]).is_fixed()
