"""A reader written from docs/formats/baked.md alone, in plain Python, sees what the engine plays."""

import json
import struct
import zipfile

import numpy as np
import pytest

from mettagrid.builder.envs import make_arena
from mettagrid.events import EVENT
from mettagrid.games.mates import make_mates
from mettagrid.replay import Origin, ReplayPlayer, ReplayRecorder
from mettascope.archive import bake, write_archive
from mettascope.survey import Surveyor

EVENT_FIELDS = ("what", "rule", "actor", "source", "target", "variable", "amount", "cell")


class Varints:
    def __init__(self, data):
        self.data, self.at = data, 0

    def next(self):
        value, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value += (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        folded = self.next()
        return -(folded + 1) // 2 if folded % 2 else folded // 2


class StrangersReader:
    """Follows the document, knows nothing of Metta."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        header = json.loads(self.zip.read("header.json"))
        assert (header["format"], header["version"]) == ("mettascope-archive", 1)
        self.world = header["world"]

    def ticks(self):
        """(tick, columns by name, events) from the first tick to the last."""
        first, last = self.world["first_tick"], self.world["last_tick"]
        begins = [t for t in range(first, last + 1) if t == first or t % 50 == 0]
        for begin in begins:
            yield from self.chunk(self.zip.read(f"chunks/{begin:08d}"))

    def chunk(self, data):
        run, columns, before = Varints(data), None, None
        while run.at < len(data):
            length = run.next()
            frame = Varints(data[run.at : run.at + length])
            run.at += length
            tick, base = frame.next(), frame.next()
            if base == 0:
                columns = [[0] * (c["rows"] * c["size"]) for c in self.world["columns"]]
            else:
                assert base - 1 == before
            self.columns(frame, columns)
            yield (
                tick,
                dict(zip((c["name"] for c in self.world["columns"]), columns, strict=True)),
                self.events(frame),
            )
            assert frame.at == length
            before = tick

    def columns(self, frame, columns):
        while (number := frame.next()) < len(columns):
            count, place, places = frame.next(), 0, []
            for _ in range(count):
                place += frame.next()
                places.append(place)
            for place in places:
                columns[number][place] += frame.signed()

    def events(self, frame):
        events = [{} for _ in range(frame.next())]
        for field in EVENT_FIELDS:
            value = 0
            for event in events:
                value += frame.signed()
                event[field] = value
        return events

    def survey(self):
        """cells, actions, rewards: [tick][agent]; marks."""
        cells, actions, rewards, marks = [], [], [], []
        for begin in range(self.world["first_tick"], self.world["last_tick"] + 1, 500):
            run = Varints(self.zip.read(f"surveys/{begin:08d}"))
            first, num_ticks, num_agents, num_marks = (run.next() for _ in range(4))
            assert first == begin
            now = [0] * num_agents
            for _ in range(num_ticks):
                now = [cell + run.signed() for cell in now]
                cells.append(now)
            actions += [[run.next() for _ in range(num_agents)] for _ in range(num_ticks)]
            rewards += [[run.signed() for _ in range(num_agents)] for _ in range(num_ticks)]
            marks += [[run.signed() for _ in range(6)] for _ in range(num_marks)]
        return cells, actions, rewards, marks


@pytest.fixture(scope="module", params=["arena", "mates"])
def replay(request):
    games = {"arena": make_arena(num_agents=6, max_steps=620, combat=True), "mates": make_mates()}
    origin = Origin(games[request.param], seed=1, num_maps=1)
    recorder = ReplayRecorder(env := origin.start(), origin)
    rng = np.random.default_rng(1)
    while not recorder.is_finished:
        env.step(rng.integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32))
        recorder.record(env.actions)
    return recorder.replay()


@pytest.fixture(scope="module")
def reader(replay, tmp_path_factory):
    return StrangersReader(write_archive(tmp_path_factory.mktemp("archive") / "x.baked", bake(replay)))


def test_a_stranger_sees_every_tick(replay, reader):
    player = ReplayPlayer(replay, with_events=True)
    seen = 0
    for tick, columns, events in reader.ticks():
        logged = player.events(tick)
        view, num_objects = player.view(), len(columns["kind"])
        assert columns["kind"] == view.kinds.tolist()
        assert [cell - 1 for cell in columns["cell"]] == view.cells.tolist()
        assert columns["body"] == view.profiles.tolist()
        rows = [
            columns["variable"][i : i + num_objects] for i in range(0, len(columns["variable"]), num_objects)
        ]
        assert rows == view.variables.T.tolist()
        assert columns["reward"] == view.rewards.tolist() and columns["action"] == view.last_actions.tolist()
        assert columns["ground"] == view.ground.ravel().tolist()
        assert columns["trace"] == view.traces.ravel().tolist()
        assert [tuple(event.values()) for event in events] == logged.tolist()
        seen += 1
    assert seen == replay.last_tick - replay.first_tick + 1 and EVENT.names == EVENT_FIELDS


def test_a_stranger_sees_the_survey(replay, reader):
    player = ReplayPlayer(replay)
    cells, actions, rewards, marks = reader.survey()
    num_agents = reader.world["num_agents"]
    for tick in range(replay.first_tick, replay.last_tick + 1):
        view = player.seek(tick)
        assert [cell - 1 for cell in cells[tick]] == view.cells[:num_agents].tolist()
        assert actions[tick] == view.last_actions.tolist() and rewards[tick] == view.rewards.tolist()
    assert len(cells) == replay.last_tick + 1
    surveyor = Surveyor(replay)
    expected = [surveyor.block(replay, first).marks for first in range(0, replay.last_tick + 1, 500)]
    assert marks == np.concatenate(expected).tolist()
    assert marks or replay.origin.game.name != "mates"  # where some are born and some die


def test_the_sheet_is_as_large_as_the_description_says(reader):
    atlas, png = reader.world["atlas"], reader.zip.read("atlas.png")
    pitch = atlas["tile_size"] + 2 * atlas["padding"]
    rows = -(-len(atlas["tiles"]) // atlas["columns"])
    assert struct.unpack(">II", png[16:24]) == (atlas["columns"] * pitch, rows * pitch)
    assert sorted(atlas["tiles"].values()) == list(range(len(atlas["tiles"])))
    assert {kind["tile"] for kind in reader.world["looks"]["kinds"]} - {None} <= set(atlas["tiles"])
