"""Kinship in the world: what agents are shown of it, with errors or not at all, and who is in which group."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from mettagrid.config.distribution import Choice, Normal, Uniform
from mettagrid.config.things import ObjectKind, View
from mettagrid.kinship import FamilyTrees, Level, NestedGroups, NoKinship, RandomKinship, Teams
from mettagrid.rules import Count, Related, Rule
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import game

HIVES = [
    Level(name="hive", size=4, score=0.1),
    Level(name="clan", size=2, score=0.5),
]


def row(kinship: Any, num_agents: int = 6, seed: int = 0, **fields: Any) -> Play:
    """Agents side by side, who all see each other."""
    return Play(game("@" * num_agents, [], kinship=kinship, **fields), seed)


def shown(play: Play) -> np.ndarray:
    """[A, A] what each agent is shown of how near the others are, in 1/240; 0 where nothing is said."""
    num_agents = play.spec.num_agents
    matrix = np.zeros((num_agents, num_agents), int)
    for agent in range(num_agents):
        for (_, right), features in play.sees(agent).items():
            matrix[agent, agent + right] = features.get("kinship", 0)
    return matrix


def of_others(matrix: np.ndarray) -> np.ndarray:
    return matrix[~np.eye(len(matrix), dtype=bool)]


def test_nothing_is_said_of_oneself_or_of_things():
    play = Play(game("@b@", [], kinship=Teams(num_teams=1)))
    assert "kinship" not in play.sees(0)[0, 0]
    assert "kinship" not in play.sees(0)[0, 1]
    assert play.sees(0)[0, 2]["kinship"] == 240


def test_teams():
    matrix = shown(row(Teams(sizes=[2, 4], score=1.0, between=0.25, shuffle=False)))
    team = np.array([0, 0, 1, 1, 1, 1])
    expected = np.where(team[:, None] == team[None, :], 240, 60) * (1 - np.eye(6, dtype=int))
    assert matrix.tolist() == expected.tolist()


def test_hives_and_clans():
    matrix = shown(row(NestedGroups(levels=HIVES, shuffle=False)))
    assert matrix[0].tolist() == [0, 120, 24, 24, 0, 0]
    assert matrix[5].tolist() == [0, 0, 0, 0, 120, 0]


def test_family_trees_are_shown_one_a_game():
    trees = FamilyTrees(founders=2, generations=3, num_trees=8, shuffle=False)
    prepared = trees.tables(6)["kinship_templates"].reshape(8, 6, 6) * (1 - np.eye(6, dtype=int))
    seen = {shown(row(trees, seed=seed)).tobytes() for seed in range(40)}
    assert seen <= {matrix.astype(int).tobytes() for matrix in prepared}
    assert len(seen) == len({matrix.astype(int).tobytes() for matrix in prepared}), "each of them comes"


@pytest.mark.parametrize("symmetric", [True, False])
def test_random_scores(symmetric):
    kin = RandomKinship(scores=Choice([0, 0.25, 1], weights=[1, 2, 1]), symmetric=symmetric)
    matrices = [shown(row(kin, seed=seed)) for seed in range(60)]
    assert all((matrix == matrix.T).all() for matrix in matrices) is symmetric
    found = Counter(np.concatenate([of_others(matrix) for matrix in matrices]).tolist())
    assert set(found) == {0, 60, 240}
    assert 0.4 < found[60] / sum(found.values()) < 0.6
    assert len({matrix.tobytes() for matrix in matrices}) == 60, "a new matrix in every world"


def test_who_is_kin_changes_with_the_episode():
    play = row(NestedGroups(levels=HIVES), max_steps=2)
    matrices = [shown(play)]
    assert shown(play.do()).tolist() == matrices[0].tolist(), "it stays for the episode"
    matrices += [shown(play.do(times=2)) for _ in range(8)]
    assert len({matrix.tobytes() for matrix in matrices}) > 3
    for matrix in matrices:
        assert sorted(np.bincount(row_, minlength=241)[120] for row_ in matrix) == [1] * 6
    fixed = row(NestedGroups(levels=HIVES, shuffle=False), max_steps=2)
    assert len({shown(fixed.do(times=2)).tobytes() for _ in range(5)}) == 1


def test_hidden_kinship_is_there_but_not_seen():
    kin = Teams(num_teams=1, score=0.5, shown=False)
    play = row(kin, 2)
    assert "kinship" not in play.spec.feature_names
    rule = Rule(on="step", target="agent", when=[Related(0.5)], then=[Count("near")])
    ask = Rule(on="use", target="agent", when=[Related(0.5)], then=[Count("kin")])
    play = Play(game("@\n@", [rule, ask], kinship=kin)).do("noop", "use")
    assert play.count("kin", 1) == 1
    assert not NoKinship().is_shown


def test_an_error_is_drawn_for_every_observation():
    play = row(Teams(num_teams=1, score=0.5, noise=Choice([-0.25, 0, 0.25])), max_steps=1000)
    matrices = [shown(play.do()) for _ in range(40)]
    found = Counter(np.concatenate([of_others(matrix) for matrix in matrices]).tolist())
    assert set(found) == {60, 120, 180}
    assert all(0.25 < count / 1200 < 0.42 for count in found.values())
    assert len({matrix.tobytes() for matrix in matrices}) == 40
    assert any((matrix != matrix.T).any() for matrix in matrices), "each has its own error"


def test_an_error_may_stay_for_the_episode():
    kin = Teams(num_teams=1, score=0.5, noise=Uniform(-0.25, 0.25), noise_per="episode")
    play = row(kin, max_steps=10)
    first = shown(play)
    assert all((shown(play.do()) == first).all() for _ in range(9))
    assert len(set(of_others(first).tolist())) > 15, "for each pair another one, in each direction"
    assert (shown(play.do()) != first).any(), "the next episode has others"


def test_errors_do_not_lead_below_0_or_above_1():
    low, high = (
        shown(row(Teams(num_teams=1, score=score, noise=Normal(0, 0.5)), seed=3)) for score in (0.0, 1.0)
    )
    assert of_others(low).max() > 0 and of_others(low).min() == 0
    assert of_others(high).min() < 240 and of_others(high).max() == 240
    assert of_others(low).max() <= 240


def test_errors_do_not_change_who_is_related():
    rule = Rule(on="use", target="agent", when=[Related(0.5)], then=[Count("kin")])
    kin = Teams(num_teams=1, score=0.5, noise=Choice([-0.4]))
    play = Play(game("@\n@", [rule], kinship=kin)).do("noop", "use")
    assert play.count("kin", 1) == 1
    assert play.sees(1)[-1, 0]["kinship"] == 24


def test_kinship_is_shown_of_those_in_sight_only():
    play = Play(game("@..@", [], kinship=Teams(num_teams=1), view=View(height=5, width=5)))
    assert play.sees(0) == {(0, 0): play.sees(0)[0, 0]}


@pytest.mark.parametrize(
    ("kinship", "groups"),
    [
        (Teams(num_teams=3, shuffle=False), [1, 1, 2, 2, 3, 3]),
        (Teams(sizes=[1, 5], shuffle=False), [1, 2, 2, 2, 2, 2]),
        (NestedGroups(levels=HIVES, shuffle=False), [1, 1, 1, 1, 2, 2]),
        (NestedGroups(levels=HIVES, group_level=1, shuffle=False), [1, 1, 2, 2, 3, 3]),
    ],
)
def test_teams_and_levels_become_the_agents_groups(kinship, groups):
    fields: dict[str, Any] = {"group": ObjectKind(has={"ore": 1}), "num_groups": 3, "group_variable": "team"}
    play = row(kinship, starts={"team": [3]}, **fields)
    assert [play.has("team", agent) for agent in range(6)] == groups
    assert [row(kinship).has("team", agent) for agent in range(6)] == [0] * 6, (
        "if the game has none, nothing is set"
    )


def test_groups_move_with_the_agents_that_change_places():
    fields: dict[str, Any] = {"group": ObjectKind(has={"ore": 1}), "num_groups": 2, "group_variable": "team"}
    for seed in range(10):
        play = row(Teams(num_teams=2), seed=seed, **fields)
        team = np.array([play.has("team", agent) for agent in range(6)])
        near = shown(play) == 240
        assert (near == ((team[:, None] == team[None, :]) & ~np.eye(6, dtype=bool))).all()
