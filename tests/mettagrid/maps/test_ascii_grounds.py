"""Drawings with ground below things."""

import pytest

from mettagrid.config.game import GameConfig
from mettagrid.config.things import Ground, ObjectKind
from mettagrid.maps import AsciiMap
from mettagrid.maps.ascii import draw

GAME = GameConfig(
    num_agents=2,
    objects={"wall": ObjectKind(), "altar": ObjectKind()},
    grounds={"grass": Ground()},
    map=AsciiMap(text="@@"),
)
LEGEND = {"g": "grass", "o": "altar on grass", "p": "agent on grass", "a": "altar"}
TEXT = "###\n#@p\nago"


def test_things_stand_on_ground():
    kinds = GAME.map_values()
    grid = AsciiMap(text=TEXT, legend=LEGEND).build(1, 0, 2, kinds)[0]
    grass, altar = kinds["grass"], kinds["altar"]
    assert grid[2].tolist() == [altar, grass, altar + grass]
    assert grid[1].tolist() == [kinds["wall"], 1, 1 + grass]
    assert draw(grid, kinds, LEGEND) == TEXT


def test_a_map_file_keeps_them(tmp_path):
    AsciiMap(text=TEXT, legend=LEGEND).write(tmp_path / "field.yaml")
    assert AsciiMap(file=str(tmp_path / "field.yaml")) == AsciiMap(text=TEXT, legend=LEGEND)


@pytest.mark.parametrize(
    "meaning", ["altar on altar", "grass on grass", "empty on grass", "altar on lava", "altar on", "on"]
)
def test_nothing_else_stands_on_anything(meaning):
    with pytest.raises(ValueError, match="no such kind"):
        AsciiMap(text="@@x", legend={"x": meaning}).check(2, GAME.map_values())
