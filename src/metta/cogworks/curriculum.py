"""`import metta.cogworks.curriculum as cc`: `metta.curriculum` under the name that users of the original know."""

from metta.curriculum import (
    Bucketed,
    CurriculumConfig,
    LearningProgressConfig,
    Merged,
    Single,
    Span,
    UniformConfig,
    bucketed,
    env_curriculum,
    merge,
    single_task,
)

__all__ = [
    "Bucketed",
    "CurriculumConfig",
    "LearningProgressConfig",
    "Merged",
    "Single",
    "Span",
    "UniformConfig",
    "bucketed",
    "env_curriculum",
    "merge",
    "single_task",
]
