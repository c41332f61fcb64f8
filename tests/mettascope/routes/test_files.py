"""Files over HTTP: replays become branches; what needs no engine is answered with an archive that the page opens."""

import pytest

from mettagrid.replay_file import write_replay
from mettascope.app import create_app
from mettascope.archive import bake, pack_archive, unpack_archive
from mettascope.branches import Branches
from mettascope.viewer import Viewer
from tests.mettagrid.movies.episodes import REPLAY
from tests.mettascope.original.samples import packed, version_3
from tests.mettascope.page_driver import served
from tests.mettascope.server.asking import ask


@pytest.fixture
def branches():
    return Branches()


@pytest.fixture
def app(branches):
    return create_app(Viewer(branches))


def post(app, name, data):
    return ask(app, "/api/replays", "POST", body=data, query_string=f"name={name}".encode())


def test_a_replay_becomes_a_branch(app, branches, tmp_path):
    data = write_replay(tmp_path / "x.replay", REPLAY).read_bytes()
    answer = post(app, "mine.replay", data)
    assert answer.status == 200
    assert branches[answer.json["branch"]].title == "mine.replay"


def test_what_needs_no_engine_is_answered_with_an_archive(app, branches):
    archive = pack_archive(bake(REPLAY))
    for name, data in (("x.json.z", packed(version_3())), ("x.baked", archive)):
        answer = post(app, name, data)
        assert answer.headers["content-type"] == "application/octet-stream"
        opened = unpack_archive(answer.body, name)
        assert opened.last_tick == (4 if name == "x.json.z" else REPLAY.last_tick)
    assert not list(branches)


def test_a_broken_file_is_one_line_with_its_name(app):
    for data in (b"", b"PK", b"{}", b"\x78\x9c123", b"hello"):
        answer = post(app, "../../deep/mine.replay", data)
        assert answer.status == 400
        error = answer.json["error"]
        assert error.startswith("mine.replay: ") and "\n" not in error


def test_a_branch_can_be_taken_home_as_an_archive(app, branches):
    branch = branches.open(REPLAY, "an episode")
    answer = ask(app, f"/api/branches/{branch.number}/archive")
    assert answer.headers["content-disposition"] == 'attachment; filename="arena-1.baked"'
    archive = unpack_archive(answer.body, "x")
    assert archive.world["title"] == "an episode" and archive.chunks == bake(REPLAY).chunks


def test_archives_that_the_server_keeps_are_told_and_given(app, branches, tmp_path):
    number = branches.keep_archive(b"bytes", "kept").number
    with served(Viewer(branches), tmp_path) as pages, pages.open(watch=None) as page:
        assert page.news["welcome"]["archives"] == [{"number": number, "title": "kept"}]
    assert ask(app, f"/api/archives/{number}").body == b"bytes"
    assert ask(app, "/api/archives/77").json == {"error": f"archive 77 is not here; there are [{number}]"}


def test_not_more_is_opened_than_a_server_holds(branches):
    for _ in range(32):
        branches.keep_archive(b"", "x")
    with pytest.raises(ValueError, match="32 worlds are open already"):
        branches.keep_archive(b"", "x")
    with pytest.raises(ValueError, match="32 worlds are open already"):
        branches.open(REPLAY, "x")
