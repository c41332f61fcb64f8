"""Several processes learn what one learns, but for rounding."""

import json
from typing import Any

import numpy as np
import pytest

from tests.rl.ranks.together import run_together

CASES = {
    "plain": ({}, 0),
    "everything": (
        {
            "update_epochs": 3,
            "accumulate_minibatches": 2,
            "average_decay": 0.9,
            "advantage__center_rewards": 0.5,
            "target_kl": 0.02,
            "row_priority": 0.6,
        },
        4,
    ),
    "small minibatches": ({"minibatch_size": 4, "update_epochs": 2}, 3),
}
"""Settings, and the tick at which the first agent of each world dies (0 = never): masks differ between ranks."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """What one process tells of all runs, and what two and four do; ranks must tell the same."""
    folder, found = tmp_path_factory.mktemp("ranks"), {}
    for count in (1, 2, 4):
        first, *others = [
            json.loads(out)
            for out in run_together(count, folder, "everything", json.dumps(CASES), str(folder))
        ]
        for other in others:
            assert {**other, "passes": 0} == {**first, "passes": 0}
        found[count] = first
    return found


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("case", [*CASES, "arena", "tasks"])
def test_several_learn_what_one_learns(case: str, count: int, told: dict[int, dict[str, Any]]) -> None:
    alone, together = told[1][case], told[count][case]
    assert np.abs(alone["weights"]).max() > 0.01 and sum(map(len, alone["episodes"])) > 8
    assert together["steps"] == alone["steps"]
    assert together["episodes"] == alone["episodes"]
    for key in ("weights", "average"):
        if alone[key] is not None:
            np.testing.assert_allclose(together[key], alone[key], rtol=1e-4, atol=1e-5)
    for one, several in zip(alone["metrics"], together["metrics"], strict=True):
        assert one.keys() == several.keys()
        for name, value in one.items():
            assert several[name] == pytest.approx(value, rel=1e-3, abs=1e-4), name


def test_ranks_stop_after_the_same_pass(told: dict[int, dict[str, Any]]) -> None:
    """The original stopped each rank by its own divergence: the others then waited forever."""
    assert told[2]["passes"] == told[4]["passes"] == 1


@pytest.mark.parametrize("count", [1, 2, 4])
def test_resumed_it_is_the_same_run(count: int, told: dict[int, dict[str, Any]]) -> None:
    resumed = told[count]["resumed"]
    assert resumed["resumed"] == resumed["straight"]
    np.testing.assert_allclose(resumed["resumed from one"], resumed["straight"], rtol=1e-4, atol=1e-5)
