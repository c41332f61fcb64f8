import json

import pytest

from metta.cli.listing import list_recipes, select
from metta.common.discover import find_recipes
from metta.common.errors import UserError


def listed(words):
    return {
        f"{maker.name} {recipe.name}" for recipe in select(words, find_recipes()) for maker in recipe.makers
    }


def test_a_tool_lists_its_recipes(farm):
    assert {"train farm", "must_have farm"} <= listed(["train"])
    assert listed(["eval"]) >= {"evaluate farm", "eval barn.hay", "sweep_small barn.hay"}
    assert not any(name.endswith("hay") for name in listed(["train"]))


def test_a_recipe_lists_its_tools(farm):
    assert listed(["farm"]) == {"train farm", "evaluate farm", "must_have farm"} == listed(["train", "farm"])
    assert listed(["experiments.user.my_tasks"]) == {
        "my_task experiments.user.my_tasks",
        "my_bug experiments.user.my_tasks",
    }


def test_unknown_words(farm):
    with pytest.raises(UserError, match="no tool or recipe 'fram' to list; did you mean farm"):
        select(["fram"], find_recipes())


def test_tables_show_broken_recipes(farm, capsys):
    list_recipes([], False)
    out = capsys.readouterr().out
    assert "A farm to try the runner on." in out
    assert "BROKEN unreadable.py, line 1" in out
    list_recipes(["unreadable"], False)
    assert capsys.readouterr().out.startswith("unreadable: BROKEN")


def test_json(farm, capsys):
    list_recipes([], True)
    data = {each["recipe"]: each for each in json.loads(capsys.readouterr().out)}
    assert data["farm"]["tools"][0] == {"name": "train", "tool": "train", "summary": "Train on the farm."}
    assert data["farm"]["error"] is None and data["unreadable"]["error"]
