from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mettagrid.movies import write
from mettagrid.movies.write import write_movie, write_png


def pictures(count: int = 5) -> list[np.ndarray]:
    """A white square that walks over a dark floor, 48 x 64."""
    frames = np.full((count, 48, 64, 3), 40, dtype=np.uint8)
    for index, frame in enumerate(frames):
        frame[10:20, 10 * index : 10 * index + 10] = 255
    return list(frames)


def test_a_png_holds_the_very_picture(tmp_path: Path):
    path = write_png(tmp_path / "deep" / "a.png", pictures()[2])
    assert np.array_equal(np.asarray(Image.open(path)), pictures()[2])


def test_a_gif_holds_every_picture(tmp_path: Path):
    path = write_movie(tmp_path / "a.gif", pictures(), fps=10)
    with Image.open(path) as image:
        assert image.n_frames == 5  # pyright: ignore[reportAttributeAccessIssue]
        assert image.size == (64, 48)
        assert image.info["duration"] == 100
        image.seek(3)
        assert image.convert("RGB").getpixel((35, 15)) == (255, 255, 255)


def test_an_mp4_is_written(tmp_path: Path):
    path = write_movie(tmp_path / "a.mp4", pictures(), fps=10)
    assert path.read_bytes()[4:8] == b"ftyp"


def test_without_the_video_package_mp4_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(write, "can_write_mp4", lambda: False)
    with pytest.raises(ValueError, match=r"pip install 'metta\[video\]'"):
        write_movie(tmp_path / "a.mp4", pictures())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "frames", "fps", "message"),
    [
        ("a.avi", 1, 10, ".gif or .mp4"),
        ("a.gif", 0, 10, "at least one picture"),
        ("a.gif", 1, 0, "between 1 and 60"),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, name: str, frames: int, fps: int, message: str
):
    with pytest.raises(ValueError, match=message):
        write_movie(tmp_path / name, pictures(frames), fps)
    assert list(tmp_path.iterdir()) == []
