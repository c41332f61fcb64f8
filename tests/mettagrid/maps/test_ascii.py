"""AsciiMap: what a drawing means, drawings and grids are inverse, errors say where."""

import numpy as np
import pytest
from pydantic import ValidationError

from mettagrid.config.base import explain
from mettagrid.maps import AsciiMap
from mettagrid.maps.ascii import draw

KINDS = {"empty": 0, "agent": 1, "wall": 2, "altar": 3}


def test_a_drawing_is_a_grid_of_kinds():
    drawing = AsciiMap(
        text="""

            #a#
            #.@
            # #

        """,
        legend={"a": "altar"},
    )
    grid = drawing.grid(KINDS)
    assert grid.dtype == np.int32
    assert grid.tolist() == [[2, 3, 2], [2, 0, 1], [2, 0, 2]]
    assert (drawing.shape, drawing.height, drawing.width, drawing.count_objects()) == ((3, 3), 3, 3, 6)


def test_the_legend_outranks_the_characters_that_always_mean_something():
    assert AsciiMap(text="@#", legend={"#": "altar"}).grid(KINDS).tolist() == [[1, 3]]


def test_every_map_is_the_same():
    maps = AsciiMap(text="@.#").build(3, 5, 1, KINDS)
    assert (maps.shape, maps.dtype) == ((3, 1, 3), np.int32)
    assert (maps == [[[1, 0, 2]]]).all()


def test_drawing_and_reading_are_inverse():
    rng = np.random.default_rng(0)
    legend = {"a": "altar"}
    for _ in range(20):
        grid = rng.integers(0, 4, size=rng.integers(1, 9, size=2)).astype(np.int32)
        grid[0, 0] = 2  # spaces at the edges would be taken for a margin
        text = draw(grid, KINDS, legend)
        np.testing.assert_array_equal(AsciiMap(text=text, legend=legend).grid(KINDS), grid)
        assert draw(AsciiMap(text=text, legend=legend).grid(KINDS), KINDS, legend) == text


def test_a_kind_without_a_character_cannot_be_drawn():
    with pytest.raises(ValueError, match="the legend has no character for altar"):
        draw(np.array([[0, 3]]), KINDS)


@pytest.mark.parametrize(
    ("text", "legend", "message"),
    [
        ("", {}, "text: the drawing is empty"),
        ("  \n \n", {}, "text: the drawing is empty"),
        ("##\n#\n##", {}, "text: row 2 has 1 characters, the first row has 2"),
        ("@", {"ab": "altar"}, "legend: 'ab' must be a single character"),
        ("@", {"": "altar"}, "legend: '' must be a single character"),
        ("@", {"\n": "altar"}, "legend: '\\n' must be a single character"),
    ],
)
def test_what_is_no_drawing_is_refused(text, legend, message):
    with pytest.raises(ValidationError) as refusal:
        AsciiMap(text=text, legend=legend)
    assert explain(refusal.value) == message


@pytest.mark.parametrize(
    ("text", "legend", "message"),
    [
        ("###\n#x@", {}, "text: row 2, column 2: 'x' is not in the legend, which has # . @"),
        (
            "@w",
            {"w": "water"},
            "text: row 1, column 2: 'w' stands for 'water', and the game has no such kind",
        ),
        ("@.@", {}, "the map has 2 places for agents, the game has 1 agents"),
    ],
)
def test_a_drawing_that_does_not_fit_the_game_is_refused(text, legend, message):
    with pytest.raises(ValueError) as refusal:
        AsciiMap(text=text, legend=legend).build(1, 0, 1, KINDS)
    assert str(refusal.value) == message
