"""Every kinship: its tables are matrices that the core can read, and what cannot be is refused in one line."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mettagrid.batch import BatchEnv
from mettagrid.config.base import explain
from mettagrid.config.distribution import Beta, Choice, Normal, Uniform
from mettagrid.config.game import GameConfig
from mettagrid.kinship import FamilyTrees, Kinship, Level, NestedGroups, NoKinship, RandomKinship, Teams
from mettagrid.maps import AsciiMap
from mettagrid.rules import FULL_KINSHIP as ONE

ADAPTER = TypeAdapter(Kinship)
FIELDS = ("mode", "number", "is_symmetric", "shuffles", "noise_mode", "num_noise", "shows")


def level(name: str, size: int, score: float) -> Level:
    return Level(name=name, size=size, score=score)


HIVES = [level("hive", 12, 0.1), level("clan", 6, 0.3), level("family", 2, 0.5)]
KINDS = [
    NoKinship(),
    RandomKinship(),
    RandomKinship(scores=Beta(2, 5), symmetric=False, shuffle=False),
    Teams(num_teams=3),
    Teams(sizes=[1, 4, 7], score=0.5, between=0.25, noise=Normal(0, 0.1, -0.5, 0.5)),
    NestedGroups(levels=HIVES, noise=Uniform(-0.1, 0.1), noise_per="episode"),
    FamilyTrees(founders=4, num_trees=3, shown=False),
    FamilyTrees(founders=4, generations=5, living=2, num_trees=3),
]


def header(kinship: Any, num_agents: int) -> dict[str, int]:
    return dict(zip(FIELDS, kinship.tables(num_agents)["kinship"].tolist(), strict=True))


def templates(kinship: Any, num_agents: int) -> np.ndarray:
    return kinship.tables(num_agents)["kinship_templates"].reshape(-1, num_agents, num_agents)


@pytest.mark.parametrize("kinship", KINDS, ids=lambda kinship: kinship.op)
def test_tables_are_what_the_core_reads(kinship):
    num_agents = 12
    tables, row = kinship.tables(num_agents), header(kinship, num_agents)
    assert set(tables) == {
        "kinship",
        *(f"kinship_{name}" for name in ("templates", "values", "noise", "groups")),
    }
    assert all(np.issubdtype(table.dtype, np.integer) for table in tables.values())
    assert row["mode"] == {"none": 0, "random": 2}.get(kinship.op, 1)
    matrices, values, noise = (tables[f"kinship_{name}"] for name in ("templates", "values", "noise"))
    assert (matrices.size, values.size, noise.size) == (
        row["number"] * num_agents**2 * (row["mode"] == 1),
        row["number"] * (row["mode"] == 2),
        row["num_noise"],
    )
    assert ((matrices >= 0) & (matrices <= ONE)).all()
    assert ((values >= 0) & (values <= ONE)).all()
    assert (abs(noise) <= ONE).all()
    for matrix in templates(kinship, num_agents):
        assert (matrix.diagonal() == ONE).all()
        assert (matrix == matrix.T).all()


@pytest.mark.parametrize("kinship", KINDS, ids=lambda kinship: kinship.op)
def test_kinship_survives_json_and_its_tables_are_a_function_of_it(kinship):
    again = ADAPTER.validate_json(kinship.model_dump_json())
    assert again == kinship
    for name, table in kinship.tables(12).items():
        assert np.array_equal(table, again.tables(12)[name])


def test_common_fields_reach_the_core():
    noise = Choice([-0.5, 0.25, 2])
    often = Teams(num_teams=2, noise=noise, shuffle=False, shown=False)
    rarely = RandomKinship(symmetric=False, noise=noise, noise_per="episode")
    assert list(header(often, 4).values()) == [1, 1, 0, 0, 1, 3, 0]
    assert list(header(rarely, 4).values()) == [2, 1024, 0, 1, 2, 3, 1]
    assert often.tables(4)["kinship_noise"].tolist() == [-120, 60, 240]
    assert len(Teams(num_teams=2, noise=Normal(0, 0.1)).tables(4)["kinship_noise"]) == 256
    assert set(header(NoKinship(), 4).values()) == {0}
    assert (often.is_shown, rarely.is_shown, NoKinship().is_shown) == (False, True, False)


def test_random_scores_are_those_of_the_distribution():
    assert RandomKinship(scores=Choice([0, 0.5, 1])).tables(9)["kinship_values"].tolist() == [
        0,
        120,
        240,
    ]
    values = RandomKinship(scores=Uniform(0.0, 1.0)).tables(9)["kinship_values"]
    assert np.bincount(values, minlength=241).max() <= 5
    assert (values.min(), values.max()) == (0, 240)


@given(num_agents=st.integers(1, 40), data=st.data())
def test_teams_have_their_sizes_and_scores(num_agents, data):
    num_teams = data.draw(st.integers(1, num_agents))
    score, between = data.draw(st.floats(0, 1)), data.draw(st.floats(0, 1))
    (matrix,) = templates(Teams(num_teams=num_teams, score=score, between=between), num_agents)
    team = sorted(range(num_agents), key=lambda agent: agent % num_teams)
    teams = [agent % num_teams for agent in team]
    assert sorted(np.bincount(teams)) == [
        *[num_agents // num_teams] * (num_teams - num_agents % num_teams),
        *[num_agents // num_teams + 1] * (num_agents % num_teams),
    ]
    for a in range(num_agents):
        for b in range(num_agents):
            expected = 1 if a == b else score if teams[a] == teams[b] else between
            assert matrix[a, b] == round(expected * ONE)


def test_teams_may_have_sizes_of_their_own():
    (matrix,) = templates(Teams(sizes=[1, 3, 2]), 6)
    assert (matrix == ONE).sum(axis=1).tolist() == [1, 3, 3, 3, 2, 2]


@st.composite
def levels(draw: st.DrawFn) -> list[Level]:
    factors = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    scores = sorted(draw(st.lists(st.floats(0, 1), min_size=len(factors), max_size=len(factors))))
    sizes = np.cumprod(factors)[::-1].tolist()
    return [
        level(f"level_{i}", size, score) for i, (size, score) in enumerate(zip(sizes, scores, strict=True))
    ]


@given(levels=levels(), num_agents=st.integers(1, 30))
def test_nested_groups_have_the_score_of_the_innermost_that_two_share(levels, num_agents):
    (matrix,) = templates(NestedGroups(levels=levels), num_agents)
    for a in range(num_agents):
        for b in range(num_agents):
            shared = [level.score for level in levels if a // level.size == b // level.size]
            assert matrix[a, b] == round(1 * ONE if a == b else max(shared, default=0) * ONE)


def test_hives_clans_and_families():
    (matrix,) = templates(NestedGroups(levels=HIVES), 24)
    assert matrix[0, [0, 1, 2, 5, 6, 11, 12, 23]].tolist() == [240, 120, 72, 72, 24, 24, 0, 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Teams(num_teams=2, score=2), "score: Input should be less than or equal to 1 (got 2)"),
        (lambda: NestedGroups(levels=[]), "levels: List should have at least 1 item after validation, not 0"),
        (lambda: FamilyTrees(founder=3), "founder: there is no such field"),
        (
            lambda: Teams(num_teams=2, noise_per="step"),
            "noise_per: Input should be 'observation' or 'episode' (got 'step')",
        ),
    ],
)
def test_a_kinship_that_cannot_be_is_refused_in_one_line(make, message):
    with pytest.raises(ValidationError) as error:
        make()
    assert explain(error.value) == message


@pytest.mark.parametrize(
    ("kinship", "message"),
    [
        (Teams(sizes=[3, 4]), "sizes: they add up to 7, and the game has 12 agents"),
        (Teams(num_teams=13), "num_teams: 13 teams need more than 12 agents"),
        (Teams(num_teams=2, noise=Choice(["loud"])), "noise: 'loud' is a name, and numbers are needed"),
        (Teams(noise=Choice(list(range(300)))), "noise: options: 300 options, at most 256 fit"),
        (RandomKinship(scores=Choice(["red"])), "scores: 'red' is a name, and numbers are needed"),
        (
            NestedGroups(levels=[level("hive", 12, 0.1), level("clan", 5, 0.3)]),
            "levels.1.size: 5 does not divide 12, the size of the level above",
        ),
        (NestedGroups(levels=HIVES, group_level=3), "group_level: must lie in 0..2, got 3"),
        (FamilyTrees(founders=11), "founders: 11 and 2 later generations need 13 agents"),
        (FamilyTrees(generations=3, living=4), "living: 4 of 3 generations are too many"),
        (FamilyTrees(generations=20, living=13), "living: 13 generations need as many agents, got 12"),
    ],
)
def test_a_kinship_that_does_not_fit_the_agents_is_refused_in_one_line(kinship, message):
    with pytest.raises(ValueError) as error:
        kinship.check(12)
    assert str(error.value) == message
    with pytest.raises(ValidationError) as error:
        GameConfig(num_agents=12, map=AsciiMap(text="@" * 12), kinship=kinship)
    assert explain(error.value) == f"kinship: {message}"


def test_templates_beyond_the_memory_of_a_laptop_are_refused():
    with pytest.raises(ValueError, match=r"^num_trees: 64 trees of 1024 agents, at most 16 fit$"):
        FamilyTrees().check(1024)


@pytest.mark.parametrize("kinship", KINDS, ids=lambda kinship: kinship.op)
def test_the_core_plays_with_every_kinship(kinship):
    game = GameConfig(num_agents=12, max_steps=5, map=AsciiMap(text="@" * 12), kinship=kinship)
    env = BatchEnv(game, num_worlds=2)
    env.reset(0)
    for _ in range(12):
        env.step(np.zeros(env.num_rows, np.int32))
    assert ("kinship" in env.spec.feature_names) == kinship.is_shown


def test_groups_are_told_for_every_place():
    assert Teams(num_teams=3).tables(7)["kinship_groups"].tolist() == [[1, 1, 1, 2, 2, 3, 3]]
    assert Teams(sizes=[1, 3, 2]).tables(6)["kinship_groups"].tolist() == [[1, 2, 2, 2, 3, 3]]
    clans = NestedGroups(levels=HIVES, group_level=1).tables(13)["kinship_groups"]
    assert clans.tolist() == [[1] * 6 + [2] * 6 + [3]]
