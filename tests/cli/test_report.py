import yaml

from metta.cli.report import Difference, as_yaml, differences, settings_of, short
from metta.cli.resolve import resolve
from metta.common.classify import build_tool, classify


def test_differences_tell_who_set_them(farm):
    target = resolve(["train", "farm"])
    plan = classify(target, {"run": "x", "system.seed": "3"})
    found = differences(target, plan, build_tool(target, plan))
    assert Difference("run", "x", "none", "command line") in found
    assert Difference("system.seed", 3, 0, "command line") in found
    assert Difference("field.num_rows", 4, 3, "recipe") in found
    assert not any(each.path == "fail" for each in found)


def test_classes_with_required_fields_have_differences_too(farm):
    target = resolve(["experiments.user.my_tasks.NeedyTool"])
    plan = classify(target, {"number": "3"})
    found = differences(target, plan, build_tool(target, plan))
    assert Difference("number", 3, "(not set)", "command line") in found


def test_yaml_holds_all_settings(farm):
    target = resolve(["train", "farm"])
    tool = build_tool(target, classify(target, {"run": "001"}))
    assert yaml.safe_load(as_yaml(tool)) == settings_of(tool)
    assert settings_of(tool)["run"] == "001"


def test_short():
    assert [short(value) for value in (None, True, "x", 1.5)] == ["null", "true", "x", "1.5"]
    assert len(short("x" * 100)) == 60
