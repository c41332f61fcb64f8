"""Map files: reading and writing are inverse; whatever is wrong with a file is one line that says where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mettagrid.builder.envs import make_arena
from mettagrid.config.base import explain
from mettagrid.config.game import GameConfig
from mettagrid.maps import AsciiMap
from mettagrid.maps.map_file import MAX_BYTES, MapFileError, read_map, write_map

HEAD = "format: metta-map\nversion: 1\n"
GOOD = HEAD + "legend:\n  a: altar\nmap: |-\n  ####\n  #@a#\n  ####\n"


def written(tmp_path, content):
    path = tmp_path / "field.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_is_a_drawing_and_its_legend(tmp_path):
    path = written(tmp_path, GOOD)
    assert read_map(path) == ("####\n#@a#\n####", {"a": "altar"})
    read = AsciiMap(file=str(path))
    path.unlink()  # what was read is kept, the file is not needed again
    assert AsciiMap.model_validate_json(read.model_dump_json()) == read
    assert read.grid({"empty": 0, "agent": 1, "wall": 2, "altar": 3}).tolist()[1] == [2, 1, 3, 2]


def test_a_game_takes_a_file_as_its_map(tmp_path):
    path = written(tmp_path, GOOD.replace("altar", "charger"))
    game = make_arena(num_agents=1)
    changed = GameConfig.model_validate(game.model_dump() | {"map": {"form": "ascii", "file": str(path)}})
    assert changed.map.shape == (3, 4)
    with pytest.raises(ValidationError) as refused:
        GameConfig.model_validate(
            game.model_dump() | {"map": {"form": "ascii", "file": str(tmp_path / "no.yaml")}}
        )
    assert "\n" not in explain(refused.value)


def test_the_examples_of_the_docs_are_read(tmp_path):
    text, legend = "# @#\n a  ", {"a": "altar"}
    write_map(tmp_path / "x.yaml", text, legend)
    assert read_map(tmp_path / "x.yaml") == (text, legend)


@given(data=st.data())
def test_writing_and_reading_are_inverse(tmp_path_factory, data):
    height, width = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    legend = {"a": "altar", "'": "mine", "é": "charger", ":": "box"}
    letters = st.sampled_from(".#" + "".join(legend))
    rows = ["".join(data.draw(letters) for _ in range(width)) for _ in range(height)]
    rows[0] = "@" + rows[0][1:]
    path = tmp_path_factory.mktemp("maps") / "m.yaml"
    drawing = AsciiMap(text="\n".join(rows), legend=legend)
    drawing.write(path)
    again = AsciiMap(file=str(path))
    assert (again.rows(), again.legend) == (rows, legend)
    kinds = {"empty": 0, "agent": 1, "wall": 2, "altar": 3, "mine": 4, "charger": 5, "box": 6}
    np.testing.assert_array_equal(again.grid(kinds), drawing.grid(kinds))


BAD = {
    "ragged": (
        GOOD.replace("  #@a#\n", "  #@#\n"),
        "map: row 2, column 4: the row has 3 characters, the first row has 4",
    ),
    "unknown letter": (
        GOOD.replace("#@a#", "#@x#"),
        "map: row 2, column 3: 'x' is not in the legend, which has # . @ a",
    ),
    "no agent": (
        GOOD.replace("@", "."),
        "map: none of 3 rows x 4 columns has a place for an agent, which is '@'",
    ),
    "10 MB": (GOOD + "#" * 10_000_000, "10.0 MB; a map file has at most 1 MB"),
    "not text": (GOOD.encode() + b"# \xff\xfe", "line 9, column 3: byte 0xff is no text (UTF-8)"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "line 1, column 1: byte 0x89 is no text (UTF-8)"),
    "a list": ("- 1\n- 2\n", "line 1, column 1: a map file begins with `format: metta-map`; this is a list"),
    "only text": ("####\n", "a map file begins with `format: metta-map`; this is nothing"),
    "a word": ("hello\n", "line 1, column 1: a map file begins with `format: metta-map`; this is only text"),
    "broken YAML": (
        "format: [metta\nmap: x\n",
        "line 2, column 4: not YAML: expected ',' or ']', but got ':'",
    ),
    "strange character": (HEAD + "map: a\x00b\n", "not YAML: "),
    "other format": (
        GOOD.replace("metta-map", "tiled"),
        "line 1, column 9: format is 'tiled'; this program reads metta-map",
    ),
    "later version": (
        GOOD.replace("version: 1", "version: 2"),
        "line 2, column 10: version is '2'; this program reads 1",
    ),
    "no version": (GOOD.replace("version: 1\n", ""), "lacks `version: 1`"),
    "misspelled key": (
        GOOD.replace("legend:", "legnd:"),
        "line 3, column 1: unknown key 'legnd'; did you mean legend?",
    ),
    "twice": (HEAD + GOOD, "line 3, column 1: 'format' is there twice"),
    "no drawing": (HEAD, "needs `map: |-` and the drawing, indented, below it"),
    "a list of rows": (HEAD + "map:\n  - '#@'\n", "line 4, column 3: needs `map: |-`"),
    "long character": (
        GOOD.replace("a: altar", "al: altar"),
        "line 4, column 3: legend: 'al' must be one character that stands for a kind",
    ),
    "legend is a word": (
        HEAD + "legend: a\nmap: '@'\n",
        "line 3, column 9: legend: needs a line `character: kind`",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_map_is_refused_with_a_line_that_says_where(tmp_path, name):
    content, message = BAD[name]
    path = written(tmp_path, content)
    with pytest.raises(MapFileError) as refusal:
        read_map(path)
    said = str(refusal.value)
    assert said.startswith(f"{path}: {message}"), said
    assert "\n" not in said
    with pytest.raises(ValidationError) as refused:
        AsciiMap(file=str(path))
    assert said in explain(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MapFileError, match="cannot be read: No such file or directory"):
        read_map(tmp_path / "none.yaml")
    with pytest.raises(MapFileError, match="cannot be read: Is a directory"):
        read_map(tmp_path)


def test_a_large_map_fits_into_a_file(tmp_path):
    rows = ["@" + "#" * 511] * 512
    AsciiMap(text="\n".join(rows)).write(tmp_path / "large.yaml")
    assert (tmp_path / "large.yaml").stat().st_size < MAX_BYTES
    assert AsciiMap(file=str(tmp_path / "large.yaml")).rows() == rows


def test_a_games_map_can_become_one_of_another_kind(tmp_path):
    path = tmp_path / "field.yaml"
    AsciiMap(text="@.@").write(path)
    game = make_arena(num_agents=2).override("map", {"form": "ascii", "file": str(path)})
    assert isinstance(game.map, AsciiMap) and game.map.rows() == ["@.@"]
    scenes = game.override("map", {"form": "scenes", "border": None, "scene": {"form": "maze_dfs"}})
    again = scenes.override("map.scene", {"form": "random", "agents": 1})
    assert again.map.scene.form == "random" and again.map.border is None
    with pytest.raises(ValueError, match=r"^map\.form: .*'asci'"):
        game.override("map", {"form": "asci"})
