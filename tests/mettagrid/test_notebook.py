import base64
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from mettagrid import notebook
from mettagrid.notebook import ReplayMovie, show
from mettagrid.replay_file import write_replay
from tests.mettagrid.movies.episodes import REPLAY

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


def data_of(markup: str) -> tuple[str, bytes]:
    """Type and bytes of the data inside an element."""
    found = re.search(r'src="data:([^;]+);base64,([^"]+)"', markup)
    assert found
    return found[1], base64.b64decode(found[2])


def test_jupyter_gets_a_gif_that_moves():
    bundle = show(REPLAY, ticks="5:25", size=200, format="gif")._repr_mimebundle_()
    kind, data = data_of(bundle["text/html"])
    assert kind == "image/gif"
    with Image.open(io.BytesIO(data)) as image:
        assert image.n_frames == 20  # pyright: ignore[reportAttributeAccessIssue]
        assert max(image.size) <= 200
    assert bundle["text/plain"] == "arena played by random, ticks 5 to 24"


def test_jupyter_gets_a_video_where_one_can_be_written():
    markup = show(REPLAY, ticks=":9", size="128x96")._repr_html_()
    kind, data = data_of(markup)
    assert kind == "video/mp4"
    assert data[4:8] == b"ftyp"
    assert markup.startswith("<video ") and "controls" in markup


def test_without_the_video_package_it_is_a_gif(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notebook, "can_write_mp4", lambda: False)
    assert data_of(show(REPLAY, ticks=":3", size=100)._repr_html_())[0] == "image/gif"


def test_marimo_gets_the_same():
    movie = show(REPLAY, ticks=":3", size=100, format="gif")
    assert movie._mime_() == ("text/html", movie._repr_html_())


def test_a_path_is_enough_and_the_movie_can_be_saved(tmp_path: Path):
    movie = show(write_replay(tmp_path / "a.replay", REPLAY), "::20", follow=1, window="9x7", size=300)
    with Image.open(movie.save(tmp_path / "a.gif")) as image:
        assert image.n_frames == 3  # pyright: ignore[reportAttributeAccessIssue]


def test_words_of_a_file_cannot_become_markup():
    origin = REPLAY.origin
    hostile = type(REPLAY)(
        type(origin)(origin.game, origin.seed, origin.stream, 1, 0, '"><script>alert(1)</script>'),
        REPLAY.actions,
        REPLAY.action_names,
        REPLAY.hashes,
        REPLAY.snapshots,
    )
    assert "<script" not in show(hostile, ":2", size=100, format="gif")._repr_html_()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ticks": "90"}, "no tick 90; the replay has ticks 0 to 59"),
        ({"follow": 9}, "no agent 9; agents are 0 to 3"),
        ({"format": "avi"}, "none of auto, gif and mp4"),
        ({"size": 5}, "not between 64 and 4096"),
        ({"replay": "none.replay"}, "there is no such file"),
    ],
)
def test_mistakes_are_told_at_once_in_one_line(options: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        show(**{"replay": REPLAY, **options})  # pyright: ignore[reportArgumentType]


def test_the_example_notebook_runs_and_shows_movies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    page = json.loads((GUIDES / "watch.ipynb").read_text())
    assert (page["nbformat"], len({cell["id"] for cell in page["cells"]})) == (4, len(page["cells"]))
    names: dict[str, object] = {}
    shown = []
    for cell in page["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            *lines, last = "".join(cell["source"]).split("\n")
            exec("\n".join(lines), names)
            if last.startswith("show("):
                shown.append(eval(last, names))
            else:
                exec("\n".join([*lines, last]), names)
    assert len(shown) == 2 and all(isinstance(movie, ReplayMovie) for movie in shown)
    assert data_of(shown[1]._repr_html_())[0] == "video/mp4"
