"""Archives hold what the engine would show, and their file is the same for the same episode."""

import zipfile

import numpy as np
import pytest

from mettagrid.builder.envs import make_arena
from mettagrid.games.builders import make_builders
from mettagrid.games.families import make_families
from mettagrid.games.mates import make_mates
from mettagrid.games.prey_predator import make_prey_predator
from mettagrid.replay import Origin, ReplayPlayer, ReplayRecorder
from mettascope.archive import bake, pack_archive, read_archive, unpack_archive, write_archive
from mettascope.columns import read_columns, zeros
from mettascope.frames import unpack_chunk

GAMES = {
    "arena": make_arena(num_agents=6, max_steps=120, combat=True),
    "families": make_families(),
    "mates": make_mates(),
    "builders": make_builders(),
    "prey_predator": make_prey_predator(),
}


def record(game, num_ticks=120, seed=1):
    origin = Origin(game, seed=seed, policy="random", num_maps=1)
    recorder = ReplayRecorder(env := origin.start(), origin)
    rng = np.random.default_rng(seed)
    while not recorder.is_finished and len(recorder.replay().actions) < num_ticks:
        env.step(rng.integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32))
        recorder.record(env.actions)
    return recorder.replay()


@pytest.fixture(scope="module")
def replay():
    return record(GAMES["arena"])


@pytest.fixture(scope="module")
def archive(replay):
    return bake(replay)


def frames_of(archive):
    empty = zeros(archive.columns)
    return [frame for _, chunk in sorted(archive.chunks.items()) for frame in unpack_chunk(chunk, empty)]


@pytest.mark.parametrize("name", GAMES)
def test_every_tick_is_as_the_engine_plays_it(name):
    replay = record(GAMES[name])
    player, archive = ReplayPlayer(replay, with_events=True), bake(replay)
    frames = frames_of(archive)
    assert [frame.tick for frame in frames] == list(range(replay.first_tick, replay.last_tick + 1))
    for frame in frames:
        assert np.array_equal(frame.events, player.events(frame.tick))
        expected = read_columns(player.view())
        assert all(np.array_equal(*pair) for pair in zip(frame.values, expected, strict=True))


@pytest.mark.parametrize("name", GAMES)
def test_numbers_that_are_looked_up_in_the_description_are_found_there(name):
    archive = bake(record(GAMES[name]))
    world = archive.world
    mosts = {
        "kind": len(world["kinds"]) - 1,
        "cell": world["height"] * world["width"],
        "body": len(world["caps"]) - 1,
        "action": len(world["actions"]) - 1,
        "partner": world["num_agents"],
        "ground": len(world["grounds"]),
        "trace": len(world["traces"]),
    }
    for frame in frames_of(archive):
        for column, values in zip(archive.columns, frame.values, strict=True):
            if column.name in mosts and values.size:
                assert 0 <= values.min() <= values.max() <= mosts[column.name], column.name


def test_a_file_gives_back_what_was_written(archive, tmp_path):
    assert read_archive(write_archive(tmp_path / "x.baked", archive)) == archive


def test_equal_episodes_give_equal_bytes(archive):
    assert pack_archive(bake(record(GAMES["arena"]))) == pack_archive(archive)


def test_a_part_of_an_episode_can_be_kept(replay, archive):
    part = unpack_archive(pack_archive(bake(replay, range(30, 101), title="the fight")), "x")
    assert (part.first_tick, part.last_tick, part.world["title"]) == (30, 100, "the fight")
    assert sorted(part.chunks) == [30, 50, 100] and sorted(part.surveys) == [30]
    whole = {frame.tick: frame for frame in frames_of(archive)}
    for frame in frames_of(part):
        expected = whole[frame.tick]
        assert all(np.array_equal(*pair) for pair in zip(frame.values, expected.values, strict=True))


@pytest.mark.parametrize("ticks", [range(0, 5000), range(0), range(0, 50, 2), range(-1, 5)])
def test_ticks_that_are_not_there_cannot_be_kept(replay, ticks):
    with pytest.raises(ValueError, match="an archive holds successive ticks between 0 and 119"):
        bake(replay, ticks)


def test_baking_tells_how_far_it_is(replay):
    told = []
    bake(replay, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_file_is_an_ordinary_zip(archive, tmp_path):
    path = write_archive(tmp_path / "x.baked", archive)
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == [
            "header.json",
            "atlas.png",
            "chunks/00000000",
            "chunks/00000050",
            "chunks/00000100",
            "surveys/00000000",
        ]
