"""What holds in every game: random rule books out of the whole vocabulary, random actions."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv
from mettagrid.compile import compile_game
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, Ground, ObjectKind, Variable, View
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.kinship import Teams
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    Add,
    Around,
    AtLeast,
    AtMost,
    Become,
    Birth,
    Bond,
    Bonded,
    CanBear,
    Chance,
    ChangeBody,
    ChangeKinship,
    Compare,
    Convert,
    Count,
    Court,
    Courted,
    Every,
    Gather,
    HasRoom,
    Lay,
    Leave,
    Mates,
    Move,
    Nearby,
    Not,
    OnGround,
    OnTrace,
    Part,
    Push,
    Related,
    Remove,
    Reward,
    Rule,
    Same,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
    Total,
    Trait,
    Var,
    Word,
)

NUM_SLOTS = 8
VARIABLES = {
    "gold": Variable(cap=9, initial=3, shown="self", counted=True),
    "mood": Variable(cap=3, initial=1, shown="all"),
    "timer": Variable(cap=6, countdown=True, shown="all"),
}
BODIES = {
    "small": Body(traits={"strength": 1}),
    "big": Body(caps={"gold": 5}, traits={"strength": 3}, radius=2),
}
OBJECTS = {"box": ObjectKind(has={"gold": 4, "timer": 2}), "tree": ObjectKind(has={"mood": 1})}


def words(word: type[Word], *fields: st.SearchStrategy) -> st.SearchStrategy:
    """Words with such fields, by position."""
    return st.tuples(*fields).map(lambda values: word(*values))


variables = st.sampled_from(sorted(VARIABLES))
parties = st.sampled_from(["actor", "target"])
whos = st.sampled_from(["actor", "target", "world", "group"])
kinds = st.sampled_from(sorted(OBJECTS))
small = st.integers(0, 5)
amounts = small | words(Trait, st.just("strength"), parties) | words(Var, variables, whos)
reaches = words(
    Around, st.sampled_from(["any", "agent", "box"]), st.integers(1, 3), st.none() | variables, small
)
worths = st.sampled_from([-1.5, -0.2, 0.001, 0.25, 1.0])

plain_filters = (
    words(AtLeast, variables, amounts, whos)
    | words(AtMost, variables, amounts, whos)
    | words(HasRoom, variables, small, whos)
    | words(Same, variables)
    | words(Chance, st.floats(0, 1))
    | words(Every, st.integers(2, 5), st.integers(0, 1))
    | words(Nearby, st.sampled_from(["any", "agent", "box"]), small, st.integers(1, 3), st.none(), parties)
    | words(Compare, amounts, amounts)
    | words(Total, variables, small, reaches, parties)
    | words(OnGround, st.sampled_from(["plain", "swamp"]), parties)
    | words(OnTrace, st.just("scent"), parties)
    | words(CanBear, parties)
)
between_agents = (
    words(Related, st.floats(0, 1)) | words(Courted, small) | words(Bonded, parties) | words(Mates)
)
filters = plain_filters | words(Not, plain_filters)
changes = (
    words(Add, variables, amounts, whos, st.none() | reaches)
    | words(Take, variables, amounts | st.just("all"), whos, st.none() | reaches)
    | words(Set, variables, amounts, whos, st.none() | reaches)
    | words(
        Move, variables, amounts | st.just("all"), st.just("actor"), st.sampled_from([None, "world", "group"])
    )
    | words(Move, variables, amounts, st.sampled_from(["target", "world", "group"]))
    | words(Gather, variables, amounts, reaches, parties)
    | words(Spawn, kinds, st.sampled_from(["beside", "anywhere"]), parties)
    | words(Lay, st.sampled_from(["plain", "swamp"]), parties)
    | words(Leave, st.just("scent"), amounts, parties)
    | words(Birth, st.floats(0, 1), parties)
    | words(Convert, st.just({"gold": 1}), st.just({"mood": 1}), whos)
)
of_objects = words(Remove) | words(Become, kinds)
of_agents = words(ChangeBody, st.sampled_from(sorted(BODIES)))
of_empty = words(Step) | words(Spawn, kinds)
of_two = st.just(Swap()) | st.just(Push())
of_pairs = words(Court) | words(Bond) | words(Part, parties) | st.just(ChangeKinship(by=0.3))


def rules(on: str, target: str, effects: st.SearchStrategy, conditions: st.SearchStrategy = filters):
    """Rules for one target: what they do, then a reward for the actor that a statistic counts, too."""
    then = st.tuples(st.lists(effects, min_size=1, max_size=3), worths).map(
        lambda chosen: [*chosen[0], Reward(chosen[1]), Count(f"paid {chosen[1]}")]
    )
    return st.builds(
        lambda when, effects: Rule(on=on, target=target, when=when, then=effects),
        st.lists(conditions, max_size=2),
        then,
    )


CHANCES = words(Chance, st.floats(0, 1))
rule_books = st.lists(
    rules("act", "empty", of_empty, CHANCES)
    | rules("act", "box", changes | of_objects | of_two)
    | rules("act", "tree", changes | of_objects | of_two)
    | rules("act", "agent", changes | of_agents | of_two | of_pairs, filters | between_agents)
    | rules("step", "agent", changes | of_agents)
    | rules("step", "box", changes | of_objects),
    min_size=3,
    max_size=12,
)


def game_of(book: list[Rule]) -> GameConfig:
    """Six agents at first, boxes and trees; they walk about, `act` on what is ahead and `breed`."""
    walk = Rule(on="walk", target="empty", then=[Step()])
    return GameConfig(
        num_agents=NUM_SLOTS,
        max_steps=40,
        view=View(height=5, width=5, num_tokens=60),
        variables=VARIABLES,
        bodies=BODIES,
        objects=OBJECTS,
        verbs={
            "walk": Verb(choices=directions(aimed=True), pays="gold", price=0),
            "act": Verb(aim=Ahead(), requires=[AtMost("timer", 2)]),
            "breed": Verb(requires=[CanBear()]),
        },
        rules=[walk, Rule(on="breed", then=[Birth()]), *book],
        map=RandomMap(height=6, width=6, stations={"box": 5}, obstacles={"tree": 4}),
        spare_objects=6,
        initial_agents=6,
        world=ObjectKind(has={"gold": 5}),
        group=ObjectKind(has={"gold": 5, "mood": 0}),
        num_groups=2,
        group_variable="mood",
        grounds={"swamp": Ground()},
        traces=["scent"],
        kinship=Teams(num_teams=2, score=0.5),
    )


def random_actions(env: BatchEnv, rng: np.random.Generator) -> np.ndarray:
    return rng.integers(-1, len(env.spec.action_names) + 1, env.num_rows).astype(np.int32)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rule_books, st.integers(0, 1000))
def test_in_every_game_worlds_stay_whole_and_rewards_are_those_of_the_rules(book, seed):
    env = BatchEnv(game_of(book), num_maps=2, map_seed=seed)
    env.reset(seed)
    caps = compile_game(env.game).tables["profile_cap"]
    paid = {name: i for i, name in enumerate(env.spec.stat_names) if name.startswith("paid")}
    placeless = [env.spec.kind_names.index(name) for name in ("world", "group")]
    rng = np.random.default_rng(seed)
    for _ in range(env.spec.max_steps - 1):
        before = env.world(0).stats.copy()
        env.step(random_actions(env, rng))
        view = env.world(0)
        lives = view.kinds != 0
        has_place = lives & ~np.isin(view.kinds, placeless)
        assert len(np.unique(view.cells[has_place])) == has_place.sum()
        assert (view.cells[has_place] >= 0).all()
        assert (view.cells[~has_place] == -1).all()
        assert (view.variables[lives] >= 0).all()
        assert (view.variables[lives] <= caps[view.profiles[lives]]).all()
        counted = view.stats.astype(int) - before
        np.testing.assert_allclose(env.rewards, worth_of(counted, paid), atol=1e-5)
    env.step(random_actions(env, rng))
    assert env.episode_ended[0]
    np.testing.assert_allclose(env.episode_return, worth_of(env.episode_stats, paid), atol=1e-4)


def worth_of(counts: np.ndarray, paid: dict[str, int]) -> np.ndarray:
    """What each agent was paid, by the statistics that stand beside the rewards. [A]"""
    return np.sum([counts[:, i] * float(name.split()[1]) for name, i in paid.items()], axis=0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rule_books)
def test_every_game_survives_json(book):
    game = game_of(book)
    again = GameConfig.model_validate_json(game.model_dump_json())
    assert again == game
    tables = compile_game(again).tables
    for name, table in compile_game(game).tables.items():
        np.testing.assert_array_equal(table, tables[name], err_msg=name)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(rule_books, st.integers(0, 1000))
def test_in_every_game_a_masked_out_action_never_changes_the_world(book, seed):
    env = BatchEnv(game_of(book), num_worlds=2, num_maps=1)
    env.reset(seed)
    env.fork(0, 1)
    rng = np.random.default_rng(seed)
    for _ in range(env.spec.max_steps - 1):
        actions = random_actions(env, rng)
        actions[NUM_SLOTS:] = actions[:NUM_SLOTS]
        chosen = np.clip(actions[:NUM_SLOTS], 0, len(env.spec.action_names) - 1)
        is_possible = env.action_mask[np.arange(NUM_SLOTS), chosen] & (chosen == actions[:NUM_SLOTS])
        actions[NUM_SLOTS:][~is_possible] = 0
        env.step(actions)
        one, other = env.world(0), env.world(1)
        for name in ("kinds", "cells", "variables", "profiles", "rewards"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
