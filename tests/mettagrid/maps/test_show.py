"""Pictures and text of maps show what is there; the page and its pictures are what the code draws."""

from pathlib import Path

import numpy as np
import pytest

from mettagrid.maps import scene_forms
from mettagrid.maps.catalogue import folders, sentence, values_for
from mettagrid.maps.show.__main__ import main, read_picture
from mettagrid.maps.show.page import COMMAND, page, picture, picture_path
from mettagrid.maps.show.picture import contact_sheet, map_picture
from mettagrid.maps.show.terminal import map_legend, map_text

DOCS = Path(__file__).parents[3] / "docs"
VALUES = values_for(["wall", "altar", "water"])
GRID = np.array([[0, 1, 2], [3, 256, 258]], np.int32)


def test_a_picture_has_a_square_for_each_cell():
    shown = map_picture(GRID, VALUES, 7)
    assert (shown.shape, shown.dtype) == ((14, 21, 3), np.uint8)
    cells = shown.reshape(2, 7, 3, 7, 3).transpose(0, 2, 1, 3, 4)
    middles = {tuple(cells[row, column, 3, 3]) for row in range(2) for column in range(3)}
    assert len(middles) == 5  # the wall on water looks like a wall
    np.testing.assert_array_equal(cells[0, 2], cells[1, 2])
    assert (cells[0, 0] == cells[0, 0, 0, 0]).all()
    with pytest.raises(ValueError, match="too large"):
        map_picture(np.zeros((1024, 1024), np.int32), VALUES, 64)


def test_a_sheet_holds_all_pictures():
    pictures = [np.full((10, 10, 3), shade, np.uint8) for shade in (1, 2, 3)]
    sheet = contact_sheet(pictures, columns=2)
    assert sheet.shape == (28, 28, 3)
    assert [int((sheet == shade).all(axis=2).sum()) for shade in (1, 2, 3)] == [100, 100, 100]
    titled = contact_sheet(pictures, ["a", "b", "c"], columns=2)
    assert titled.shape[0] > sheet.shape[0]


def test_text_has_two_columns_for_each_cell():
    text = map_text(GRID, VALUES).plain
    rows = text.split("\n")
    assert [len(row) for row in rows] == [6, 6]
    assert rows[0][:4] == "· ▲ "
    legend = map_legend(VALUES).plain
    assert all(name in legend for name in ("agent", "wall", "altar", "water"))


def test_every_scene_is_in_the_catalogue_once():
    listed = [form for forms in folders().values() for form in forms]
    assert sorted(listed) == sorted(scene_forms())
    assert len({sentence(form) for form in listed}) == len(listed)


def test_the_page_is_what_the_code_says():
    assert (DOCS / "maps.md").read_text(encoding="utf-8") == page(), (
        f"docs/maps.md is out of date; run: {COMMAND}"
    )


@pytest.mark.parametrize("form", scene_forms())
def test_the_picture_is_what_the_scene_draws(form):
    path = picture_path(DOCS, form)
    assert path.is_file(), f"{path.name} is missing; run: {COMMAND}"
    np.testing.assert_array_equal(read_picture(path), picture(form), f"out of date; run: {COMMAND}")


def test_there_is_no_picture_of_a_scene_that_is_gone():
    assert {path.stem for path in (DOCS / "pictures" / "maps").glob("*.png")} == set(scene_forms())


def test_the_command_refuses_a_folder_that_is_not_there(tmp_path, capsys):
    assert main([str(tmp_path / "none")]) == 2
    assert "there is no folder" in capsys.readouterr().err
