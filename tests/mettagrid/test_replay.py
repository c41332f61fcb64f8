import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mettagrid.builder.envs import make_arena
from mettagrid.replay import Origin, Replay, ReplayPlayer, ReplayRecorder
from mettagrid.replay_file import read_replay, write_replay

NUM_TICKS = 250


def record(seed: int = 3, stream: int = 0) -> Replay:
    """An arena episode of random actions."""
    game = make_arena(num_agents=4)
    game = game.model_copy(update={"max_steps": NUM_TICKS})
    origin = Origin(game, seed, stream, num_maps=2, map_seed=5, policy="random")
    env = origin.start()
    rng = np.random.default_rng(seed)
    recorder = ReplayRecorder(env, origin)
    while not recorder.is_finished:
        env.actions[:] = rng.integers(0, len(env.spec.action_names), env.num_rows)
        env.step()
        recorder.record(env.actions)
    return recorder.replay()


REPLAY = record()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_replay(tmp_path / "a.replay", REPLAY)


def changed(path: Path, entry: str, data: bytes) -> Path:
    """The file with one entry replaced."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**entries, entry: data}.items():
            archive.writestr(name, content)
    return path


def header_of(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("header.json"))


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=array.dtype == object)
    return buffer.getvalue()


def test_an_episode_is_recorded_to_its_end():
    assert REPLAY.num_ticks == NUM_TICKS
    assert REPLAY.actions.dtype == np.uint8
    assert sorted(REPLAY.hashes) == sorted(REPLAY.snapshots) == [0, 100, 200]


def test_a_file_gives_back_what_was_written(path: Path):
    replay = read_replay(path)
    assert replay.origin == REPLAY.origin
    assert np.array_equal(replay.actions, REPLAY.actions)
    assert (replay.hashes, replay.snapshots) == (REPLAY.hashes, REPLAY.snapshots)
    assert path.stat().st_size < 100_000


def test_the_same_episode_gives_the_same_bytes(path: Path, tmp_path: Path):
    assert write_replay(tmp_path / "b.replay", record()).read_bytes() == path.read_bytes()


def test_seeking_in_any_order_shows_what_playing_through_shows(path: Path):
    straight = ReplayPlayer(REPLAY)
    expected = [straight.seek(tick).variables.copy() for tick in range(NUM_TICKS)]
    player = ReplayPlayer(read_replay(path))
    for tick in (249, 0, 137, 100, 99, 248, 5):
        view = player.seek(tick)
        assert view.tick == tick
        assert np.array_equal(view.variables, expected[tick])


def test_playing_from_the_seed_alone_meets_every_recorded_hash(path: Path):
    ReplayPlayer(read_replay(path)).verify()


def test_another_stream_is_another_episode():
    assert record(stream=1).hashes != REPLAY.hashes


@pytest.mark.parametrize("tick", [-1, NUM_TICKS])
def test_there_is_no_tick_outside_the_episode(tick: int):
    with pytest.raises(ValueError, match="between 0 and 249"):
        ReplayPlayer(REPLAY).seek(tick)


def test_changed_actions_are_noticed():
    actions = REPLAY.actions.copy()
    actions[:90] = 0
    with pytest.raises(ValueError, match="tick 100 is not what was recorded"):
        ReplayPlayer(replace(REPLAY, actions=actions)).verify()


def test_a_game_with_other_actions_is_refused():
    names = (*REPLAY.action_names[:-1], "fly")
    with pytest.raises(ValueError, match="do not fit its game"):
        ReplayPlayer(replace(REPLAY, action_names=names))


def test_a_snapshot_of_something_else_is_refused():
    for data in (
        b"",
        b"x" * 10,
        REPLAY.snapshots[100][:-1],
        REPLAY.snapshots[100] + b"\0",
        bytes(len(REPLAY.snapshots[100])),
    ):
        player = ReplayPlayer(replace(REPLAY, snapshots={0: REPLAY.snapshots[0], 200: data}))
        with pytest.raises(ValueError):
            player.seek(210)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("version", 3, "format version 3 is unknown"),
        ("format", "zip", "not that of a replay"),
        ("num_agents", 5, "actions.npy must be"),
        ("num_ticks", 2**60, "num_ticks"),
        ("seed", -1, "seed"),
        ("extra", 1, "extra"),
        ("game", {"num_agents": 10**9}, "num_agents"),
        ("hashes", {"0": "xyz"}, "hashes.0: String should match"),
        ("num_maps", 60_000, "too many for a replay"),
    ],
)
def test_wrong_headers_are_one_line(path: Path, field: str, value: object, message: str):
    header = json.dumps({**header_of(path), field: value}).encode()
    with pytest.raises(ValueError, match=message) as error:
        read_replay(changed(path, "header.json", header))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(np.zeros((NUM_TICKS, 4), dtype=np.float64)), "must be uint8 or int16"),
        (npy(np.array([[None] * 4] * NUM_TICKS, dtype=object)), "must be uint8 or int16"),
        (npy(np.full((NUM_TICKS, 4), 255, dtype=np.uint8)), "actions that the game does not have"),
        (npy(np.zeros((NUM_TICKS, 4), dtype=np.uint8))[:-1], "has been cut"),
        (npy(np.zeros((2, 2), dtype=np.uint8)).replace(b"(2, 2)", b"(2**60,)"), "actions.npy"),
        (b"not an array", "actions.npy"),
    ],
)
def test_wrong_action_arrays_are_one_line(path: Path, data: bytes, message: str):
    with pytest.raises(ValueError, match=message) as error:
        read_replay(changed(path, "actions.npy", data))
    assert "\n" not in str(error.value)


def test_bombs_are_refused_before_they_are_inflated(path: Path, monkeypatch: pytest.MonkeyPatch):
    bomb = changed(path, "snapshots/00000300", bytes(64 << 20))
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *arguments: pytest.fail("inflated"))
    with pytest.raises(ValueError, match="too large"):
        read_replay(bomb)


@pytest.mark.parametrize("name", ["../evil", "snapshots/x", "snapshots/-1", "readme.txt"])
def test_foreign_entries_are_refused(path: Path, name: str):
    with pytest.raises(ValueError, match="not a replay file"):
        read_replay(changed(path, name, b"x"))


def test_missing_and_foreign_files_are_one_line(tmp_path: Path):
    with pytest.raises(ValueError, match="no such file"):
        read_replay(tmp_path / "none.replay")
    (tmp_path / "text.replay").write_text("hello")
    with pytest.raises(ValueError, match="not a whole replay file"):
        read_replay(tmp_path / "text.replay")


def test_damaged_files_are_one_line_or_play_as_recorded(path: Path, tmp_path: Path):
    whole = path.read_bytes()
    rng = random.Random(0)
    for case in range(150):
        damaged = bytearray(whole)
        if case % 3 == 0:
            del damaged[rng.randrange(len(damaged)) :]
        else:
            for _ in range(rng.randrange(1, 4)):
                damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        target = tmp_path / "damaged.replay"
        target.write_bytes(damaged)
        try:
            replay = read_replay(target)
            ReplayPlayer(replay).seek(0)
        except ValueError as error:
            assert "\n" not in str(error)


def test_headers_nested_too_deeply_are_one_line(path: Path):
    with pytest.raises(ValueError, match=r"nested too deeply|recursion"):
        read_replay(changed(path, "header.json", b"[" * 100_000))


def test_a_recording_may_begin_in_the_middle_of_an_episode_and_stop_before_its_end(tmp_path: Path):
    player = ReplayPlayer(REPLAY)
    player.seek(NUM_TICKS // 2)
    recorder = ReplayRecorder(player.env, REPLAY.origin, first_tick=NUM_TICKS // 2)
    for row in REPLAY.actions[NUM_TICKS // 2 : -2]:
        player.env.step(row.astype(np.int32))
        recorder.record(player.env.actions)
    half = read_replay(write_replay(tmp_path / "half.replay", recorder.replay()))
    assert (half.first_tick, half.last_tick, half.is_finished) == (NUM_TICKS // 2, NUM_TICKS - 2, False)
    again = ReplayPlayer(half)
    again.verify()
    for tick in (half.first_tick, half.last_tick, half.first_tick + 1):
        again.seek(tick)
        assert again.env.hash(0) == hash_at(REPLAY, tick)
    with pytest.raises(ValueError, match=f"tick 0 is not between {NUM_TICKS // 2} and {NUM_TICKS - 2}"):
        again.seek(0)


def test_version_1_is_still_read(path: Path):
    header = header_of(path)
    old = {key: value for key, value in header.items() if key not in ("first_tick", "is_finished")}
    read = read_replay(changed(path, "header.json", json.dumps({**old, "version": 1}).encode()))
    assert np.array_equal(read.actions, REPLAY.actions)


def hash_at(replay: Replay, tick: int) -> int:
    player = ReplayPlayer(replay)
    player.seek(tick)
    return player.env.hash(0)
