"""`metta maps`: the list, one map in the terminal, sheets of pictures; a mistake is one line."""

import json

import pytest
from PIL import Image

from metta.cli.house.maps import maps
from metta.common.errors import UserError
from mettagrid.maps import scene_forms


def test_it_lists_all_scenes(capsys):
    assert maps([]) == 0
    listed = capsys.readouterr().out
    assert [form for form in scene_forms() if form not in listed] == []
    assert maps(["--json"]) == 0
    assert [entry["scene"] for entry in json.loads(capsys.readouterr().out)] == list(scene_forms())


def test_it_shows_one_in_the_terminal(capsys):
    maps(["show", "maze_kruskal", "height=9", "width=13", "seed=3", "corridor=2"])
    shown = capsys.readouterr().out
    rows = shown.rstrip().split("\n")
    assert len(rows) == 10
    assert rows[0].startswith("· · ▒▒") or rows[0].startswith("· · · ")
    assert "wall" in rows[-1]
    maps(["show", "maze_kruskal", "height=9", "width=13", "seed=3", "corridor=2"])
    assert capsys.readouterr().out == shown
    maps(["show", "maze_kruskal", "height=9", "width=13", "seed=4", "corridor=2"])
    assert capsys.readouterr().out != shown


def test_fields_with_the_name_of_an_option_are_reached(capsys):
    maps(["show", "compound", "height=15", "width=15", "scene.height=9", "hub.agents=2", "hub.corners=[]"])
    assert capsys.readouterr().out.count("▲") == 3  # two agents and the legend


def test_it_writes_pictures_and_sheets(tmp_path, capsys):
    one, many = tmp_path / "one.png", tmp_path / "many.png"
    maps(["show", "caves", "height=10", "width=20", "cell=3", f"png={one}"])
    maps(["sheet", "caves", "height=10", "width=20", "cell=3", "count=4", f"png={many}"])
    assert capsys.readouterr().out.split() == [str(one), str(many)]
    with Image.open(one) as small, Image.open(many) as large:
        assert small.size == (60, 30)
        assert large.size[0] == 2 * 60 + 8


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["show"], "metta maps: it takes nothing, `show SCENE`"),
        (["draw", "caves"], "metta maps: it takes nothing"),
        (["show", "cave"], "unknown scene 'cave'; did you mean caves"),
        (["show", "caves", "fil=0.3"], "fil: Caves has no field 'fil'; did you mean fill"),
        (["show", "caves", "fill=2"], "fill: "),
        (["show", "caves", "height=0"], "height=0: a whole number from 1 to 1024"),
        (["show", "caves", "seed=x"], "seed=x: a whole number"),
        (["show", "room_grid", "rows=40"], "room_grid: 25 cells are too few for 40 rooms"),
        (["show", "caves", "png=x.jpg"], "the name must end with .png"),
        (["sheet", "caves"], "needs png=FILE"),
        (["sheet", "fill=0.3", "png=x.png"], "unknown key 'fill' for all scenes"),
    ],
)
def test_a_mistake_is_one_line(arguments, complaint):
    with pytest.raises(UserError) as refusal:
        maps(arguments)
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)
