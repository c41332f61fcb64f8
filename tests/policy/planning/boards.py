"""Small worlds for planners, and the slow obvious search through the simulator itself."""

from collections import deque

import numpy as np

from metta.policy.scripted.planner import read_world
from metta.policy.scripted.planning import Rulebook, State
from metta.policy.uri import load_policy
from metta.rollout import Rollout, Seat, run_episodes
from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig

HEARTS = "heart.gained"


def fewest_steps(game: GameConfig, hearts: int, most: int) -> int | None:
    """Steps to so many hearts, by trying every action in every state that the simulator reaches; None beyond `most`."""
    env = BatchEnv(game, num_maps=1)
    env.reset(0)
    return fewest_steps_from(env, hearts, most)


def fewest_steps_from(env: BatchEnv, hearts: int, most: int) -> int | None:
    """The same from where a world is; the world is afterwards as it was."""
    rules, begin = Rulebook(env.game), env.snapshot(0)

    def look() -> State:
        return read_world(rules, env.spec, env.world(0), 0)[1]

    heart, found = rules.own.index("heart"), None
    waiting, seen = deque([(0, begin)]), {look()}
    while waiting and found is None:
        steps, snapshot = waiting.popleft()
        for action in range(len(env.spec.action_names)):
            env.restore(0, snapshot)
            env.step(np.array([action], np.int32))
            state = look()
            if state in seen:
                continue
            if state.own[heart] >= hearts:
                found = steps + 1
                break
            seen.add(state)
            if steps + 1 < most:
                waiting.append((steps + 1, env.snapshot(0)))
    env.restore(0, begin)
    return found


def hearts_of(policy_uri: str, game: GameConfig, num_worlds: int = 1, map_seed: int = 0) -> list[int]:
    """Hearts that each agent gets in the first episode of each world."""
    env = BatchEnv(game, num_worlds=num_worlds, map_seed=map_seed)
    rollout = Rollout(env, [Seat(load_policy(policy_uri, env.spec))])
    records = sorted(run_episodes(rollout, 1, 0), key=lambda record: record.world)
    heart = env.spec.stat_names.index(HEARTS)
    return [int(hearts) for record in records for hearts in record.stats[:, heart]]
