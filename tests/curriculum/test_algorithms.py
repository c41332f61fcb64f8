"""Each algorithm against its formula, and on tasks whose chances of success are known."""

import numpy as np
import pytest

from metta.curriculum.algorithms.algorithm import AlgorithmConfig
from metta.curriculum.algorithms.learning_progress import LearningProgressConfig, reweighted
from metta.curriculum.algorithms.prioritized_level_replay import PrioritizedLevelReplayConfig
from metta.curriculum.algorithms.prioritized_regress import PrioritizedRegressConfig
from metta.curriculum.algorithms.progressive import ProgressiveConfig
from tests.curriculum.players import curriculum_of, pretend

NAMES = ("learning_progress", "prioritized_level_replay", "prioritized_regress", "progressive", "uniform")
ONES = np.ones(3)


def test_all_algorithms_are_found():
    assert set(NAMES) <= set(AlgorithmConfig.known())


@pytest.mark.parametrize("seed", range(3))
def test_learning_progress_plays_what_is_being_learned(seed: int):
    """Tasks 0 to 3 are out of reach, 4 to 7 are mastered, 8 to 11 are learned in 600 episodes."""

    def success(task: int, times: int) -> float:
        return 0.0 if task < 4 else 1.0 if task < 8 else min(1.0, times / 600)

    played = pretend(curriculum_of(12, "learning_progress", seed), success, epochs=60, seed=seed)
    hopeless, mastered, learnable = played.reshape(3, 4).sum(axis=1)
    assert learnable >= 3 * hopeless and learnable >= 3 * mastered
    assert played.min() > 0  # nothing is given up
    uniform = pretend(curriculum_of(12, "uniform", seed), success, epochs=60, seed=seed)
    assert uniform.max() < 2 * uniform.min()


def test_learning_progress_hears_of_what_is_forgotten():
    """Both tasks are mastered; then the second is lost."""

    def success(task: int, times: int) -> float:
        return 1.0 if task == 0 or times < 200 else 0.0

    curriculum = curriculum_of(2, "learning_progress")
    pretend(curriculum, success, epochs=23)
    assert curriculum.probabilities[1] > 0.8


def test_learning_progress_formula():
    algorithm = LearningProgressConfig(fast_rate=0.5, slow_factor=0.5, least_episodes=1).build(3)
    fast = slow = 0.0
    for count, score in enumerate([0.0, 2.0, 2.0, 1.0, 0.0], start=1):
        algorithm.note_episode(1, score, 2.0)
        fast += max(0.5, 1 / count) * (score - fast)
        slow += max(0.25, 1 / count) * (fast - slow)
    for task in (0, 2):
        algorithm.note_episode(task, 1.0, 2.0)
    theta, half = 0.1, np.array([fast, slow]) / 2
    expected = (1 - theta) * half / (half + theta * (1 - 2 * half))
    weights = algorithm.weights(np.full(3, 2.0))
    assert weights == pytest.approx([0, abs(expected[0] - expected[1]), 0])


def test_reweighting_lifts_first_successes():
    values = reweighted(np.array([0.0, 0.1, 1.0]), 0.1)
    assert values == pytest.approx([0.0, 0.5, 1.0])
    assert reweighted(np.array([0.3]), 0.5) == pytest.approx([0.3])


def test_what_is_unknown_is_promising():
    algorithm = LearningProgressConfig(least_episodes=2).build(3)
    for score in (0.0, 1.0, 1.0):
        algorithm.note_episode(0, score, 1.0)
    weights = algorithm.weights(ONES)
    assert weights[0] > 0 and weights.tolist() == [weights[0]] * 3


def test_regress_is_played_again():
    config = PrioritizedRegressConfig(rate=0.5, floor=0.1, least_episodes=1)
    algorithm = config.build(3)
    for task, scores in enumerate([[1, 1, 1], [1, 0, 0], [0, 0, 0]]):
        for score in scores:
            algorithm.note_episode(task, float(score), 1.0)
    assert algorithm.weights(ONES) == pytest.approx([1.0, 1.1 / 0.35, 1.0])


def test_progressive_opens_task_after_task():
    curriculum = curriculum_of(5, {"name": "progressive", "uniform_share": 0.0, "softness": 0.1})
    assert curriculum.probabilities[0] > 0.97
    pretend(curriculum, lambda task, times: float(task < 2), epochs=100)
    chances = curriculum.probabilities
    assert chances[2] > 0.3 and chances[3:].sum() < 0.02  # task 2 is open, and stays the front


def test_progressive_does_not_move_below_the_threshold():
    algorithm = ProgressiveConfig(threshold=0.5, least_episodes=1, step=1.0).build(3)
    for score in (0.9, 0.9, 3.0):
        algorithm.note_episode(0, score, 4.0)  # the full score is 4
    assert algorithm.arrays["front"][0] == 0.0
    algorithm.note_episode(1, 4.0, 4.0)  # not the front
    assert algorithm.arrays["front"][0] == 0.0
    algorithm.note_episode(0, 9.0, 4.0)
    assert algorithm.arrays["front"][0] == 1.0


@pytest.mark.parametrize("prioritize", ["rank", "proportional"])
def test_level_replay_formula(prioritize: str):
    config = PrioritizedLevelReplayConfig(prioritize=prioritize, temperature=0.5, staleness_share=0.25)
    algorithm = config.build(5)
    for level in (0, 1, 2, 0):
        algorithm.note_episode(level, 0.0, 1.0)
    algorithm.note_potentials(np.array([0, 1, 2]), np.array([0.2, 0.8, 0.4]))
    heights = np.array([1 / 3, 1, 1 / 2]) if prioritize == "rank" else np.array([0.2, 0.8, 0.4])
    by_potential = heights**2 / (heights**2).sum()
    ages = np.array([0, 2, 1]) / 3  # the clock is at 4, last played at 4, 2, 3
    replayed = (0.75 * by_potential + 0.25 * ages) * 3 / 5
    assert algorithm.weights(np.ones(5)) == pytest.approx([*replayed, 0.2, 0.2])


def test_level_replay_prefers_what_there_is_to_learn_from():
    config = PrioritizedLevelReplayConfig(temperature=0.3)
    curriculum = curriculum_of(20, config)
    played = pretend(curriculum, lambda *_: 0.0, epochs=60, potential=lambda level: 1.0 + (level == 13))
    assert played.min() > 0 and played[13] > 3 * np.delete(played, 13).max()


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_always_possible(name: str):
    curriculum = curriculum_of(6, name, full_score=0.5)
    rng = np.random.default_rng(0)
    pretend(curriculum, lambda *_: rng.random(), epochs=30, worlds=3)
    chances = curriculum.probabilities
    assert np.isfinite(chances).all() and chances.sum() == pytest.approx(1) and chances.min() > 0
