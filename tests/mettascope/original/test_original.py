"""Replays of the original become archives that show the same."""

import copy
import gzip
import json

import numpy as np
import pytest

from mettascope.archive import pack_archive, unpack_archive
from mettascope.columns import zeros
from mettascope.frames import unpack_chunk
from mettascope.original import looks_original, open_original
from mettascope.survey import Mark
from mettascope.varints import unfold, unpack
from tests.mettascope.original.samples import (
    ACTIONS,
    AGENT_1,
    ALTAR,
    COURSE,
    HEIGHT,
    MINE,
    SAMPLES,
    WALL,
    WIDTH,
    packed,
    totals,
    version_3,
)


class Seen:
    """An archive, tick by tick."""

    def __init__(self, archive):
        self.world = archive.world
        empty = zeros(archive.columns)
        chunks = (unpack_chunk(chunk, empty) for _, chunk in sorted(archive.chunks.items()))
        self.frames = [frame for frames in chunks for frame in frames]
        self.names = [column.name for column in archive.columns]
        self.num_objects = archive.columns[0].size

    def column(self, tick, name):
        return self.frames[tick].values[self.names.index(name)].tolist()

    def variable(self, tick, name, thing):
        index = [variable["name"] for variable in self.world["variables"]].index(name)
        return self.column(tick, "variable")[index * self.num_objects + thing]


def place(x, y):
    return 1 + y * WIDTH + x


@pytest.fixture(params=SAMPLES)
def seen(request):
    archive = open_original(packed(SAMPLES[request.param]), "runs/sample.json.z")
    return Seen(unpack_archive(pack_archive(archive), "x"))


def test_things_are_where_they_were_and_have_what_they_had(seen):
    assert len(seen.frames) == len(COURSE) and seen.world["title"] == "sample.json.z"
    for tick, now in enumerate(COURSE):
        assert seen.column(tick, "cell") == [place(*p) for p in (now["place"], AGENT_1, WALL, MINE, ALTAR)]
        assert [seen.world["kinds"][kind] for kind in seen.column(tick, "kind")] == [
            *("agent", "agent", "wall", "mine_red", "altar")
        ]
        assert (
            seen.variable(tick, "ore_red", 0) == now["ore"]
            and seen.variable(tick, "heart", 0) == now["hearts"]
        )
        assert seen.variable(tick, "frozen", 1) == now["frozen"] and seen.variable(tick, "frozen", 0) == 0
        assert seen.variable(tick, "team", 0) == 2 and seen.variable(tick, "heading", 0) == 1
        assert seen.column(tick, "action") == [now["action"], 0]
        assert seen.column(tick, "reward") == [round(now["reward"] * 1000), 0]
        assert seen.column(tick, "stat") == [round(totals()[tick] * 1000), 0]
    assert [action["name"] for action in seen.world["actions"]] == ACTIONS
    assert (seen.world["height"], seen.world["width"]) == (HEIGHT, WIDTH)


def test_a_series_that_starts_late_is_zero_before():
    seen = Seen(open_original(packed(version_3()), "x"))
    assert [seen.variable(tick, "mark", 0) for tick in range(5)] == [0, 0, 4, 4, 4]


def test_the_survey_marks_who_was_frozen_and_who_got_hearts():
    archive = open_original(packed(version_3()), "x")
    numbers = unpack(archive.surveys[0])
    assert numbers[:4].tolist() == [0, len(COURSE), 2, 2]
    marks = unfold(numbers[-12:]).reshape(2, 6).tolist()
    heart = [variable["name"] for variable in archive.world["variables"]].index("heart")
    assert marks == [[2, Mark.ATTACK, -1, 1, -1, 0], [3, Mark.HEART, -1, 0, heart, 1]]
    cells = unfold(numbers[4:14]).reshape(5, 2).cumsum(axis=0)
    assert cells.tolist() == [[place(*now["place"]), place(*AGENT_1)] for now in COURSE]


def test_long_replays_come_in_chunks_and_blocks():
    content = version_3()
    content["max_steps"] = 1234
    content["objects"][-1]["location"] = [[step, [step % WIDTH, 0]] for step in range(0, 1234, 3)]
    archive = unpack_archive(pack_archive(open_original(packed(content), "x")), "x")
    seen = Seen(archive)
    assert sorted(archive.surveys) == [0, 500, 1000] and len(archive.chunks) == 25
    cells = [seen.column(tick, "cell")[0] for tick in range(1234)]
    assert cells == [place(tick // 3 * 3 % WIDTH, 0) for tick in range(1234)]
    surveyed = [unpack(block) for _, block in sorted(archive.surveys.items())]
    told = [unfold(n[4 : 4 + n[1] * 2]).reshape(-1, 2).cumsum(axis=0)[:, 0] for n in surveyed]
    assert np.concatenate(told).tolist() == cells


def test_who_is_not_alive_is_not_on_the_map():
    content = version_3(4)
    content["objects"][-1]["alive"] = [[0, True], [1, False], [4, True]]
    seen = Seen(open_original(packed(content), "x"))
    assert [seen.column(tick, "cell")[0] > 0 for tick in range(5)] == [True, False, False, False, True]


def test_names_become_ours_and_stay_apart():
    content = version_3()
    for thing, name in zip(content["objects"], ("Mine Red", "agent", "mine.red", "any"), strict=False):
        thing["type_name"] = name
    content["item_names"] = ["heading", "<b>", "1", "heart"]
    world = open_original(packed(content), "x").world
    assert {"mine_red", "mine_red_2", "any_2"} <= set(world["kinds"])
    assert [variable["name"] for variable in world["variables"]][-4:] == [
        "heading_2",
        "b",
        "thing_1",
        "heart",
    ]


def test_hundreds_of_types_still_fit_on_one_sheet():
    content = version_3()
    content["objects"] += [{"id": 10 + i, "type_name": f"kind{i}", "location": [0, 0]} for i in range(300)]
    world = open_original(packed(content), "x").world
    assert len(world["atlas"]["tiles"]) <= 256 and "other_thing" in world["kinds"]


def test_gzip_and_plain_json_are_read_too():
    text = json.dumps(version_3()).encode()
    expected = pack_archive(open_original(packed(version_3()), "x"))
    for data in (gzip.compress(text), text, b"\n " + text):
        assert looks_original(data) and pack_archive(open_original(data, "x")) == expected


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("version", 9, "version: 9 is unknown"),
        ("version", "2", "version: 2 is unknown"),
        ("map_size", [5], "map_size: must be"),
        ("map_size", [10**6, 10**6], "cells cannot be shown"),
        ("max_steps", 10**9, "max_steps: 1000000000 is not between"),
        ("objects", {}, "objects: must be a list"),
        ("objects", [1], "objects.0: must be an object"),
        ("type_names", "agent", "type_names: must be a list"),
        ("objects.4.location", 7, "objects.4.location.0: must be"),
        ("objects.4.location", [[0, [1, "x"]]], "objects.4.location.0: must be a number, not 'x'"),
        ("objects.4.inventory", {"a": 1}, "must be a list of items"),
        ("objects.4.orientation", [[-1, 0]], "objects.4.orientation.0: a step is 0 or more"),
        ("objects.4.orientation", [0, 1], "objects.4.orientation.0: must be .step, value."),
        ("objects.4.type_name", 5, "objects.4.type_name.0: must be the name of a type"),
        ("objects.4.total_reward", 1e300, "is too large"),
    ],
)
def test_what_no_file_of_the_original_says_is_one_line_with_its_place(path, value, complaint):
    content = copy.deepcopy(version_3())
    *way, last = path.split(".")
    inside = content
    for part in way:
        inside = inside[int(part)] if part.isdigit() else inside[part]
    inside[last] = value
    with pytest.raises(ValueError, match=complaint) as refused:
        open_original(packed(content), "x.json.z")
    assert str(refused.value).startswith("x.json.z: ") and "\n" not in str(refused.value)
