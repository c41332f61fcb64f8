"""Recipes that people own: whatever they do is one line."""

import importlib
import sys

import pytest

from metta.common.discover import find_recipes
from mettagrid.maps import AsciiMap
from mettascope.worlds.library import Library
from mettascope.worlds.recipe_text import recipe_text

PLAY = "\n\n\ndef play() -> PlayTool: ...\n"
HEAD = "from metta.tools.play import PlayTool\n"
RECIPES = {
    "fine": HEAD + "from recipes.prod.arena import play\n\n\ndef see() -> PlayTool:\n    return play()\n",
    "wrong_syntax": "def play(:\n",
    "raises": HEAD + r"raise RuntimeError('two\nlines')" + PLAY,
    "leaves": HEAD + "import sys\nsys.exit(3)" + PLAY,
    "endless": HEAD + "import threading\nthreading.Event().wait()" + PLAY,
    "refuses": HEAD + "\n\ndef play() -> PlayTool:\n    return PlayTool(speed=-1)\n",
    "nothing": '"""Makes no tool."""\n',
}


@pytest.fixture
def library(tmp_path, monkeypatch):
    folder = tmp_path / "experiment"
    folder.mkdir()
    for name, text in RECIPES.items():
        (folder / f"tried_{name}.py").write_text(text)
    recipes = importlib.import_module("recipes")
    experiment = importlib.import_module("recipes.experiment")
    monkeypatch.setattr(experiment, "__path__", [*experiment.__path__, str(folder)])
    monkeypatch.setattr(recipes, "__path__", [*recipes.__path__, str(tmp_path)])
    importlib.import_module("recipes.prod.arena")
    yield Library(lambda: find_recipes([str(tmp_path)]), patience_s=2)
    for name in RECIPES:
        sys.modules.pop(f"recipes.experiment.tried_{name}", None)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("wrong_syntax", "line 1"),
        ("raises", "RuntimeError: two lines"),
        ("leaves", "SystemExit: 3"),
        ("endless", "takes longer than 2 seconds"),
        ("refuses", "speed"),
        ("nothing", "makes no tool"),
    ],
)
def test_broken_recipe_is_one_line(library, name, told):
    with pytest.raises(ValueError, match=told) as error:
        library.make(f"tried_{name}")
    assert "\n" not in str(error.value)


def test_list_tells_what_is_broken_and_nobody_waits_twice(library):
    for name in ("raises", "endless"):
        with pytest.raises(ValueError, match=name):
            library.make(f"tried_{name}")
    errors = {recipe.name: recipe.error for recipe in library.recipes()}
    assert errors["tried_fine"] is None
    assert "line 1" in errors["tried_wrong_syntax"]
    assert "RuntimeError" in errors["tried_raises"]
    assert "longer" in errors["tried_endless"]
    with pytest.raises(ValueError, match="is broken"):
        library.make("tried_endless")
    assert list(library.make("tried_fine", "see").games) == ["sim.env"]


def test_written_recipe_is_found_and_makes_the_changed_game(library, tmp_path):
    drawing = AsciiMap(text="#####\n#@.a#\n#####", legend={"a": "altar"})
    text = recipe_text(Library(), Library().make("arena"), drawing, "tried_own", {"max_steps": 55})
    compile(text, "tried_own", "exec")
    (tmp_path / "experiment" / "tried_own.py").write_text(text)
    found = {recipe.name: recipe for recipe in library.recipes()}["tried_own"]
    assert found.error is None
    assert [maker.tool for maker in found.makers] == ["play", "train"]
    for maker, path in (
        ("play", "sim.env"),
        ("train", "training_env.game"),
        ("train", "evaluator.simulations.0.env"),
    ):
        _, game = Library(library.recipes).make("tried_own", maker).game(path)
        assert (game.map.rows(), game.map.legend) == (drawing.rows(), drawing.legend)
        assert (game.num_agents, game.max_steps) == (1, 55)


def test_a_changed_setting_does_not_have_a_file_of_this_machine_drawn(tmp_path):
    AsciiMap(text="@.").write(tmp_path / "secret.yaml")
    file = str(tmp_path / "secret.yaml")
    for recipe, maker, changes in (
        ("memory", "evaluate", {"simulations.0.env.map.file": file}),
        ("arena", "play", {"sim.env.map": f'{{"form": "ascii", "file": "{file}"}}'}),
    ):
        with pytest.raises(ValueError, match="files are not read"):
            Library().make(recipe, maker, changes)
