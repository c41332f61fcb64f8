import json

import pytest

from metta.cli.helping import argument_rows, print_help, setting_rows
from metta.cli.resolve import resolve
from metta.common.errors import UserError


def test_arguments_with_types_defaults_and_descriptions(farm):
    assert argument_rows(resolve(["train", "farm"])) == [
        ("run", "str", "'first'", "name of the run"),
        ("num_rows", "int", "4", "how many rows the field has"),
        ("plan", "Field_", "Field_", ""),
    ]
    assert argument_rows(resolve(["must_have", "farm"])) == [("name", "str", "(required)", "")]


def test_settings_show_what_the_recipe_sets(farm):
    rows = {row[0]: row for row in setting_rows(resolve(["train", "farm"]))}
    assert rows["total_timesteps"] == ("total_timesteps", "int", "20", "")
    assert rows["field.num_rows"] == ("field.num_rows", "int", "4", "rows of the field")
    assert rows["system.seed"][2] == "0"


def test_settings_of_classes(farm):
    rows = {row[0]: row for row in setting_rows(resolve(["experiments.user.my_tasks.NeedyTool"]))}
    assert rows["number"][2] == "(required)" and rows["word"][2] == "'hello'"
    assert rows["system.device"][2] == "'auto'"


def test_help_texts(farm, capsys):
    print_help(["train", "farm"], False)
    out = capsys.readouterr().out
    assert "recipes.prod.farm.train: Train on the farm." in out and "how many rows the field has" in out
    print_help(["must_have"], False)
    assert "recipes.prod.farm.must_have" in capsys.readouterr().out
    print_help(["farm"], False)
    assert "evaluate farm" in capsys.readouterr().out
    print_help(["train", "farm"], True)
    assert json.loads(capsys.readouterr().out)["arguments"][0]["name"] == "run"
    with pytest.raises(UserError):
        print_help(["nothing"], False)
