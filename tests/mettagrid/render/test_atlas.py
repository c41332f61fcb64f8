"""The atlas and the look table of every game in mettagrid.games."""

import io
import json
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.reference.makers import find_makers
from mettagrid.render import Scene, SceneReader, Thing
from mettagrid.render.atlas import Atlas, look_table, paint_atlas, sheet, tile_names
from mettagrid.render.board import BoardPainter
from mettagrid.render.looks import look_of
from mettagrid.render.palette import PALETTES
from mettagrid.render.roles import find_roles
from mettagrid.render.sprites import sprite

GAMES = {maker.name: maker.make() for maker in find_makers() if maker.has_defaults}
SIZE = 32
every_game = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES.keys())


def pixels_of(atlas: Atlas) -> np.ndarray:
    """The sheet, uint8 [height, width, 4]."""
    with Image.open(io.BytesIO(atlas.png)) as picture:
        assert picture.mode == "RGBA"
        return np.asarray(picture)


def tile_of(atlas: Atlas, pixels: np.ndarray, name: str) -> np.ndarray:
    """A tile, cut out as `Atlas` says."""
    number, pitch = atlas.tiles[name], atlas.tile_size + 2 * atlas.padding
    left = (number % atlas.columns) * pitch + atlas.padding
    top = number // atlas.columns * pitch + atlas.padding
    tile = pixels[top : top + atlas.tile_size, left : left + atlas.tile_size]
    assert tile.shape == (atlas.tile_size, atlas.tile_size, 4)
    return tile


@every_game
def test_all_tiles_are_on_the_sheet_and_none_is_empty(game: GameConfig):
    atlas = paint_atlas(game, SIZE)
    pixels = pixels_of(atlas)
    assert pixels.shape == (atlas.height, atlas.width, 4)
    names = tile_names(game)
    assert len(set(names)) == len(names)
    assert atlas.tiles == {name: number for number, name in enumerate(names)}
    assert all(tile_of(atlas, pixels, name)[..., 3].any() for name in names)


@every_game
def test_tiles_keep_their_distance(game: GameConfig):
    atlas = paint_atlas(game, SIZE)
    pixels, padding = pixels_of(atlas), atlas.padding
    pitch = atlas.tile_size + 2 * padding
    assert padding > 0
    assert pitch % padding == 0
    for name, number in atlas.tiles.items():
        top, left = (place * pitch for place in divmod(number, atlas.columns))
        whole = pixels[top : top + pitch, left : left + pitch]
        edge, inside = whole[:, 0], whole[:, padding]
        if name.startswith(("floor", "ground", "wall", "border", "shadow")):
            assert np.array_equal(edge, inside), name
        else:
            assert not edge.any(), name


@every_game
def test_the_table_is_json_and_names_only_tiles_of_the_atlas(game: GameConfig):
    table, tiles = look_table(game), paint_atlas(game, SIZE).tiles
    assert json.loads(json.dumps(table)) == table
    counts = table["counts"]
    named = [*table["events"].values(), *table["beams"].values()]
    named += [state for states in table["walls"].values() for state in states]
    named += [kind[key] for kind in table["kinds"] for key in ("tile", "rest") if kind[key] is not None]
    named += [thing["tile"] for group in ("gems", "grounds", "traces") for thing in table[group]]
    named += [ground["shade"] for ground in table["grounds"]]
    named += [f"crack:{number}" for number in range(1, counts["cracks"] + 1)]
    named += [f"mark:{number}" for number in range(1, counts["marks"] + 1)]
    named += [f"team:{number}" for number in range(1, counts["teams"] + 1)]
    named += [
        f"agent:{c}:{f}:{h}"
        for c in range(counts["colors"])
        for f in range(counts["forms"])
        for h in range(4)
    ]
    variables = table["variables"]
    named += [f"bar:{level}" for level in range(counts["energy_levels"] + 1)] * (variables["energy"] >= 0)
    named += ["shield"] * (variables["shield"] >= 0) + ["ice"] * (variables["frozen"] >= 0)
    assert set(tiles) == {"unknown", "floor", "floor:shade", *named}


@every_game
def test_every_kind_that_can_stand_on_the_map_is_drawn(game: GameConfig):
    for kind in look_table(game)["kinds"]:
        is_nowhere = kind["name"] in ("empty", "agent", WORLD, GROUP)
        ways = [kind["tile"] is not None, kind["wall"] is not None, is_nowhere]
        assert ways.count(True) == 1, kind


@every_game
def test_things_look_as_in_pictures(game: GameConfig):
    atlas = paint_atlas(game, SIZE)
    pixels = pixels_of(atlas)
    for kind in game.kind_names():
        if f"kind:{kind}" in atlas.tiles:
            for is_resting, end in ((False, ""), (True, ":rest")):
                drawn = sprite(Thing(look_of(kind), kind, 0, 0, is_resting=is_resting), SIZE)
                assert np.array_equal(tile_of(atlas, pixels, f"kind:{kind}{end}"), np.asarray(drawn))
    for color, heading in ((0, 1), (game.num_agents - 1, 3)):
        name = f"agent:{color % look_table(game)['counts']['colors']}:0:{heading}"
        drawn = sprite(Thing("agent", "agent", 0, 0, agent=color, heading=heading), SIZE)
        assert np.array_equal(tile_of(atlas, pixels, name), np.asarray(drawn))


@every_game
def test_the_table_reads_a_world_as_the_scene_reader_does(game: GameConfig):
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=3)
    rng = np.random.default_rng(3)
    for _ in range(20):
        env.actions[:] = rng.integers(len(env.spec.action_names), size=env.num_rows)
        env.step()
    view = env.world(0)
    read = {(thing.row, thing.column): thing for thing in SceneReader(game).read(view).things}
    table = look_table(game)
    variables = table["variables"]
    for index in np.flatnonzero(view.cells >= 0):
        thing = read[divmod(int(view.cells[index]), view.width)]
        body, values = table["bodies"][view.profiles[index]], view.variables[index]
        if thing.agent >= 0:
            energy = values[variables["energy"]] / body["energy"] if body["energy"] > 0 else -1.0
            assert (thing.form, thing.energy) == (body["form"], energy)
            assert thing.carried == tuple(
                (gem["name"], values[gem["variable"]]) for gem in table["gems"] if values[gem["variable"]] > 0
            )
        elif thing.look != "border":
            is_waiting = any(values[variable] > 0 for variable in variables["waiting"])
            is_empty = any(values[variable] == 0 for variable in body["stock"])
            assert thing.is_resting == (is_waiting or is_empty)


@every_game
@pytest.mark.parametrize("palette", PALETTES)
def test_what_agents_carry_can_be_told_apart(game: GameConfig, palette: str):
    atlas = paint_atlas(game, SIZE, palette)
    pixels = pixels_of(atlas).astype(int)
    tiles = {gem["name"]: tile_of(atlas, pixels, gem["tile"]) for gem in look_table(game, palette)["gems"]}
    for first, second in combinations(tiles, 2):
        assert np.abs(tiles[first] - tiles[second]).mean() > 3, (first, second)


def test_what_rules_note_down_for_themselves_is_not_shown():
    game = GAMES["arena_basic_easy_shaped"]
    assert "paid_armor" in game.variables
    assert [name for name, _ in find_roles(game).carried] == [
        "ore_red",
        "battery_red",
        "laser",
        "armor",
        "heart",
    ]


def test_equal_games_give_equal_bytes_and_share_one_atlas():
    game = GAMES["arena"]
    first = paint_atlas(game, SIZE)
    again = paint_atlas(GameConfig.model_validate_json(game.model_dump_json()), SIZE)
    assert again is first
    sheet._paint.cache_clear()
    anew = paint_atlas(game, SIZE)
    assert anew is not first
    assert anew == first


@every_game
def test_palettes_change_colours_and_nothing_else(game: GameConfig):
    atlases = {palette: paint_atlas(game, 16, palette) for palette in PALETTES}
    light = atlases["light"]
    for palette, atlas in atlases.items():
        assert replace(atlas, png=light.png) == light
        assert (atlas.png == light.png) == (palette == "light")
        assert without_colors(look_table(game, palette)) == without_colors(look_table(game))


def without_colors(value: Any) -> Any:
    """Part of a look table, with all `#rrggbb` left out."""
    if isinstance(value, dict):
        return {key: without_colors(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_colors(each) for each in value]
    return "" if isinstance(value, str) and value.startswith("#") else value


@pytest.mark.parametrize("tile_size", [0, 15, 40, 256])
def test_other_tile_sizes_are_refused(tile_size: int):
    with pytest.raises(ValueError, match=f"tile_size: {tile_size} is not a multiple of 16 from 16 to 128"):
        paint_atlas(GAMES["arena"], tile_size)


def wall_by_quarters(atlas: Atlas, walls: np.ndarray, row: int, column: int) -> np.ndarray:
    """A cell of a wall, put together by the rule in `atlas/names.py`."""
    padded, half = np.pad(walls, 1), SIZE // 2
    pixels = pixels_of(atlas)
    cell = np.zeros((SIZE, SIZE, 4), dtype=np.uint8)
    for down in (-1, 1):
        for right in (-1, 1):
            beside = [(down, 0), (0, right), (down, right)]
            vertical, horizontal, corner = (padded[row + 1 + d, column + 1 + r] for d, r in beside)
            state = 3 + corner if vertical and horizontal else vertical + 2 * horizontal
            quarter = (
                (slice(0, half) if down < 0 else slice(half, SIZE)),
                (slice(0, half) if right < 0 else slice(half, SIZE)),
            )
            cell[quarter] = tile_of(atlas, pixels, f"wall:{int(state)}")[quarter]
    return cell


def test_walls_of_quarters_look_as_in_pictures():
    atlas = paint_atlas(GAMES["arena"], SIZE)
    walls = np.random.default_rng(5).random((9, 9)) < 0.6
    things = tuple(Thing("wall", "wall", int(row), int(column)) for row, column in np.argwhere(walls))
    floor = np.asarray(BoardPainter(SIZE).paint(Scene(0, 9, 9, things, 0), (0, 0), (9, 9)))
    for row, column in np.argwhere(walls):
        cell = wall_by_quarters(atlas, walls, row, column)
        drawn = floor[row * SIZE : (row + 1) * SIZE, column * SIZE : (column + 1) * SIZE]
        opaque = cell[..., 3] == 255
        assert opaque.mean() > 0.7
        assert np.array_equal(cell[opaque][:, :3], drawn[opaque])
