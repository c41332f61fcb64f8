"""What a resumed run may change."""

from typing import Any

import pytest

from metta.rl.run_config import first_difference, value_at


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 2}}, None),
        ({"b": {"c": 2}}, {"b": {"c": 3}}, "training_env.b.c"),
        ({"b": 1}, {"b": 1, "d": 2}, "training_env.d"),
        ({"b": [1, 2]}, {"b": [1, 3]}, "training_env.b"),
        ({"num_threads": 1}, {"num_threads": 2}, None),
    ],
)
def test_first_difference(old: Any, new: Any, path: str | None) -> None:
    assert first_difference(old, new, "training_env") == path


def test_value_at_a_path_with_dots_in_keys() -> None:
    config = {"rewards": {"heart": 0, "heart.gained": {"each": 1}}}
    assert value_at(config, "rewards.heart.gained.each") == 1
    assert value_at(config, "rewards.nothing") is None
