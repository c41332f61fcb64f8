"""One state: scores, weights, choices, metrics; saved and restored it goes on the same."""

import numpy as np
import pytest
import torch

from metta.curriculum.config import CurriculumConfig
from metta.curriculum.curriculum import Curriculum
from metta.curriculum.task import Task
from tests.curriculum.players import GAME, curriculum_of, pretend, record
from tests.curriculum.test_algorithms import NAMES

NOTHING = np.zeros(2)


def half(task: int, times: int) -> float:
    return min(1.0, (task + 1) * times / 100)


@pytest.mark.parametrize("name", NAMES)
def test_a_restored_curriculum_goes_on_the_same(name: str):
    whole, first, second = (curriculum_of(7, name) for _ in range(3))
    rngs = [np.random.default_rng(1) for _ in range(2)]
    for curriculum, rng in zip((whole, first), rngs, strict=True):
        pretend(curriculum, lambda *_, rng=rng: rng.random(), epochs=20, potential=lambda task: task % 3)
    second.restore(first.tensors())
    for epoch in range(5):
        worlds = np.arange(40)
        tasks = [curriculum.choose(worlds, np.full(40, epoch)) for curriculum in (whole, second)]
        np.testing.assert_array_equal(*tasks)
        for curriculum in (whole, second):
            counts = np.bincount(tasks[0], minlength=7).astype(float)
            records = [record(int(task), float(task % 2)) for task in tasks[0]]
            curriculum.end_epoch(records, counts * np.arange(7), counts)
        np.testing.assert_array_equal(whole.probabilities, second.probabilities)
        assert whole.metrics() == second.metrics()


def test_a_state_of_something_else_is_refused():
    state = curriculum_of(3, "uniform").tensors()
    for other in (curriculum_of(4, "uniform"), curriculum_of(3, "progressive")):
        with pytest.raises(ValueError, match="of other tasks or of another algorithm"):
            other.restore(state)


def test_the_saved_state_does_not_change_with_the_run():
    curriculum = curriculum_of(2, "learning_progress")
    state = curriculum.tensors()
    curriculum.end_epoch([record(0, 1.0)], NOTHING, NOTHING)
    assert torch.equal(state["episodes"], torch.zeros(2, dtype=torch.float64))


def test_choices_do_not_depend_on_who_plays_the_world():
    curriculum = curriculum_of(9, "uniform")
    together = curriculum.choose(np.arange(60), np.arange(60) % 5)
    parts = [curriculum.choose(np.arange(i, i + 20), np.arange(i, i + 20) % 5) for i in (0, 20, 40)]
    np.testing.assert_array_equal(together, np.concatenate(parts))
    assert len(set(together.tolist())) == 9


def test_shortened_episodes_do_not_count():
    curriculum = curriculum_of(2, "learning_progress")
    curriculum.end_epoch([record(0, 1.0, shortened=True)], NOTHING, NOTHING)
    assert curriculum.metrics()["curriculum/tasks_tried"] == 0


def test_weights_of_tasks_hold_for_every_algorithm():
    tasks = [Task("seldom", GAME, weight=1.0), Task("often", GAME, weight=3.0)]
    for name in NAMES[:1] + NAMES[4:]:
        chances = Curriculum(CurriculumConfig(algorithm=name), tasks, []).probabilities
        assert chances == pytest.approx([0.25, 0.75])


def test_scores_are_returns_or_a_statistic():
    by_return, by_hearts = curriculum_of(2, "uniform"), curriculum_of(2, "uniform", score="hearts")
    for curriculum in (by_return, by_hearts):
        curriculum.end_epoch([record(1, 0.5), record(1, -2.5)], NOTHING, NOTHING)
    assert by_return.metrics()["curriculum/task_1.score"] == 0.25  # below 0 counts as 0
    assert by_hearts.metrics()["curriculum/task_1.score"] == 7.0
    with pytest.raises(ValueError, match=r"curriculum.score: there is no 'heart'; did you mean hearts\?"):
        curriculum_of(2, "uniform", score="heart")


def test_the_best_episode_counts_as_1_unless_a_full_score_is_given():
    """The front needs half of 1: if 8 is the full score, 2 is not enough; if 3 is, it is."""
    for full_score, front in ((None, 0.0), (3.0, 1.0)):
        algorithm = {"name": "progressive", "threshold": 0.5, "least_episodes": 1, "step": 1.0, "rate": 1.0}
        curriculum = curriculum_of(2, algorithm, full_score=full_score)
        curriculum.end_epoch([record(1, 8.0), record(0, 8.0)], NOTHING, NOTHING)
        curriculum.algorithm.arrays["front"][0] = 0.0
        curriculum.end_epoch([record(0, 2.0)], NOTHING, NOTHING)
        assert curriculum.algorithm.arrays["front"][0] == front


def test_many_tasks_are_told_by_bucket():
    tasks = [
        Task(f"{i}", GAME, values={"size": i % 4, "seed": i, "part": "x" if i < 30 else "y"})
        for i in range(40)
    ]
    curriculum = Curriculum(CurriculumConfig(), tasks, [])
    curriculum.end_epoch([record(3, 1.0), record(7, 0.0)], np.zeros(40), np.zeros(40))
    metrics = curriculum.metrics()
    assert metrics["curriculum/size=3.score"] == 0.5
    assert metrics["curriculum/size=3.probability"] == pytest.approx(0.25)
    assert metrics["curriculum/part=x.probability"] == pytest.approx(0.75)
    assert metrics["curriculum/part=x.episodes"] == 2
    assert metrics["curriculum/effective_tasks"] == pytest.approx(40)
    assert not any("seed" in name for name in metrics)  # 40 values would drown the others


def test_a_damaged_state_is_refused():
    curriculum = curriculum_of(3, "learning_progress")
    for name, value in (("best", torch.full((3,), torch.nan)), ("episodes", torch.zeros(3))):
        tensors = {**curriculum.tensors(), name: value.double() if name == "best" else value}
        with pytest.raises(ValueError, match="the state is"):
            curriculum.restore(tensors)
