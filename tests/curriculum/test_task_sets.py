"""Task sets: which tasks they list, and what they say of mistakes."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import metta.cogworks.curriculum as original
import metta.curriculum as cc
from metta.rl.environment import TrainingEnvironmentConfig
from mettagrid.batch import BatchEnv
from mettagrid.games.random_rules import make_random_rules
from tests.mettagrid.small_games import walking_game

GAME = walking_game()


def test_one_game():
    (task,) = cc.single_task(GAME).tasks(walking_game(num_agents=1), 0)
    assert task.game == GAME and task.label == "walking"
    (other,) = cc.Single().tasks(walking_game(num_agents=1), 0)
    assert other.game.num_agents == 1


def test_all_combinations_of_buckets():
    buckets = {"max_steps": [10, 20], "view.num_tokens": [30, 40, 50]}
    tasks = cc.bucketed(GAME, buckets).tasks(GAME, 0)
    found = [(task.game.max_steps, task.game.view.num_tokens) for task in tasks]
    assert found == list(product([10, 20], [30, 40, 50]))
    assert tasks[1].label == "max_steps=10,num_tokens=40"
    assert tasks[1].values == {"max_steps": "10", "num_tokens": "40"}
    assert walking_game() == GAME


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(0, 2**63))
def test_of_many_combinations_so_many_different_ones_are_drawn(count: int, seed: int):
    buckets = {"max_steps": cc.Span(1, 90), "view.num_tokens": [20, 30, 40]}
    drawn = cc.Bucketed(game=GAME, buckets=buckets, span_values=10, num_tasks=count)
    labels = [task.label for task in drawn.tasks(GAME, seed)]
    assert len(set(labels)) == len(labels) == count
    assert labels == [task.label for task in drawn.tasks(GAME, seed)]


def test_spans_are_divided_evenly():
    span = cc.Bucketed(buckets={"max_steps": cc.Span(1, 90)}, span_values=3)
    assert [task.game.max_steps for task in span.tasks(GAME, 0)] == [16, 46, 76]


def test_names_of_buckets_are_as_short_as_tells_them_apart():
    buckets = {"variables.berry.cap": [3, 5], "max_steps": [4]}
    labels = [task.label for task in cc.bucketed(GAME, buckets).tasks(GAME, 0)]
    assert labels[0] == "cap=3,max_steps=4"


@pytest.mark.parametrize(
    ("buckets", "message"),
    [
        (
            {"max_step": [1]},
            r"training_env\.curriculum\.tasks: buckets: max_step: .*did you mean max_steps\?",
        ),
        ({"max_steps": [-1]}, r"buckets: max_steps: .*greater than or equal to 1 \(got -1\)"),
        ({"view.num_tokens": [30, 40]}, r"cannot be played side by side: num_tokens is 30 and 40"),
    ],
)
def test_mistakes_are_one_line(buckets: dict, message: str):
    config = TrainingEnvironmentConfig(
        game=GAME, num_worlds=2, num_maps=4, curriculum=cc.Bucketed(buckets=buckets).to_curriculum()
    )
    with pytest.raises(ValueError, match=message) as caught:
        config.build(1, 0)
    assert "\n" not in str(caught.value)


def test_an_empty_bucket_is_refused():
    with pytest.raises(ValueError, match="max_steps has no values"):
        cc.bucketed(GAME, {"max_steps": []})


def test_merged_sets_have_weights():
    parts = {"near": walking_game(max_steps=5), "far": cc.bucketed(GAME, {"max_steps": [7, 9]})}
    tasks = cc.merge(parts, {"far": 3.0}).tasks(GAME, 0)
    assert [(task.label, task.weight) for task in tasks] == [
        ("near", 1.0),
        ("far:max_steps=7", 1.5),
        ("far:max_steps=9", 1.5),
    ]
    assert [task.values["part"] for task in tasks] == ["near", "far", "far"]
    with pytest.raises(ValueError, match=r"there is no part 'fart'; did you mean far\?"):
        cc.merge(parts, {"fart": 3.0})


def test_games_by_name_are_tasks():
    config = cc.CurriculumConfig(tasks={"a": walking_game(max_steps=5), "b": GAME})
    assert [task.label for task in config.list_tasks(GAME, 0)] == ["a", "b"]


def test_levels_are_maps_of_one_game():
    config = TrainingEnvironmentConfig(
        game=GAME, num_worlds=2, curriculum=cc.Levels(num_levels=5).to_curriculum("prioritized_level_replay")
    )
    tasks = config.list_tasks(0)
    assert [task.num_maps for task in tasks] == [1] * 5
    assert config.build(1, 0).num_games == 5


def test_random_rules_are_tasks_of_one_batch():
    rules = cc.RandomRules(difficulties=[1, 2], num_games=2, first_seed=4, settings={"num_agents": 2})
    tasks = rules.tasks(GAME, 0)
    assert tasks[3].game == make_random_rules(5, 2, num_agents=2)
    assert tasks[3].values == {"difficulty": 2}
    assert BatchEnv([task.game for task in tasks]).num_games == 4
    with pytest.raises(ValueError, match=r"settings: .*num_agent"):
        cc.RandomRules(settings={"num_agent": 2}).tasks(GAME, 0)


def test_tasks_share_the_maps():
    buckets = {"max_steps": [4, 5, 6]}
    config = TrainingEnvironmentConfig(
        game=GAME, num_worlds=1, num_maps=10, curriculum=cc.Bucketed(buckets=buckets).to_curriculum()
    )
    assert config.build(1, 0).spec.max_steps == 6


def test_the_names_of_the_original():
    tasks = original.bucketed(GAME)
    tasks.add_bucket("max_steps", [5, 6])
    curriculum = tasks.to_curriculum(algorithm_config=original.LearningProgressConfig(fast_rate=0.1))
    assert curriculum.algorithm.fast_rate == 0.1
    assert len(curriculum.list_tasks(GAME, 0)) == 2
    assert original.env_curriculum(GAME).algorithm.name == "uniform"
    with pytest.raises(ValueError, match="max_steps has values already"):
        tasks.add_bucket("max_steps", [7])


def test_configs_survive_being_written_down():
    curriculum = cc.merge({"a": GAME, "b": cc.bucketed(GAME, {"max_steps": cc.Span(1, 5)})}).to_curriculum(
        "progressive", score="return", full_score=2.0
    )
    again = cc.CurriculumConfig.model_validate(curriculum.model_dump(mode="json"))
    assert again == curriculum


def test_dotted_settings_reach_the_algorithm():
    config = TrainingEnvironmentConfig(game=GAME)
    config.override_all({"curriculum.algorithm": "learning_progress", "curriculum.algorithm.fast_rate": 0.2})
    assert config.curriculum.algorithm.fast_rate == 0.2
    with pytest.raises(ValueError, match=r"unknown curriculum algorithm 'learning_progres'; did you mean"):
        config.override("curriculum.algorithm", "learning_progres")
