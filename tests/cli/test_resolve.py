import pytest

from metta.cli.resolve import resolve
from metta.common.errors import UserError


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["train", "farm"], "recipes.prod.farm.train"),
        (["eval", "farm"], "recipes.prod.farm.evaluate"),
        (["sim", "farm"], "recipes.prod.farm.evaluate"),
        (["farm.eval"], "recipes.prod.farm.evaluate"),
        (["evaluate", "barn.hay"], "recipes.experiment.barn.hay.eval"),
        (["sweep_small", "barn.hay"], "recipes.experiment.barn.hay.sweep_small"),
        (["experiments.recipes.farm.train"], "recipes.prod.farm.train"),
        (["my_task", "experiments.user.my_tasks"], "experiments.user.my_tasks.my_task"),
        (["experiments.user.my_tasks.NeedyTool"], "experiments.user.my_tasks.NeedyTool"),
        (["recipes.prod.farm.TrainTool"], "recipes.prod.farm.TrainTool"),
    ],
)
def test_names(farm, words, name):
    assert resolve(words).name == name


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train"], "train needs a recipe: .*farm.*; e.g. metta train "),
        (["eval"], "eval needs a recipe: .*farm, barn.hay"),
        (["farm"], "farm is a recipe.*train, evaluate.*metta train farm"),
        (["tran"], "no tool, recipe or command 'tran'; did you mean train"),
        (["zzz"], "no tool, recipe or command 'zzz'; valid: "),
        (["stauts"], "did you mean status"),
        (["play", "farm"], "farm has no tool 'play'; valid: .*train"),
        (
            ["train", "recipes.prod.fram"],
            "no recipe or module 'recipes.prod.fram'; did you mean recipes.prod.farm",
        ),
        (
            ["recipes.prod.farm.more.train"],
            "no recipe or module 'recipes.prod.farm.more'; did you mean recipes.prod.farm",
        ),
        (["farm.np"], "neither a function nor a Tool"),
        (["metta.common.tool.Tool"], "neither a function nor a Tool class that can run"),
        (["json.decoder.nosuch"], "json.decoder has no tool 'nosuch'"),
        (["..", "farm"], "farm has no tool"),
        (["train", "..."], "no recipe or module"),
        (["train", ""], "no recipe or module"),
    ],
)
def test_unknown_names_tell_the_nearest(farm, words, message):
    with pytest.raises(UserError, match=message):
        resolve(words)


def test_several_tools_of_one_kind_must_be_named(farm, farm_project):
    (farm_project / "recipes/experiment/many.py").write_text(
        "from recipes.prod.farm import TrainTool\n"
        "def slow() -> TrainTool: return TrainTool()\ndef quick() -> TrainTool: return TrainTool()\n"
    )
    with pytest.raises(UserError, match="several tools of the kind train; say which: slow, quick"):
        resolve(["train", "many"])
