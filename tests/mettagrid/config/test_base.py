import json
from typing import Literal

import pytest
from pydantic import Field, ValidationError, field_validator, model_validator

from mettagrid.config.base import Config, Readings, config_class, explain, fitting_value
from mettagrid.config.game import GameConfig


class Leaf(Config):
    size: int = Field(default=3, gt=0)
    """How big it is."""
    text: str = "x"
    note: str | None = "n"
    rewards: dict[str, float] = Field(default={"heart": 1.0})
    words: list[str] = Field(default=[])
    kind: Literal["oak", "elm"] = "oak"

    @field_validator("text")
    @classmethod
    def _no_blank(cls, text: str) -> str:
        if not text:
            raise ValueError("a text has at least one letter")
        return text


class OtherLeaf(Leaf):
    extra: int = 0


class Tree(Config):
    leaf: Leaf = Leaf()
    spare: Leaf | None = None
    leaves: list[Leaf] = Field(default=[Leaf(), Leaf()])
    named: dict[str, Leaf] = Field(default={})
    pair: tuple[int, int] = (1, 2)
    numbered: dict[int, str] = Field(default={1: "one"})
    low: int = 0
    high: int = 10
    flag: bool = False
    anything: object = None

    @model_validator(mode="after")
    def _in_order(self) -> "Tree":
        if self.low > self.high:
            raise ValueError("low must not be above high")
        return self


@pytest.mark.parametrize(
    ("path", "value", "get"),
    [
        ("leaf.size", 5, lambda tree: tree.leaf.size == 5),
        ("spare.size", 5, lambda tree: tree.spare == Leaf(size=5)),
        ("leaves.1.size", 5, lambda tree: [leaf.size for leaf in tree.leaves] == [3, 5]),
        ("named.new.size", 5, lambda tree: tree.named == {"new": Leaf(size=5)}),
        ("leaf.rewards.heart", 2, lambda tree: tree.leaf.rewards == {"heart": 2.0}),
        (
            "leaf.rewards.heart.gained",
            2,
            lambda tree: tree.leaf.rewards == {"heart": 1.0, "heart.gained": 2.0},
        ),
        ("pair.0", 7, lambda tree: tree.pair == (7, 2)),
        ("numbered.1", "eins", lambda tree: tree.numbered == {1: "eins"}),
        ("leaf", {"size": 4}, lambda tree: tree.leaf == Leaf(size=4)),
        ("spare", {"size": 4}, lambda tree: tree.spare == Leaf(size=4)),
        ("spare", None, lambda tree: tree.spare is None),
        ("leaf", OtherLeaf(extra=1), lambda tree: isinstance(tree.leaf, OtherLeaf)),
    ],
)
def test_paths(path, value, get):
    tree = Tree()
    assert tree.override(path, value) is tree
    assert get(tree)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("leaf.sise", 1, r"^leaf.sise: Leaf has no field 'sise'; did you mean size\?$"),
        ("size", 1, r"did you mean leaf.size\?"),
        ("zzz", 1, "^zzz: Tree has no field 'zzz'; valid: anything, flag, high"),
        ("leaf.size", "many", r"^leaf.size: .*integer.*\(got 'many'\)$"),
        ("leaf.size", 0, "^leaf.size: .*greater than 0"),
        ("leaf.size.more", 1, "^leaf.size.more: leaf.size is 3 and has no parts"),
        ("leaf.text", "", "^leaf.text: a text has at least one letter"),
        ("leaf.rewards.heart", "much", "^leaf.rewards.heart: .*number"),
        ("leaves.2.size", 1, "^leaves.2: leaves has 2 items; valid: 0 to 1"),
        ("leaves.x.size", 1, "^leaves.x: leaves has 2 items"),
        ("numbered.one", "x", "^numbered.one: .*integer"),
        ("low", 11, "^low must not be above high"),
        ("leaf.note", [1], "^leaf.note: .*string"),
        ("leaf", {"sise": 1}, "^leaf.sise: there is no such field"),
        ("leaf", {"sise": 1, "size": 1}, "^leaf.sise: Leaf has no field"),
    ],
)
def test_mistakes_are_one_line_and_change_nothing(path, value, message):
    tree = Tree()
    with pytest.raises(ValueError, match=message) as caught:
        tree.override(path, value)
    assert "\n" not in str(caught.value)
    assert tree == Tree()


def test_validators_see_all_changes_together():
    tree = Tree().override_all({"low": 20, "high": 30})
    assert (tree.low, tree.high) == (20, 30)


def test_sharers_of_a_config_are_not_changed():
    shared = Leaf()
    tree = Tree(leaf=shared, spare=shared)
    tree.override("leaf.size", 9)
    assert tree.leaf.size == 9 and shared.size == 3
    assert tree.spare is not None and tree.spare.size == 3


def test_subclasses_keep_their_class():
    tree = Tree(leaf=OtherLeaf(extra=1)).override("leaf.extra", 2).override("leaf.size", 8)
    assert tree.leaf == OtherLeaf(extra=2, size=8)


def test_only_what_was_set_counts_as_set():
    assert Tree().override("leaf.size", 5).model_dump(exclude_unset=True) == {"leaf": {"size": 5}}


@pytest.mark.parametrize(
    ("path", "readings", "value"),
    [
        ("leaf.text", (1, "001"), "001"),
        ("leaf.size", (7, "7"), 7),
        ("leaf.note", (None, "null"), None),
        ("leaf.kind", (None, "elm"), "elm"),
        ("leaf.words", ("a,b", ["a", "b"]), ["a", "b"]),
        ("leaf.words", (7, "7", [7], ["7"]), ["7"]),
        ("flag", (True, "true"), True),
        ("anything", (7, "7"), 7),
        ("named.x", ({"size": 7}, "{size: 7}"), Leaf(size=7)),
        ("leaf.rewards.x", (7, "7"), 7.0),
    ],
)
def test_a_field_takes_the_first_reading_that_it_accepts(path, readings, value):
    tree = Tree().override(path, Readings(str(readings[-1]), readings))
    for name in path.split("."):
        tree = tree[name] if isinstance(tree, dict) else getattr(tree, name)
    assert tree == value


def test_true_is_no_number():
    with pytest.raises(ValueError, match=r"leaf.size: .*integer.*'true'"):
        Tree().override("leaf.size", Readings("true", (True, "true")))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"op": "uniform", "low": 5}, "vary.verbs.attack.price.high: Field required"),
        ({"op": "unifrom"}, "vary.verbs.attack.price.op: unknown op 'unifrom'; did you mean uniform"),
        ({"op": "uniform", "low": 5, "high": 4}, "vary.verbs.attack.price: low 5 is above high 4"),
    ],
)
def test_a_text_with_parts_is_refused_by_the_part_and_keys_may_have_dots(values, message):
    text = json.dumps({"verbs.attack.price": values})
    with pytest.raises(ValueError) as error:
        GameConfig().override("vary", Readings(text, (json.loads(text), text)))
    assert str(error.value).startswith(message)


def test_field_paths():
    paths = list(Tree().field_paths())
    assert paths[:3] == ["leaf", "leaf.size", "leaf.text"]
    assert "spare.size" not in paths


def test_explain_merges_branches_of_a_union():
    class Union(Config):
        value: int | list[int] = 0

    with pytest.raises(ValidationError) as caught:
        Union.model_validate({"value": "x"})
    text = explain(caught.value, "here")
    assert text.startswith("here.value: ") and " or " in text and text.count("here") == 1


def test_config_class():
    assert config_class(Leaf | None) is Leaf
    assert config_class(Leaf | Tree) is None
    assert config_class(int) is None


def test_fitting_value():
    assert fitting_value(list[int], Readings("1,2", ("1,2", [1, 2])), "x") == [1, 2]
    with pytest.raises(ValueError, match=r"^x: .*integer"):
        fitting_value(int, "a", "x")


def test_fields_describe_themselves():
    assert Leaf.model_fields["size"].description == "How big it is."
