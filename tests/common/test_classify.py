from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from metta.common.classify import Plan, Target, build_tool, classify
from metta.common.errors import UserError
from metta.common.tool import Tool
from mettagrid.config.base import Config


class Part(Config):
    size: int = 1
    shares: dict[str, float] = Field(default={})


class FakeTool(Tool):
    run: str = "none"
    part: Part = Part()
    spare: Part | None = None
    policy_uris: list[str] = Field(default=[])
    ratio: float = 0.5
    mode: Literal["gui", "none"] = "gui"
    folder: Path = Path(".")
    note: str | None = "x"

    def invoke(self) -> int:
        return 0


class NeedyTool(FakeTool):
    count: int = Field(gt=0)


FIVE = Part(size=5)


def make(run: str = "a", part: Part = FIVE, rate: float = 1.0, spare: Part | None = None) -> FakeTool:
    return FakeTool(run=f"{run}/{rate}", part=part, spare=spare or Part(size=9))


def make_unannotated(size=3):
    return FakeTool(part=Part(size=size))


def built(make_, **settings: str) -> FakeTool:
    target = Target("module.make", make_)
    return build_tool(
        target, classify(target, {key.replace("__", "."): text for key, text in settings.items()})
    )


def test_the_function_takes_its_parameters_and_the_tool_the_rest():
    plan = classify(Target("m", make), {"run": "1", "part.size": "2", "spare.size": "3", "system.seed": "4"})
    assert plan == Plan({"run": "1", "part.size": "2"}, {"spare.size": "3", "system.seed": "4"})


def test_values_take_the_type_of_their_field():
    tool = built(
        make, run="001", rate="2", ratio="1k", folder="1", mode="none", note="none", policy_uris="a,1"
    )
    assert (tool.run, tool.ratio, tool.folder, tool.mode) == ("001/2.0", 1000.0, Path("1"), "none")
    assert tool.note is None and tool.policy_uris == ["a", "1"]


def test_parts_of_parameters_and_of_what_the_recipe_decided():
    tool = built(make, part__size="7", part__shares__corn="1", spare__shares="{a: 2}")
    assert tool.part == Part(size=7, shares={"corn": 1.0})
    assert tool.spare == Part(size=9, shares={"a": 2.0})
    assert FIVE.size == 5, "the default of the function is untouched"


def test_a_whole_config_keeps_what_is_not_named():
    assert built(make, part="{shares: {a: 1}}").part.size == 1, "a parameter is replaced"
    assert built(FakeTool, system="{seed: 3}").system.seed == 3


def test_singular_and_plural_are_the_same_key():
    assert built(make, policy_uri="x").policy_uris == ["x"]
    assert built(make, parts__size="2").part.size == 2


def test_functions_without_annotations():
    assert built(make_unannotated, size="4", run="5").part.size == 4
    with pytest.raises(UserError, match="FakeTool has no field 'rn'; did you mean run"):
        built(make_unannotated, rn="1")


def test_classes_are_makers_too():
    assert built(NeedyTool, count="2", run="r").count == 2
    with pytest.raises(UserError, match=r"module.make needs count=\.\.\."):
        built(NeedyTool)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rnu": "1"}, "no argument and no setting 'rnu'; did you mean run"),
        ({"seed": "1"}, "did you mean system.seed"),
        ({"part.sise": "1"}, "part.sise: Part has no field 'sise'; did you mean size"),
        ({"part.size": "x"}, "part.size: .*integer.*'x'"),
        ({"part.size": "true"}, "part.size: .*integer"),
        ({"rate": "fast"}, "rate: .*number.*'fast'"),
        ({"mode": "gu"}, "mode: .*'gui' or 'none'"),
        ({"run.x": "1"}, "run is .* and has no parts"),
        ({"system.device": "gpu"}, "system.device: a device is auto, cpu"),
    ],
)
def test_refused(settings, message):
    with pytest.raises(UserError, match=message):
        target = Target("module.make", make)
        build_tool(target, classify(target, settings))


def test_annotations_that_cannot_be_read():
    def broken(x: "Nosuch") -> FakeTool:  # noqa: F821
        return FakeTool()

    with pytest.raises(UserError, match="cannot read its annotations"):
        classify(Target("module.broken", broken), {})
