"""Record an episode: a policy plays one world and the actions are noted down."""

from metta.policy.policy import Policy
from metta.rollout import Rollout, Seat
from metta.sim.simulate import map_seed
from mettagrid.config.game import GameConfig
from mettagrid.replay import Origin, Replay, ReplayRecorder


def record_episode(
    game: GameConfig, policy: Policy, seed: int = 0, device: str = "cpu", name: str = ""
) -> Replay:
    """Plays one episode and returns it.

    Args:
        game: what is played.
        policy: plays all agents.
        seed: of the world, its map and the choices; the same seed gives the same replay.
        device: where the policy runs.
        name: of the policy, for people who look at the replay.
    """
    origin = Origin(game, seed, map_seed=map_seed(seed), policy=name)
    env = origin.start()
    rollout = Rollout(env, [Seat(policy.to(device).eval())], device, seed=seed)
    rollout.reset(seed)
    recorder = ReplayRecorder(env, origin)
    while not recorder.is_finished:
        rollout.step()
        recorder.record(env.actions)
    return recorder.replay()
