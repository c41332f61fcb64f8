"""check_env: is a game of one's own sound? Plays it, checks all contracts, runs the official checks."""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator

import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env as check_gymnasium_env
from numpy.typing import NDArray
from pettingzoo.test import parallel_api_test, parallel_seed_test

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.pettingzoo_env import PettingZooEnv
from mettagrid.registration import register_environments

_GLOBAL, _UNUSED = 254, 255
_OFFICIAL_ERRORS = (
    AssertionError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    gymnasium.error.Error,
    Warning,
)


def check_env(game: GameConfig, num_steps: int = 100, seed: int = 0) -> list[str]:
    """Play a game with random actions and check what its environments promise.

    Checked: the game compiles; equal seeds give equal worlds and equal actions keep them equal; shapes,
    dtypes and values of all arrays; the first tokens are the used ones and name features that exist; masks,
    and that a forbidden action is the same as `noop`; episodes end in time, with a last observation; then,
    with warnings as errors, `gymnasium.utils.env_checker.check_env`, `pettingzoo.test.parallel_api_test` and
    `parallel_seed_test`.

    Args:
        game: the game; episodes are played up to `num_steps` even if they are longer.
        num_steps: length of the trials, at least 2.
        seed: of worlds and actions.

    Returns:
        The names of the checks, all of which passed.

    Raises:
        ValueError: checks failed; one line for each. The game cannot be: one line.

    Warns:
        UserWarning: observations were too short and tokens were dropped.
    """
    if num_steps < 2:
        raise ValueError(f"num_steps is {num_steps}, needs at least 2")
    short = game.model_copy(update={"max_steps": min(game.max_steps, num_steps)})
    BatchEnv(short, num_maps=1)  # a game that cannot be is an error of its own, not a failed check
    problems = {name: check(short, seed) for name, check in _CHECKS.items()}
    failed = [f"{name}: {problem}" for name, problem in problems.items() if problem is not None]
    if failed:
        raise ValueError(
            "\n".join([f"game {game.name!r}: {len(failed)} of {len(problems)} checks failed", *failed])
        )
    return list(problems)


def _check_reset_determinism(game: GameConfig, seed: int) -> str | None:
    """Equal seeds, equal worlds; a reset leaves nothing of the steps before it."""
    fresh, used = BatchEnv(game, num_worlds=2), BatchEnv(game, num_worlds=2)
    used.reset(seed + 1)
    for actions in _random_actions(used, seed, game.max_steps // 2):
        used.step(actions)
    fresh.reset(seed)
    used.reset(seed)
    return _first_difference(fresh, used, "after reset with the same seed")


def _check_step_determinism(game: GameConfig, seed: int) -> str | None:
    """Equal seeds and actions, equal worlds, whatever the number of threads."""
    one, two = BatchEnv(game, num_worlds=3), BatchEnv(game, num_worlds=3, num_threads=2)
    one.reset(seed)
    two.reset(seed)
    for tick, actions in enumerate(_random_actions(one, seed, game.max_steps + 1), start=1):
        one.step(actions)
        two.step(actions)
        problem = _first_difference(one, two, f"after {tick} steps with the same actions")
        if problem is not None:
            return problem
    return None


def _check_data(game: GameConfig, seed: int) -> str | None:
    """Arrays are what they are said to be, after reset and after every step."""
    env = BatchEnv(game, num_worlds=2)
    env.reset(seed)
    problem = _bad_data(env)
    for actions in _random_actions(env, seed, game.max_steps + 1):
        env.step(actions)
        problem = problem or _bad_data(env)
    dropped = int(env.tokens_dropped.sum())
    if dropped:
        message = f"game {game.name!r}: {dropped} tokens did not fit into observations; raise view.num_tokens"
        warnings.warn(message, stacklevel=4)
    return problem


def _bad_data(env: BatchEnv) -> str | None:
    shapes = {
        "observations": ((env.num_rows, env.spec.num_tokens, 3), np.uint8),
        "rewards": ((env.num_rows,), np.float32),
        "terminated": ((env.num_rows,), np.bool_),
        "truncated": ((env.num_rows,), np.bool_),
        "action_mask": ((env.num_rows, len(env.spec.action_names)), np.bool_),
    }
    for name, (shape, dtype) in shapes.items():
        array = getattr(env, name)
        if array.shape != shape or array.dtype != dtype:
            return f"{name} is {array.dtype} {array.shape}, needs {np.dtype(dtype)} {shape}"
    if not np.isfinite(env.rewards).all():
        return "a reward is not finite"
    if (env.terminated & env.truncated).any():
        return "an agent is both terminated and truncated"
    return _bad_tokens(env)


def _bad_tokens(env: BatchEnv) -> str | None:
    where, feature = env.observations[..., 0], env.observations[..., 1]
    used = where != _UNUSED
    if (used[:, 1:] & ~used[:, :-1]).any():
        return "a used token stands behind an unused one"
    if (env.observations[~used] != _UNUSED).any():
        return "an unused token is not 255, 255, 255"
    if used.any() and feature[used].max() >= len(env.spec.feature_names):
        return f"a token has feature {feature[used].max()}, the game has {len(env.spec.feature_names)}"
    in_view = used & (where != _GLOBAL)
    if (in_view & ((where >> 4 >= env.spec.view_height) | (where & 15 >= env.spec.view_width))).any():
        return "a token lies outside the view"
    if used[~env.alive].any():
        return "an agent that is not in the world sees something"
    return None


def _check_masks(game: GameConfig, seed: int) -> str | None:
    """`noop` is always possible, and an agent that tries what its mask forbids does nothing."""
    env = BatchEnv(game, num_worlds=2)
    env.reset(seed, streams=np.zeros(2, dtype=np.int64))
    half = env.num_agents
    for tick, actions in enumerate(_random_actions(env, seed, game.max_steps - 1), start=1):
        if not env.action_mask[:, 0].all():
            return f"noop is forbidden after {tick - 1} steps"
        actions[half:] = actions[:half]
        forbidden = ~env.action_mask[np.arange(half), actions[:half]]
        actions[half:][forbidden] = 0
        env.step(actions)
        problem = _first_change(env)
        if problem is not None:
            return f"a forbidden action changed {problem} in step {tick}"
    return None


def _first_change(env: BatchEnv) -> str | None:
    """What differs between world 0 and world 1 besides statistics, which count what failed."""
    one, two = env.world(0), env.world(1)
    for name in ("kinds", "cells", "variables", "profiles", "rewards", "last_actions"):
        if not np.array_equal(getattr(one, name), getattr(two, name)):
            return name
    observations = env.observations.reshape(2, -1)
    return None if np.array_equal(observations[0], observations[1]) else "observations"


def _check_episode_end(game: GameConfig, seed: int) -> str | None:
    """Episodes end by `max_steps` at the latest, all agents with a flag, and the next one begins."""
    env = BatchEnv(game)
    env.reset(seed)
    for tick, actions in enumerate(_random_actions(env, seed, game.max_steps), start=1):
        was_alive = env.alive.copy()
        env.step(actions)
        if env.episode_ended[0]:
            return _bad_end(env, was_alive, tick, game.num_starting)
    return f"the episode goes on after max_steps={game.max_steps}"


def _bad_end(env: BatchEnv, was_alive: NDArray[np.bool_], tick: int, num_starting: int) -> str | None:
    if env.episode_length[0] != tick:
        return f"an episode of {tick} steps has episode_length {env.episode_length[0]}"
    if not (env.terminated ^ env.truncated)[was_alive].all():
        return "an agent's episode ended without terminated or truncated"
    if (env.final_observations[was_alive & env.truncated, 0, 0] == _UNUSED).any() and env.spec.num_tokens > 0:
        return "an agent that lives saw nothing in its last observation"
    return None if env.alive.sum() == num_starting else "an agent is not there in the next episode"


def _check_gymnasium(game: GameConfig, seed: int) -> str | None:
    """Gymnasium's own check of the environment of agent 0."""
    register_environments()
    return _official(lambda: check_gymnasium_env(gymnasium.make("metta/game-v0", game=game).unwrapped))


_REVIVED = "agent cannot be revived once dead"


def _check_pettingzoo(game: GameConfig, seed: int) -> str | None:
    """PettingZoo's own checks of the environment of all agents."""

    def check() -> None:
        if (
            game.num_starting < game.num_agents
        ):  # PettingZoo's check expects every slot to be used in every episode
            warnings.filterwarnings("ignore", "No agents present but not all possible_agents")
        try:
            parallel_api_test(PettingZooEnv(game), num_cycles=game.max_steps)
        except AssertionError as error:
            # Slots of the dead are used again by the newborn; PettingZoo has no word for that.
            if game.num_starting == game.num_agents or not str(error).startswith(_REVIVED):
                raise
        parallel_seed_test(lambda: PettingZooEnv(game), num_cycles=game.max_steps)

    return _official(check)


def _official(check: Callable[[], None]) -> str | None:
    """The first line of what an official check says about the environment, None if it says nothing."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("error")
        try:
            check()
        except _OFFICIAL_ERRORS as error:
            lines = str(error).splitlines() or [""]
            return f"{type(error).__name__} {lines[0]}"
    return None


def _random_actions(env: BatchEnv, seed: int, num_steps: int) -> Iterator[NDArray[np.int32]]:
    """Actions [N] of any kind, possible or not, for a number of steps."""
    generator = np.random.default_rng(seed % 2**64)
    for _ in range(num_steps):
        yield generator.integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32)


def _first_difference(one: BatchEnv, two: BatchEnv, when: str) -> str | None:
    for name in ("observations", "rewards", "terminated", "truncated", "action_mask"):
        if not np.array_equal(getattr(one, name), getattr(two, name)):
            return f"{name} differ {when}"
    worlds = [world for world in range(one.num_worlds) if one.hash(world) != two.hash(world)]
    return f"the hidden state of world {worlds[0]} differs {when}" if worlds else None


_CHECKS: dict[str, Callable[[GameConfig, int], str | None]] = {
    "reset determinism": _check_reset_determinism,
    "step determinism": _check_step_determinism,
    "data": _check_data,
    "masks": _check_masks,
    "end of episodes": _check_episode_end,
    "gymnasium": _check_gymnasium,
    "pettingzoo": _check_pettingzoo,
}
