"""Sharing: every way does what its formula says, and the sum of all rewards stays the same."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.config.sharing import (
    BondSharing,
    FamilySharing,
    GroupSharing,
    KinshipSharing,
    Prestige,
    Sharing,
)
from mettagrid.config.verb import Ahead, Choice, Verb
from mettagrid.kinship import Level, NestedGroups, NoKinship, RandomKinship, Teams
from mettagrid.rules import Bond, Remove, Reward, Rule
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import game

EAST = 1
NUM = 6
KINSHIPS = [
    Teams(num_teams=2, score=0.5, between=0.1),
    RandomKinship(),
    RandomKinship(symmetric=False),
    NestedGroups(levels=[Level(name="clan", size=4, score=0.25), Level(name="family", size=2, score=0.75)]),
]


def earners(rewards: list[float], ways: list[Sharing], **fields: Any) -> Play:
    """Agents in a row; agent i earns `rewards[i]` by `earn_<i>`, or by `perish_<i>`, which is its last act."""
    choices = [Choice(str(agent)) for agent in range(len(rewards))]
    verbs = {"bond": Verb(aim=Ahead()), "earn": Verb(choices=choices), "perish": Verb(choices=choices)}
    rules = [Rule(on="bond", target="agent", then=[Bond()])]
    for agent, reward in enumerate(rewards):
        rules.append(Rule(on=f"earn_{agent}", then=[Reward(reward)]))
        rules.append(Rule(on=f"perish_{agent}", then=[Reward(reward), Remove("actor")]))
    starts = {"heading": [EAST]} | fields.pop("starts", {})
    text = "@" * len(rewards)
    return Play(game(text, rules, verbs=verbs, sharing=ways, starts=starts, max_steps=1000, **fields))


def earn(play: Play, *who: int) -> np.ndarray:
    """Rewards of a step in which these agents earn, all if none is named. [A]"""
    names = [f"earn_{i}" if not who or i in who else "noop" for i in range(play.spec.num_agents)]
    return play.do(*names).env.rewards.astype(float)


def kinship_matrix(play: Play) -> np.ndarray:
    """K[a, b], how near b is to a, as the agents are shown it; they must see each other. [A, A]"""
    matrix = np.eye(play.spec.num_agents)
    for agent in range(play.spec.num_agents):
        for (_, right), features in play.sees(agent).items():
            if right != 0:
                matrix[agent, agent + right] = features.get("kinship", 0) / 240
    return matrix


def normalised(weights: np.ndarray, alive: np.ndarray) -> np.ndarray:
    """Rows [from, to] that sum to 1 over the living and oneself."""
    weights = np.where(alive[None, :] | np.eye(len(weights), dtype=bool), weights, 0.0)
    return weights / weights.sum(axis=1, keepdims=True)


def passed_on(way: Sharing, r: np.ndarray, world: dict[str, Any]) -> np.ndarray:
    """The formulas of the docstrings, slowly. `r` [A]; the dead keep what they earned and receive nothing."""
    alive = world["alive"]
    if isinstance(way, Prestige):
        if world["tick"] % way.period:
            return r
        values = world[way.variable]
        lead = np.sign(values[:, None] - values[None, :])[:, alive].sum(axis=1)
        return r + np.where(alive, way.reward * lead / (alive.sum() - 1), 0.0)
    if isinstance(way, KinshipSharing):
        parts = normalised(world["kinship"], alive)
    elif isinstance(way, FamilySharing):
        parts = normalised((world["kinship"] >= way.least - 1e-9).astype(float), alive)
    elif isinstance(way, GroupSharing):
        values = world[way.variable]
        parts = normalised((values[:, None] == values[None, :]).astype(float), alive)
    else:
        parts = np.eye(len(r))
        for a, b in world["bonds"]:
            parts[[a, b]] = np.eye(len(r))[[b, a]]
    given_away = np.where(alive, way.share * r, 0.0)
    return r - given_away + given_away @ parts


shares = st.floats(0, 1)
ways = st.lists(
    st.builds(KinshipSharing, share=shares)
    | st.builds(FamilySharing, share=shares, least=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]))
    | st.builds(GroupSharing, share=shares, variable=st.sampled_from(["team", "ore"]))
    | st.builds(BondSharing, share=shares)
    | st.builds(
        Prestige, reward=st.floats(0, 5), variable=st.sampled_from(["ore", "team"]), period=st.integers(1, 3)
    ),
    min_size=1,
    max_size=3,
)
values = st.lists(st.integers(0, 3), min_size=NUM, max_size=NUM)
worths = st.lists(
    st.integers(-3000, 3000).map(lambda thousandths: thousandths / 1000), min_size=NUM, max_size=NUM
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    chosen=ways,
    rewards=worths,
    kinship=st.sampled_from(KINSHIPS),
    team=values,
    ore=values,
    dies=st.integers(-1, NUM - 1),
)
def test_every_way_follows_its_formula_and_conserves_the_sum(chosen, rewards, kinship, team, ore, dies):
    play = earners(rewards, chosen, kinship=kinship, starts={"team": team, "ore": ore})
    play.do("bond", "noop", "bond", "noop", "bond")
    bonds = [(a, a + 1) for a in (0, 2, 4) if dies not in (a, a + 1)]
    world = {
        "kinship": kinship_matrix(play),
        "team": np.array(team),
        "ore": np.array(ore),
        "bonds": bonds,
        "alive": np.arange(NUM) != dies,
        "tick": 2,
    }
    play.do(*(f"{'perish' if agent == dies else 'earn'}_{agent}" for agent in range(NUM)))
    expected = np.array(rewards)
    for way in chosen:
        expected = passed_on(way, expected, world)
    got = np.rint(play.env.rewards.astype(float) * 1000).astype(int)
    # Each of the others rounds what it gives, and so does the agent itself for each of them.
    np.testing.assert_allclose(got, expected * 1000, atol=2 * NUM * len(chosen) + 1)
    if not any(isinstance(way, Prestige) for way in chosen):
        assert got.sum() == np.rint(np.array(rewards) * 1000).astype(int).sum(), "to the thousandth"
    else:
        assert abs(got.sum() - np.rint(np.array(rewards) * 1000).sum()) <= NUM * len(chosen)


def test_kin_share_by_how_near_they_are():
    kin = Teams(sizes=[2, 1], score=0.5, between=0.0, shuffle=False)
    play = earners([1.2, 0.0, 0.6], [KinshipSharing(0.5)], kinship=kin)
    np.testing.assert_allclose(earn(play), [1.0, 0.2, 0.6], atol=1e-6)
    np.testing.assert_allclose(earn(play, 1), [0, 0, 0])


def test_a_one_sided_kinship_is_the_earners():
    """Whoever earns gives to those who are near to it, however near it is to them."""
    play = earners([1.0] * 4, [KinshipSharing(1.0)], kinship=RandomKinship(symmetric=False))
    matrix = kinship_matrix(play)
    assert (matrix != matrix.T).any()
    for agent in range(4):
        np.testing.assert_allclose(earn(play, agent), matrix[agent] / matrix[agent].sum(), atol=0.005)


def test_families_share_evenly_from_their_least_score():
    levels = [Level(name="clan", size=4, score=0.25), Level(name="family", size=2, score=0.75)]
    kin = NestedGroups(levels=levels, shuffle=False)
    near, far = (
        earn(earners([1.0] * 5, [FamilySharing(0.5, least)], kinship=kin), 0) for least in (0.75, 0.25)
    )
    np.testing.assert_allclose(near, [0.75, 0.25, 0, 0, 0])
    np.testing.assert_allclose(far, [0.625, 0.125, 0.125, 0.125, 0])


def test_groups_share_what_any_of_them_earns():
    play = earners([0.9, 0.0, 0.0, 0.3], [GroupSharing(1.0)], starts={"team": [1, 1, 1, 2]})
    np.testing.assert_allclose(earn(play), [0.3, 0.3, 0.3, 0.3], atol=1e-6)
    assert [play.count("reward.given", agent) for agent in range(4)] == [600, 0, 0, 0]
    assert [play.count("reward.received", agent) for agent in range(4)] == [0, 300, 300, 0]


def test_penalties_are_shared_like_rewards():
    play = earners([-0.8, 0.0], [GroupSharing(0.5)])
    np.testing.assert_allclose(earn(play), [-0.6, -0.2], atol=1e-6)
    assert (play.count("reward.given", 0), play.count("reward.received", 1)) == (-200, -200)


def test_mates_share_while_they_are_bonded():
    play = earners([1.0, 0.2, 0.5], [BondSharing(0.25)])
    np.testing.assert_allclose(earn(play), [1.0, 0.2, 0.5], atol=1e-6)
    np.testing.assert_allclose(earn(play.do("bond")), [0.8, 0.4, 0.5], atol=1e-6)
    play.do("noop", "perish_1")
    np.testing.assert_allclose(play.env.rewards, [0, 0.2, 0], atol=1e-6)
    np.testing.assert_allclose(earn(play, 0), [1.0, 0, 0], atol=1e-6)


def test_the_dead_keep_what_they_earned_and_receive_nothing():
    play = earners([0.9, 0.9, 0.9], [GroupSharing(1.0)])
    play.do("earn_0", "perish_1")
    np.testing.assert_allclose(play.env.rewards, [0.45, 0.9, 0.45], atol=1e-6)


def test_prestige_pays_by_rank_once_a_period():
    play = earners([0.0] * 4, [Prestige(1.0, "ore", 3)], starts={"ore": [5, 2, 2, 0]})
    paid = [play.do().env.rewards.tolist() for _ in range(6)]
    np.testing.assert_allclose(paid[2], [1, 0, 0, -1], atol=1e-3)
    np.testing.assert_allclose(paid[5], [1, 0, 0, -1], atol=1e-3)
    assert not np.any([paid[i] for i in (0, 1, 3, 4)])
    lonely = (
        earners([0.0, 0.0], [Prestige(1.0, "ore", 1)], starts={"ore": [5, 2]}).do("noop", "perish_1").do()
    )
    assert lonely.env.rewards.tolist() == [0, 0], "who is alone has no rank"


def test_one_way_works_on_what_the_one_before_it_left():
    both = [GroupSharing(1.0, "team"), GroupSharing(1.0, "ore")]
    starts = {"team": [1, 1, 2, 2], "ore": [0, 1, 1, 0]}
    np.testing.assert_allclose(
        earn(earners([0.8, 0, 0, 0], both, starts=starts)), [0.2, 0.2, 0.2, 0.2], atol=1e-6
    )
    np.testing.assert_allclose(
        earn(earners([0.8, 0, 0, 0], both[:1], starts=starts)), [0.4, 0.4, 0, 0], atol=1e-6
    )


def test_what_does_not_divide_stays_with_the_earner():
    play = earners([1.0, 0.0, 0.0], [GroupSharing(1.0)])
    assert np.rint(earn(play) * 1000).tolist() == [334, 333, 333]


def test_noise_and_what_is_shown_do_not_change_what_is_shared():
    plain, hidden, wrong = (
        earn(earners([1.0, 0.0], [KinshipSharing()], kinship=Teams(num_teams=1, score=0.5, **fields)), 0)
        for fields in ({}, {"shown": False}, {"noise": {"op": "uniform", "low": 0.3, "high": 0.5}})
    )
    assert plain.tolist() == hidden.tolist() == wrong.tolist()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"sharing": [KinshipSharing()]},
            "sharing.0: shares by kinship, and the game has none; set `kinship`",
        ),
        (
            {"sharing": [GroupSharing(), FamilySharing()]},
            "sharing.1: shares by kinship, and the game has none; set `kinship`",
        ),
        ({"sharing": [BondSharing()]}, "sharing: mates share, but no rule has Bond"),
        (
            {"sharing": [GroupSharing(variable="tem")]},
            "sharing.0: unknown variable 'tem'; did you mean team?",
        ),
        ({"sharing": [Prestige(1, "oar")]}, "sharing.0: unknown variable 'oar'; did you mean ore?"),
    ],
)
def test_a_sharing_that_cannot_be_is_refused(fields, message):
    with pytest.raises(ValueError) as error:
        game("@@", [], kinship=NoKinship(), **fields)
    assert message in str(error.value)
