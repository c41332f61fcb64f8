"""Words and rules in English, and configs as the Python text that makes them."""

import pytest

import mettagrid.rules as words
from mettagrid.config.distribution import Uniform
from mettagrid.config.verb import Verb
from mettagrid.games.arena import make_arena
from mettagrid.kinship import Teams
from mettagrid.reference import code_of, describe, describe_rule
from mettagrid.reference.examples import AMOUNT_EXAMPLES, EFFECT_EXAMPLES, FILTER_EXAMPLES
from mettagrid.reference.makers import find_makers
from mettagrid.reference.markdown import table
from mettagrid.rules import (
    EFFECTS,
    FILTERS,
    Add,
    Around,
    AtLeast,
    AtMost,
    Birth,
    Chance,
    ChangeKinship,
    Courted,
    Every,
    Freeze,
    Lay,
    Mates,
    Move,
    Nearby,
    Not,
    OnGround,
    Remove,
    Reward,
    Rule,
    Set,
    Spawn,
    Take,
    Total,
    Trait,
    Var,
)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (AtLeast("energy", 100), "own energy is at least 100"),
        (Not(AtLeast("energy", 100)), "own energy is below 100"),
        (Not(Not(AtLeast("energy", 100))), "own energy is at least 100"),
        (AtMost("cooldown", of="target"), "the target's cooldown is 0"),
        (AtMost("cooldown", Var("ore", "world")), "own cooldown is at most the world's ore"),
        (Chance(0.125), "a chance of 12.5% comes true"),
        (Chance(Trait("skill")), "a chance of own skill percent comes true"),
        (Every(10, 3), "it is step 3 of 10"),
        (Nearby("agent", 2, 3, of="target"), "there are at least 2 agents within 3 cells of the target"),
        (Not(Nearby("box")), "there is no thing of kind box within 1 cell of the actor"),
        (
            Nearby("agent", 1, 1, "mark", equals=3, same="team"),
            "there is at least 1 agent with mark 3 with the actor's team within 1 cell of the actor",
        ),
        (
            Total("ore", 5, Around("mine", 2)),
            "all things of kind mine within 2 cells of the target together have at least 5 ore",
        ),
        (Courted(5), "the target courted the actor in the last 5 steps"),
        (Not(Mates()), "the two are not mates"),
        (OnGround("swamp", "target"), "the target's cell is swamp"),
        (Add("heart"), "add 1 heart"),
        (Add("ore", Trait("strength"), "group"), "add as much ore as own strength to the group"),
        (Take("energy", "all", "target"), "take all energy from the target"),
        (Set("cooldown", 2, "target"), "set the target's cooldown to 2"),
        (
            Set("mark", 1, around=Around("agent")),
            "set mark to 1 for each of the agents within 1 cell of the actor",
        ),
        (Move("ore", 2, to="group"), "move up to 2 ore from the actor to the group"),
        (Move("ore", giver="target"), "move all ore from the target to the actor"),
        (Freeze(9), "freeze the target for 9 steps"),
        (Freeze(9, "actor"), "freeze the actor for 9 steps"),
        (Remove(), "remove the target"),
        (Remove("actor"), "remove the actor"),
        (Remove("actor", Around("box")), "remove each of the things of kind box within 1 cell of the actor"),
        (Reward(-0.5), "penalty 0.5"),
        (Spawn("box", "beside", "target"), "box appears beside the target"),
        (Birth(0.1), "a child is born beside the actor, in 10% of cases with a random body"),
        (ChangeKinship(by=-0.25), "the target's kinship falls by 0.25, both ways"),
        (ChangeKinship(to=1, mutual=False), "the target's kinship becomes 1"),
        (Lay("plain"), "the target's cell becomes plain"),
    ],
)
def test_words_say_what_they_mean(word, sentence):
    assert describe(word) == sentence


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            Rule(
                on="use",
                target="altar",
                when=[AtMost("cooldown", 0, of="target"), AtLeast("energy", 100)],
                then=[Take("energy", 100), Add("heart", 1), Reward(1.0), Set("cooldown", 2, of="target")],
            ),
            "use altar: if the target's cooldown is 0 and own energy is at least 100: "
            "take 100 energy, add 1 heart, reward 1, set the target's cooldown to 2",
        ),
        (
            Rule(on=["use", "hit"], target=["box", "mine", "wall"]),
            "use or hit box, mine or wall: nothing happens",
        ),
        (Rule(on="rest", then=[Add("energy")]), "rest: add 1 energy"),
        (
            Rule(on="rest", when=[AtLeast("age", 3), AtMost("age", 3), Chance(1)], then=[Add("energy")]),
            "rest: if own age is 3 and a chance of 100% comes true: add 1 energy",
        ),
        (
            Rule(on="step", target="agent", when=[Every(5), AtLeast("age", 9)], then=[Remove()]),
            "every 5 steps, agent: if own age is at least 9: remove it",
        ),
        (
            Rule(on="step", target=["box", "mine"], when=[Every(1)], then=[Set("ore", Var("ore", "target"))]),
            "each step, box and mine: set own ore to own ore",
        ),
    ],
)
def test_rules_are_sentences(rule, sentence):
    assert describe_rule(rule) == sentence


def test_every_word_has_a_sentence_and_its_opposite():
    for word in FILTERS:
        rule = FILTER_EXAMPLES[word]
        said = {describe(filter) for filter in rule.when} | {describe(Not(filter)) for filter in rule.when}
        assert len(said) == 2 * len(rule.when)
    for rule in [*EFFECT_EXAMPLES.values(), *AMOUNT_EXAMPLES.values()]:
        assert all(describe(effect) for effect in rule.then)
    assert {*FILTER_EXAMPLES, *EFFECT_EXAMPLES} == {*FILTERS, *EFFECTS}


def test_a_word_that_nobody_can_say_is_refused():
    with pytest.raises(TypeError, match="there is no sentence for Rule"):
        describe(Rule(on="use"))


def test_all_rules_of_all_games_can_be_said():
    for maker in find_makers():
        if maker.has_defaults:
            lines = [describe_rule(rule) for rule in maker.make().rules]
            assert all("  " not in line and "None" not in line for line in lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Add("ore"), 'Add("ore")'),
        (Add("ore", 1, of="target"), 'Add("ore", of="target")'),
        (Nearby(radius=3), "Nearby(radius=3)"),
        (
            Add("ore", Var("ore", "target"), around=Around()),
            'Add("ore", Var("ore", of="target"), around=Around())',
        ),
        (Verb(), "Verb()"),
        ({"a": [1, 2.5, None, True]}, '{"a": [1, 2.5, None, True]}'),
        ('say "no"\n', '"say \\"no\\"\\n"'),
    ],
)
def test_configs_as_python(value, text):
    assert code_of(value) == text


def test_python_text_makes_the_same_config_again():
    """Read with the words' own names, as a rule book is."""
    rules = make_arena().rules
    for rule in rules:
        scope = {name: getattr(words, name) for name in words.__all__}
        for width in (40, 110):
            assert eval(code_of(rule, width), scope) == rule
    assert eval(code_of(Teams(noise=Uniform(0, 1))), {"Teams": Teams, "Uniform": Uniform}) == Teams(
        noise=Uniform(0, 1)
    )


def test_long_lines_are_broken():
    rule = make_arena().rules[4]
    assert all(len(line) <= 60 for line in code_of(rule, 60).split("\n"))


def test_tables_leave_out_what_is_empty():
    assert (
        table(("a", "b", "c"), [(1, "", "x|y"), (2, "", "")])
        == "| a | c |\n|---|---|\n| 1 | x\\|y |\n| 2 |  |"
    )
    assert table(("a",), []) == ""
