import os
import re
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image

from metta.cli.house import render as render_module
from metta.cli.house.commands import run_house_command
from metta.cli.main import main
from mettagrid.replay_file import write_replay
from tests.mettagrid.movies.episodes import REPLAY, record

ROWS, COLUMNS = REPLAY.origin.game.map.shape


@pytest.fixture
def replay(tmp_path: Path) -> Path:
    return write_replay(tmp_path / "a.replay", REPLAY)


def frames_of(path: Path) -> int:
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1)


def frames_of_mp4(path: Path) -> tuple[int, tuple[int, int]]:
    """What the decoder counts, and the size it tells."""
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path), "-f", "null", "-"]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stderr
    width, height = re.findall(r"Video: .*, (\d+)x(\d+)[ ,]", told)[0]
    return int(re.findall(r"frame= *(\d+)", told)[-1]), (int(width), int(height))


def test_a_png_of_the_last_tick(replay: Path, capsys: pytest.CaptureFixture[str]):
    out = replay.with_name("deep") / "a.png"
    assert main(["render", str(replay), "--out", str(out), "--size", "400"]) == 0
    with Image.open(out) as image:
        assert max(image.size) <= 400
        assert f"{out}: 1 picture, {image.width} x {image.height} pixels" in capsys.readouterr().out
    last = replay.with_name("b.png")
    main(["render", str(replay), f"--out={last}", "--size=400", "--ticks", "-1"])
    assert last.read_bytes() == out.read_bytes()


def test_a_png_of_several_ticks_is_a_sheet(replay: Path, capsys: pytest.CaptureFixture[str]):
    out = replay.with_name("a.png")
    for ticks, pictures in (("0:5", 5), (":", 12), ("::4", 15), ("3:4", 1)):
        assert main(["render", str(replay), "--out", str(out), "--ticks", ticks]) == 0
        assert f": {pictures} picture" in capsys.readouterr().out


def test_a_gif_has_a_picture_for_each_tick(replay: Path):
    out = replay.with_name("a.gif")
    arguments = ["--ticks", "-30::3", "--follow", "2", "--window", "9x7", "--size", "320x200", "--fps", "5"]
    assert main(["render", *arguments, str(replay), "--out", str(out)]) == 0
    with Image.open(out) as image:
        assert (frames_of(out), image.size, image.info["duration"]) == (10, (320, 200), 200)


def test_an_mp4_has_a_picture_for_each_tick(replay: Path):
    out = replay.with_name("a.mp4")
    assert main(["render", str(replay), "--out", str(out), "--ticks", "5:25", "--size", "320x200"]) == 0
    assert frames_of_mp4(out) == (20, (320, 200))


def test_a_long_gif_skips_ticks_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = write_replay(tmp_path / "long.replay", record(num_ticks=620))
    common = ["render", str(path), "--out", str(tmp_path / "a.gif"), "--size", "64x64", "--no-legend"]
    assert main(common) == 0
    assert "shows one of 3" in capsys.readouterr().out
    assert frames_of(tmp_path / "a.gif") <= 207
    assert main([*common, "--ticks", "::1"]) == 2
    assert (
        "620 pictures; a GIF holds at most 600: a stride of 2 would do, or an .mp4" in capsys.readouterr().err
    )


def test_settings_may_be_written_as_for_tools(replay: Path):
    out = replay.with_name("a.gif")
    assert main(["render", str(replay), f"out={out}", "ticks=-4:", "size=100"]) == 0
    assert frames_of(out) == 4


def test_the_help_tells_every_option(capsys: pytest.CaptureFixture[str]):
    assert run_house_command("render", ["-h"]) == 0
    shown = capsys.readouterr().out
    assert all(
        option in shown for option in ("--ticks", "--follow", "--window", "--size", "--fps", "contact sheet")
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: REPLAY, --out"),
        (["R"], "required: --out"),
        (["R", "--out", "a.avi"], "a.avi ends in .avi; .png, .gif, .mp4, .html and .baked can be written"),
        (["R", "--out", "."], "ends in nothing"),
        (["R", "--out", "a.gif", "--tick", "3"], "unknown '--tick'; did you mean --ticks?"),
        (["R", "--out", "a.gif", "folow=3"], "unknown 'folow=3'; did you mean --follow?"),
        (["R", "--out", "a.gif", "--follow", "x"], "--follow: invalid int value: 'x'"),
        (["R", "--out", "a.gif", "--follow", "4"], "there is no agent 4; agents are 0 to 3"),
        (["R", "--out", "a.gif", "--window", "9"], "--window needs --follow"),
        (["R", "--out", "a.gif", "--follow", "1", "--window", "999"], "999 is not between 3 and 250"),
        (["R", "--out", "a.gif", "--ticks", "70:"], "none in 70:; the replay has ticks 0 to 59"),
        (["R", "--out", "a.gif", "--ticks", "-61"], "no tick -61; the replay has ticks 0 to 59"),
        (["R", "--out", "a.gif", "--size", "7"], "7 is not between 64 and 4096"),
        (["R", "--out", "a.mp4", "--size", "101x100"], "MP4 wants even sides"),
        (["R", "--out", "a.gif", "--fps", "99"], "99 is not between 1 and 60"),
        (["R", "--out", "a.png", "--fps", "9"], "--fps is for movies"),
        (["R", "--out"], "expected one argument"),
        (["none.replay", "--out", "a.gif"], "none.replay: there is no such file"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing_behind(
    replay: Path,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(replay.parent)
    assert main(["render", *(str(replay) if word == "R" else word for word in arguments)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert list(replay.parent.iterdir()) == [replay]


def test_without_the_video_package_an_mp4_is_refused_before_any_work(
    replay: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(render_module, "can_write_mp4", lambda: False)
    assert main(["render", str(replay), "--out", "a.mp4"]) == 2
    assert "metta install video" in capsys.readouterr().err


def test_damaged_replays_are_one_line(replay: Path, capsys: pytest.CaptureFixture[str]):
    data = replay.read_bytes()
    out = replay.with_name("a.gif")
    for damage in (b"", b"hello", data[: len(data) // 2], data[:200] + b"\xff" * 40 + data[240:]):
        replay.write_bytes(damage)
        assert main(["render", str(replay), "--out", str(out)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
        assert not out.exists()


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_an_interrupt_leaves_no_half_file(tmp_path: Path, suffix: str):
    """The process interrupts itself, as a terminal does, when it paints the fifth picture."""
    write_replay(tmp_path / "a.replay", REPLAY)
    program = f"""
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs the tests in the background ignores it
from mettagrid.movies.replay_painter import ReplayPainter
from metta.cli.main import main
paint = ReplayPainter.picture
def interrupted(self, tick):
    if tick == 5:
        os.killpg(0, signal.SIGINT)
    return paint(self, tick)
ReplayPainter.picture = interrupted
sys.exit(main(["render", "a.replay", "--out", "a{suffix}", "--size", "200"]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert (ran.returncode, ran.stderr) == (130, "metta: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.replay"]
