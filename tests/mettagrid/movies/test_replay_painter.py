import re
from dataclasses import replace

import numpy as np
import pytest

from mettagrid.movies.framing import Framing, parse_size, parse_window
from mettagrid.movies.replay_painter import ReplayPainter, paint_sheet
from mettagrid.render import WorldPainter
from mettagrid.render.scene import SceneReader
from mettagrid.render.sprites import sprite
from mettagrid.replay import ReplayPlayer
from tests.mettagrid.movies.episodes import REPLAY

GAME = REPLAY.origin.game
ROWS, COLUMNS = GAME.map.shape


def test_a_movie_shows_what_playing_and_painting_every_tick_shows():
    player, painter = ReplayPlayer(REPLAY), WorldPainter(GAME, 16)
    expected = [painter.paint(player.seek(tick), note="random") for tick in range(REPLAY.num_ticks)]
    shown = list(ReplayPainter(REPLAY, Framing(cell_size=16)).pictures(range(REPLAY.num_ticks)))
    assert len(shown) == len(expected)
    assert all(np.array_equal(a, b) for a, b in zip(shown, expected, strict=True))


def test_skipped_ticks_are_watched_so_that_what_happened_there_flashes():
    player, painter = ReplayPlayer(REPLAY), WorldPainter(GAME, 16)
    expected = []
    for tick in range(REPLAY.num_ticks):
        view = player.seek(tick)
        if tick % 3 == 0:
            expected.append(painter.paint(view, note="random"))
        else:
            painter.watch(view)
    shown = list(ReplayPainter(REPLAY, Framing(cell_size=16)).pictures(range(0, REPLAY.num_ticks, 3)))
    assert all(np.array_equal(a, b) for a, b in zip(shown, expected, strict=True))


def test_a_picture_in_the_middle_has_the_flashes_of_its_own_step():
    every = list(ReplayPainter(REPLAY, Framing(cell_size=16)).pictures(range(REPLAY.num_ticks)))
    for tick in (1, 17, 33, 59):
        assert np.array_equal(ReplayPainter(REPLAY, Framing(cell_size=16)).picture(tick), every[tick])


def test_the_followed_agent_is_in_the_middle():
    size, side = 24, 7
    framing = Framing(follow=2, window=(side, side), cell_size=size, legend=False)
    reader, player = SceneReader(GAME), ReplayPlayer(REPLAY)
    strip = ReplayPainter(REPLAY, framing).picture(0).shape[0] - side * size
    places = set()
    for tick, picture in enumerate(ReplayPainter(REPLAY, framing).pictures(range(REPLAY.num_ticks))):
        agent = next(thing for thing in reader.read(player.seek(tick)).agents if thing.agent == 2)
        places.add((agent.row, agent.column))
        expected = np.asarray(sprite(agent, size))
        top, left = strip + side // 2 * size, side // 2 * size
        middle = picture[top : top + size, left : left + size]
        # Flashes may lie over an agent; most of its opaque pixels are its own.
        opaque = expected[..., 3] == 255
        assert (middle[opaque] == expected[opaque][:, :3]).all(axis=-1).mean() > 0.5
    assert len(places) > 3


@pytest.mark.parametrize("text", ["300", "301", "777", "1024", "640x360", "333x601"])
@pytest.mark.parametrize("follow", [None, 1])
def test_pictures_have_the_size_that_was_asked_for(text: str, follow: int | None):
    size, exact = parse_size(text)
    framing = Framing(follow, size=size, exact=exact)
    height, width, _ = ReplayPainter(REPLAY, framing).picture(5).shape
    if exact:
        assert (width, height) == size
    else:
        assert max(width, height) <= size[0]
        assert width % 2 == height % 2 == 0
        cell_size, has_legend = framing.fit(GAME)
        larger = replace(framing, cell_size=cell_size + 1, legend=has_legend)
        assert max(ReplayPainter(REPLAY, larger).picture(5).shape) > size[0] or cell_size == 64


def test_a_legend_is_left_out_where_it_would_leave_no_room():
    assert Framing(size=(800, 800)).fit(GAME)[1]
    assert not Framing(size=(800, 800), legend=False).fit(GAME)[1]
    cell_size, has_legend = Framing(size=(100, 100)).fit(GAME)
    assert (cell_size, has_legend) == (Framing(size=(100, 100), legend=False).fit(GAME)[0], False)


def test_a_sheet_shows_its_pictures_in_reading_order():
    ticks = [0, 20, 40, 59]
    framing = Framing(size=(600, 600))
    sheet = paint_sheet(REPLAY, ticks, framing)
    assert max(sheet.shape[:2]) <= 600
    height, width = (sheet.shape[0] - 6) // 2, (sheet.shape[1] - 6) // 2
    inner = Framing(legend=False, cell_size=width // COLUMNS)
    for place, picture in enumerate(ReplayPainter(REPLAY, inner).pictures(ticks)):
        top, left = place // 2 * (height + 6), place % 2 * (width + 6)
        assert np.array_equal(sheet[top : top + height, left : left + width], picture)


def test_a_sheet_can_have_an_exact_size():
    assert paint_sheet(REPLAY, range(0, 50, 10), Framing(size=(800, 500), exact=True)).shape == (500, 800, 3)


@pytest.mark.parametrize(
    ("ticks", "framing", "message"),
    [
        (range(60), Framing(size=(200, 200)), "too small .* of 60 pictures of a sheet"),
        (range(65), Framing(), "at most 64 pictures, not 65; a stride of 2"),
        (range(2), Framing(follow=4), "no agent 4; agents are 0 to 3"),
        (range(2), Framing(follow=-1), "no agent -1; agents are 0 to 3"),
    ],
)
def test_sheets_that_cannot_be_are_one_line(ticks: range, framing: Framing, message: str):
    with pytest.raises(ValueError, match=message):
        paint_sheet(REPLAY, ticks, framing)


def test_a_size_that_is_too_small_names_one_that_would_do():
    wide = replace(REPLAY, origin=replace(REPLAY.origin))
    framing = Framing(follow=0, window=(100, 100), size=(150, 150))
    with pytest.raises(ValueError, match="too small for 100 rows and 100 columns") as error:
        ReplayPainter(wide, framing)
    enough = int(re.findall(r"(\d+) would do", str(error.value))[0])
    ReplayPainter(wide, replace(framing, size=(enough, enough))).picture(0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("63", "not between 64 and 4096"),
        ("4097", "not between"),
        ("100x5000", "not between"),
        ("big", "is not a size; e.g. 800 or 1280x720"),
        ("1x2x3", "is not a size"),
        ("-5", "is not a size"),
        ("9" * 100, "is not a size"),
    ],
)
def test_wrong_sizes_are_one_line(text: str, message: str):
    with pytest.raises(ValueError, match=message):
        parse_size(text)


def test_a_window_is_width_by_height():
    assert parse_window("15") == (15, 15)
    assert parse_window("21x13") == (13, 21)
    with pytest.raises(ValueError, match="window: 2 is not between 3 and 250"):
        parse_window("2")
