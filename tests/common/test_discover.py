from metta.common.discover import Maker, find_recipe, find_recipes, read_recipe


def by_name(project):
    return {recipe.name: recipe for recipe in find_recipes([str(project / "recipes")])}


def test_recipes_of_both_tiers_with_their_makers(farm_project):
    found = by_name(farm_project)
    assert {"farm", "barn.hay", "unreadable", "unimportable"} <= set(found)
    assert not any("_private" in name for name in found)
    farm = found["farm"]
    assert farm.module == "recipes.prod.farm"
    assert farm.summary == "A farm to try the runner on."
    assert farm.error is None
    assert farm.makers == (
        Maker("train", "train", "Train on the farm."),
        Maker("evaluate", "evaluate", "Evaluate on the farm."),
        Maker("must_have", "train", ""),
    )


def test_annotations_in_quotes_count(farm_project):
    assert [maker.name for maker in by_name(farm_project)["barn.hay"].makers] == ["eval", "sweep_small"]


def test_broken_recipes_are_told_with_their_reason(farm_project):
    found = by_name(farm_project)
    assert found["unreadable"].error is not None and found["unreadable"].error.startswith("line 1: ")
    assert found["unimportable"].error == "line 1: metta.common.tool has no Toool"


def test_prod_hides_experiment_of_the_same_name(tmp_path):
    for tier in ("prod", "experiment"):
        (tmp_path / tier).mkdir()
        (tmp_path / tier / "same.py").write_text("")
    assert [recipe.module for recipe in find_recipes([str(tmp_path)])] == ["recipes.prod.same"]


def test_bytes_that_are_no_python(tmp_path):
    path = tmp_path / "bad.py"
    path.write_bytes(b"x = '\xff\xfe\x00'")
    assert read_recipe("bad", "bad", path).error


def test_names_of_one_recipe(farm):
    recipes = find_recipes()
    for name in ("farm", "recipes.prod.farm", "recipes.farm", "prod.farm", "experiments.recipes.farm"):
        found = find_recipe(name, recipes)
        assert found is not None and found.module == "recipes.prod.farm"
    own = find_recipe("experiments.user.my_tasks", recipes)
    assert own is not None and own.path == farm / "experiments/user/my_tasks.py"
    assert find_recipe("fram", recipes) is None
    assert find_recipe("experiments.recipes.fram", recipes) is None
