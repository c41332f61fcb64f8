"""check_env: sound games pass; every kind of fault is found and named in one line."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mettagrid
from mettagrid import env_checker
from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.env_checker import check_env
from tests.mettagrid.small_games import let_agents_leave, walking_game

NAMES = [
    "reset determinism",
    "step determinism",
    "data",
    "masks",
    "end of episodes",
    "gymnasium",
    "pettingzoo",
]


@pytest.mark.parametrize("num_agents", [1, 4])
def test_a_sound_game_passes(num_agents: int):
    assert mettagrid.check_env(walking_game(num_agents)) == NAMES


def test_a_game_where_agents_die_passes(monkeypatch: pytest.MonkeyPatch):
    let_agents_leave(monkeypatch)
    assert check_env(walking_game(), seed=5) == NAMES


@pytest.mark.parametrize("combat", [True, False])
def test_the_arena_passes(combat: bool):
    assert check_env(make_arena(num_agents=6, combat=combat), num_steps=40, seed=-1) == NAMES


def test_a_game_that_contradicts_itself_is_one_line():
    game = walking_game()
    game.rules[0].target = "lava"
    with pytest.raises(ValueError, match="lava") as error:
        check_env(game)
    assert "\n" not in str(error.value)


def test_dropped_tokens_are_a_warning():
    with pytest.warns(UserWarning, match="tokens did not fit into observations; raise view.num_tokens"):
        check_env(walking_game(num_tokens=6))


def test_too_short_a_trial_is_refused():
    with pytest.raises(ValueError, match="num_steps is 1, needs at least 2"):
        check_env(walking_game(), num_steps=1)


def after_steps(monkeypatch: pytest.MonkeyPatch, break_it: Callable[[BatchEnv], Any]) -> None:
    """From now on every step of every batch ends with `break_it`."""

    class BrokenEnv(BatchEnv):
        def step(self, actions: np.ndarray | None = None) -> Any:
            result = super().step(actions)
            break_it(self)
            return result

    monkeypatch.setattr(env_checker, "BatchEnv", BrokenEnv)


def set_row(name: str, index: Any, value: Any) -> Callable[[BatchEnv], None]:
    def break_it(env: BatchEnv) -> None:
        getattr(env, name)[index] = value

    return break_it


@pytest.mark.parametrize(
    ("break_it", "complaint"),
    [
        (set_row("rewards", 0, np.nan), "data: a reward is not finite"),
        (set_row("observations", (0, -1), (0, 1, 1)), "data: a used token stands behind an unused one"),
        (set_row("observations", (0, -1, 2), 7), "data: an unused token is not 255, 255, 255"),
        (set_row("observations", (0, 0, 1), 200), "data: a token has feature 200, the game has 14"),
        (set_row("observations", (0, 0, 0), 0x99), "data: a token lies outside the view"),
        (set_row("action_mask", (slice(None), 0), False), "masks: noop is forbidden after 1 steps"),
        (lambda env: env.truncated.fill(False), "end of episodes: an agent's episode ended without"),
        (
            lambda env: env.episode_ended.fill(False),
            "end of episodes: the episode goes on after max_steps=20",
        ),
        (
            lambda env: env.episode_length.fill(3),
            "end of episodes: an episode of 20 steps has episode_length 3",
        ),
        (
            lambda env: env.rewards.__setitem__(0, np.random.default_rng().random()),
            "step determinism: rewards differ after 1 steps with the same actions",
        ),
    ],
)
def test_faults_are_found(
    break_it: Callable[[BatchEnv], Any], complaint: str, monkeypatch: pytest.MonkeyPatch
):
    after_steps(monkeypatch, break_it)
    with pytest.raises(ValueError, match="checks failed") as error:
        check_env(walking_game())
    lines = str(error.value).splitlines()
    assert lines[0].startswith("game 'walking': ")
    assert any(line.startswith(complaint) for line in lines[1:]), lines


def test_a_forbidden_action_that_works_is_found(monkeypatch: pytest.MonkeyPatch):
    def show_another_mask(env: BatchEnv) -> None:
        env.action_mask = np.zeros_like(env.action_mask)  # the core goes by its own array
        env.action_mask[:, 0] = True

    after_steps(monkeypatch, show_another_mask)
    with pytest.raises(ValueError, match="masks: a forbidden action changed"):
        check_env(walking_game())


def test_complaints_of_the_official_checks_are_passed_on(monkeypatch: pytest.MonkeyPatch):
    def complain(*_: Any, **__: Any) -> None:
        raise AssertionError("something official\nand more of it")

    monkeypatch.setattr(env_checker, "parallel_api_test", complain)
    monkeypatch.setattr(env_checker, "check_gymnasium_env", complain)
    with pytest.raises(ValueError, match="2 of 7 checks failed") as error:
        check_env(walking_game())
    assert str(error.value).splitlines()[1:] == [
        "gymnasium: AssertionError something official",
        "pettingzoo: AssertionError something official",
    ]
