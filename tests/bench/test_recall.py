import numpy as np
import pytest

from metta.bench.recall import RIGHT, WRONG, make_recall, recall_score
from metta.policy.architectures.agent import AgentConfig
from metta.policy.configs.encoders import PlanesConfig
from mettagrid import BatchEnv

DELAY, CUES = 5, 3


def play(remember: bool, steps: int = 400) -> tuple[int, int, set[int], set[int]]:
    """Answer with the cue that was shown last, or always with 1; return right, wrong, delays and cues seen."""
    env = BatchEnv(make_recall(DELAY, CUES, max_steps=steps), num_worlds=8)
    observations = env.reset(seed=0)
    names = env.spec.feature_names
    cue_ids = {names.index(f"own:cue_{cue}"): cue for cue in range(1, CUES + 1)}
    asked_id = names.index("own:asked")
    first = env.spec.action_names.index("answer_1")
    cue, shown_at = np.ones(8, dtype=int), np.zeros(8, dtype=int)
    delays, cues = set(), set()
    for t in range(steps):
        actions = np.zeros(8, dtype=np.int32)
        for row in range(8):
            seen = {int(f): int(v) for w, f, v in observations[row] if w == 254}
            shown = [cue_ids[feature] for feature, value in seen.items() if value and feature in cue_ids]
            if shown:
                (cue[row],), shown_at[row] = shown, t
                cues.add(cue[row])
            asked = bool(seen.get(asked_id))
            assert env.action_mask[row, first] == asked  # before that, nothing can be answered
            if asked:
                actions[row] = first + (cue[row] - 1 if remember else 0)
                delays.add(t - shown_at[row])
        observations, *_ = env.step(actions)
    stats = env.episode_stats.sum(0)
    return stats[env.spec.stat_names.index(RIGHT)], stats[env.spec.stat_names.index(WRONG)], delays, cues


def test_who_remembers_is_always_right() -> None:
    right, wrong, delays, cues = play(remember=True)
    assert right > 200
    assert wrong == 0
    assert delays == {DELAY}
    assert cues == {1, 2, 3}


def test_who_guesses_is_right_by_chance() -> None:
    right, wrong, _, _ = play(remember=False)
    assert right / (right + wrong) == pytest.approx(1 / CUES, abs=0.08)


def test_a_core_is_scored() -> None:
    small = AgentConfig(hidden=8, encoder=PlanesConfig(channels=2))
    assert 0.0 < recall_score(small, num_agent_steps=70_000, delay=3) <= 1.0
