"""Episodes in notebooks: a frame that holds the whole page and may reach nothing else."""

import html
import re

import pytest

from mettagrid.replay_file import write_replay
from mettascope import notebook
from mettascope.archive import bake, unpack_archive, write_archive
from mettascope.notebook import show
from tests.mettagrid.movies.episodes import REPLAY
from tests.mettascope.original.samples import packed, version_3
from tests.mettascope.pages import archive_in, small_page


@pytest.fixture(autouse=True)
def page(tmp_path, monkeypatch):
    folder = small_page(tmp_path / "page")
    monkeypatch.setattr(notebook, "find_page", lambda: folder)


def page_in(frame):
    return html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])


def test_the_frame_holds_the_page_with_the_episode():
    shown = show(REPLAY, ticks="10:30", height=480)
    frame = shown._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts"') and "height: 480px" in frame
    archive = unpack_archive(archive_in(page_in(frame)), "x")
    assert (archive.first_tick, archive.last_tick) == (10, 29)
    assert shown._mime_() == ("text/html", frame)
    assert shown._repr_mimebundle_() == {"text/html": frame, "text/plain": "arena, ticks 10 to 29"}


def test_files_of_all_kinds_are_shown(tmp_path):
    replay, archive, original = (tmp_path / f"x{suffix}" for suffix in (".replay", ".baked", ".json.z"))
    write_replay(replay, REPLAY)
    write_archive(archive, bake(REPLAY))
    original.write_bytes(packed(version_3()))
    told = [str(show(path)) for path in (replay, str(archive), original)]
    assert told == ["arena, ticks 0 to 59", "arena, ticks 0 to 59", "x.json.z, ticks 0 to 4"]


def test_the_page_can_be_saved(tmp_path):
    shown = show(REPLAY, ticks="0:5")
    assert shown.save(tmp_path / "deep" / "x.html").read_text() == shown.page


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"ticks": "0:900:7"}, "successive ticks"),
        ({"ticks": "900:"}, "there is none"),
        ({"height": 5}, "height: 5"),
    ],
)
def test_what_cannot_be_shown_is_refused_at_once(options, complaint):
    with pytest.raises(ValueError, match=complaint):
        show(REPLAY, **options)


def test_a_part_of_an_archive_cannot_be_taken():
    with pytest.raises(ValueError, match="kept as it is"):
        show(bake(REPLAY), ticks="0:5")
