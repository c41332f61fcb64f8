"""Every word has an example, and every example runs: it compiles, is stepped, and its rule happens."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from mettagrid.batch import BatchEnv
from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import Prestige, Sharing
from mettagrid.config.vary import Varied
from mettagrid.config.verb import Aim
from mettagrid.kinship import Kinship
from mettagrid.reference.examples import (
    AIM_EXAMPLES,
    AMOUNT_EXAMPLES,
    EFFECT_EXAMPLES,
    FILTER_EXAMPLES,
    FIRST_RULE,
    KINSHIP_EXAMPLES,
    SHARING_EXAMPLES,
    VARY_EXAMPLES,
    example_game,
)
from mettagrid.rules import (
    EFFECTS,
    FILTERS,
    STEP,
    Add,
    Argument,
    Around,
    Bond,
    Count,
    Mates,
    Reward,
    Rule,
    Trait,
    Var,
    Word,
)

RULES = {**FILTER_EXAMPLES, **EFFECT_EXAMPLES, **AMOUNT_EXAMPLES}


def kinds_of(union: Any) -> list[str]:
    """The tags of a union of configs."""
    return sorted(TypeAdapter(union).json_schema()["discriminator"]["mapping"])


def play(game: GameConfig, num_steps: int = 300) -> BatchEnv:
    env = BatchEnv(game, num_worlds=8, num_maps=8)
    env.reset(0)
    rng = np.random.default_rng(0)
    for _ in range(num_steps):
        possible = rng.random(env.action_mask.shape) * env.action_mask
        env.step(possible.argmax(axis=1).astype(np.int32))
    return env


def words_in(value: Any) -> set[type]:
    """The classes of all configs inside a value."""
    if isinstance(value, Config):
        inner = [words_in(getattr(value, name)) for name in type(value).model_fields]
        return {type(value)}.union(*inner)
    if isinstance(value, dict | list | tuple):
        return set().union(
            *(words_in(item) for item in (value.values() if isinstance(value, dict) else value))
        )
    return set()


def test_every_word_has_an_example():
    assert list(FILTER_EXAMPLES) == list(FILTERS)
    assert list(EFFECT_EXAMPLES) == list(EFFECTS)
    assert list(AMOUNT_EXAMPLES) == [Trait, Var, Argument, Around]
    assert sorted(word.model_fields["op"].default for word in AIM_EXAMPLES) == kinds_of(Aim)
    assert sorted(kinship.op for kinship in KINSHIP_EXAMPLES) == kinds_of(Kinship)
    assert sorted(way.op for way in SHARING_EXAMPLES) == kinds_of(Sharing)
    assert sorted(value.op for entry in VARY_EXAMPLES for value in entry.values()) == kinds_of(Varied)


def test_every_class_of_the_vocabulary_has_an_example():
    def concrete(word: type[Word]) -> set[type[Word]]:
        below = {leaf for sub in word.__subclasses__() for leaf in concrete(sub)}
        return below or {word}

    assert {word for word in concrete(Word) if word.__module__.startswith("mettagrid.rules")} == set(RULES)


@pytest.mark.parametrize("word", RULES, ids=lambda word: word.__name__)
def test_the_rule_of_every_example_happens(word):
    rule = RULES[word]
    assert word in words_in(rule)
    marked = rule.model_copy(update={"then": [*rule.then, Count("example.ran")]})
    courtship = [Rule(on="court", target="agent", then=[Bond()])] if Mates in words_in(rule) else []
    game = example_game([marked, *courtship], max_steps=1000)
    ran = play(game)
    column = ran.spec.stat_names.index("example.ran")
    times = sum(int(ran.world(world).stats[:, column].sum()) for world in range(8))
    assert times > 0, f"the example of {word.__name__} never ran in {8 * 300 * 6} random actions"
    if STEP not in rule.verbs:
        assert rule.on in game.verbs


@pytest.mark.parametrize("word", AIM_EXAMPLES, ids=lambda word: word.__name__)
def test_every_aim_meets_something(word):
    verb = AIM_EXAMPLES[word]
    target = "agent" if verb.aim.op == "self" else "empty"
    rule = Rule(on="try", target=target, then=[Count("example.ran")])
    env = play(example_game([rule], verbs=example_game([]).verbs | {"try": verb}, max_steps=1000), 30)
    assert env.world(0).stats[:, env.spec.stat_names.index("example.ran")].sum() > 0


@pytest.mark.parametrize("kinship", KINSHIP_EXAMPLES, ids=lambda kinship: kinship.op)
def test_every_kinship_is_played(kinship):
    env = play(example_game([FIRST_RULE], kinship=kinship), 20)
    assert ("kinship" in env.spec.feature_names) == kinship.is_shown


@pytest.mark.parametrize("way", SHARING_EXAMPLES, ids=lambda way: way.op)
def test_every_sharing_passes_something_on(way):
    mine = Rule(on="use", target="mine", then=[Add("heart"), Reward(1.0)])
    rules = [mine, Rule(on="court", target="agent", then=[Bond()])]
    env = play(example_game(rules, sharing=[way], max_steps=1000), 299)
    if isinstance(way, Prestige):
        env = play(example_game(rules, sharing=[way], max_steps=1000), 300)
        assert (env.rewards < 0).any(), "step 300 is one in which ranks are paid"
    else:
        assert env.world(0).stats[:, env.spec.stat_names.index("reward.given")].sum() > 0


@pytest.mark.parametrize("entry", VARY_EXAMPLES, ids=lambda entry: next(iter(entry.values())).op)
def test_every_distribution_draws(entry):
    play(example_game([FIRST_RULE], vary=entry, kinship=KINSHIP_EXAMPLES[0]), 120)
