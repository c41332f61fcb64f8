"""Curricula: runs with many tasks, and who says what is played next. See docs/curricula.md.

import metta.curriculum as cc

tasks = cc.bucketed(make_arena(), {"max_steps": [250, 500, 1000]})
TrainingEnvironmentConfig(curriculum=tasks.to_curriculum("learning_progress"))
"""

from collections.abc import Mapping, Sequence
from typing import Any

from metta.curriculum.algorithms.learning_progress import LearningProgressConfig
from metta.curriculum.algorithms.prioritized_level_replay import PrioritizedLevelReplayConfig
from metta.curriculum.algorithms.prioritized_regress import PrioritizedRegressConfig
from metta.curriculum.algorithms.progressive import ProgressiveConfig
from metta.curriculum.algorithms.uniform import UniformConfig
from metta.curriculum.config import CurriculumConfig
from metta.curriculum.task_sets.bucketed import Bucketed
from metta.curriculum.task_sets.levels import Levels
from metta.curriculum.task_sets.merged import Merged
from metta.curriculum.task_sets.random_rules import RandomRules
from metta.curriculum.task_sets.single import Single
from metta.curriculum.task_sets.task_set import TaskSet
from mettagrid.config.distribution import Uniform as Span
from mettagrid.config.game import GameConfig

__all__ = [
    "Bucketed",
    "CurriculumConfig",
    "LearningProgressConfig",
    "Levels",
    "Merged",
    "PrioritizedLevelReplayConfig",
    "PrioritizedRegressConfig",
    "ProgressiveConfig",
    "RandomRules",
    "Single",
    "Span",
    "TaskSet",
    "UniformConfig",
    "bucketed",
    "env_curriculum",
    "merge",
    "single_task",
]


def single_task(game: GameConfig) -> Single:
    """Return the set of one game."""
    return Single(game=game)


def bucketed(game: GameConfig, buckets: Mapping[str, Any] | None = None) -> Bucketed:
    """Return the set of all combinations of values; more buckets with `add_bucket`."""
    return Bucketed(game=game, buckets=dict(buckets or {}))


def merge(parts: Mapping[str, Any] | Sequence[Any], weights: Mapping[str, float] | None = None) -> Merged:
    """Return the tasks of several sets or games; those of a list are called by their numbers."""
    named = parts if isinstance(parts, Mapping) else {str(number): part for number, part in enumerate(parts)}
    return Merged(parts=dict(named), weights=dict(weights or {}))


def env_curriculum(game: GameConfig) -> CurriculumConfig:
    """Return the curriculum of one game."""
    return single_task(game).to_curriculum()
