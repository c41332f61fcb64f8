"""`metta render` writes pages and archives."""

from pathlib import Path

import pytest

from metta.cli.house import saved
from metta.cli.main import main
from mettagrid.replay_file import write_replay
from mettascope.archive import bake, read_archive, unpack_archive
from tests.mettagrid.movies.episodes import REPLAY
from tests.mettascope.original.samples import packed, version_3
from tests.mettascope.pages import archive_in, small_page


@pytest.fixture
def replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    page = small_page(tmp_path / "page")
    monkeypatch.setattr(saved, "find_page", lambda: page)
    return write_replay(tmp_path / "a.replay", REPLAY)


def test_an_archive_and_a_page_of_it(replay: Path, capsys: pytest.CaptureFixture[str]):
    out, page = replay.with_name("a.baked"), replay.with_name("a.html")
    assert main(["render", str(replay), "--out", str(out)]) == 0
    assert f"{out}: an archive, ticks 0 to 59, " in capsys.readouterr().out
    assert read_archive(out).chunks == bake(REPLAY).chunks and read_archive(out).world["title"] == "a"
    assert main(["render", str(out), f"out={page}"]) == 0
    assert f"{page}: a page that needs no server, ticks 0 to 59, " in capsys.readouterr().out
    assert archive_in(page.read_text()) == out.read_bytes()


def test_a_part_of_an_episode(replay: Path):
    out = replay.with_name("a.html")
    assert main(["render", str(replay), "--out", str(out), "--ticks", "20:30"]) == 0
    archive = unpack_archive(archive_in(out.read_text()), "x")
    assert (archive.first_tick, archive.last_tick) == (20, 29)


def test_a_page_of_a_replay_of_the_original(replay: Path):
    original, out = replay.with_name("old.json.z"), replay.with_name("a.html")
    original.write_bytes(packed(version_3()))
    assert main(["render", str(original), "--out", str(out)]) == 0
    assert unpack_archive(archive_in(out.read_text()), "x").world["title"] == "old.json.z"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["a.replay", "--out", "a.html", "--follow", "1"], "--follow is for pictures"),
        (["a.replay", "--out", "a.html", "--no-legend"], "--no-legend is for pictures"),
        (["a.replay", "--out", "a.baked", "--ticks", "::2"], "successive ticks"),
        (["a.replay", "--out", "a.htm"], ".html and .baked can be written"),
        (["b.replay", "--out", "a.html"], "there is no such file"),
        (["a.baked", "--out", "b.baked", "--ticks", "0:5"], "kept as it is"),
    ],
)
def test_mistakes_are_one_line(
    replay: Path,
    arguments: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(replay.parent)
    main(["render", "a.replay", "--out", "a.baked"])
    capsys.readouterr()
    assert main(["render", *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error and error.count("\n") == 1
