"""Record a long episode and measure its files: how large they are, and how long it takes to show any tick of it.

    .venv/bin/python benchmarks/replay_seek.py --policy mock://random
    .venv/bin/python benchmarks/replay_seek.py --policy mock://scripted     # records for some minutes

A seek is what the viewer's server does when the page asks for a tick: restore a snapshot, step there, encode the whole
world. Ends with 1 if a bar is missed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from metta.policy.uri import load_policy
from metta.sim.record import record_episode
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.replay import Replay
from mettagrid.replay_file import read_replay, write_replay
from mettascope.archive import bake, pack_archive
from mettascope.branches import Branches

MAX_REPLAY_BYTES = 2_000_000
MAX_SEEK_MS = 100.0


def main() -> int:
    """Measures, prints, and returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--policy", default="mock://random")
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--ticks", type=int, default=10_000)
    parser.add_argument("--seeks", type=int, default=200)
    options = parser.parse_args()
    game = make_arena(num_agents=options.agents, max_steps=options.ticks, combat=True)
    policy = load_policy(options.policy, compile_game(game).spec, "cpu")
    recorded = record_episode(game, policy, seed=1, name=options.policy)
    with tempfile.TemporaryDirectory() as folder:
        path = write_replay(Path(folder) / "episode.replay", recorded)
        size, replay = path.stat().st_size, read_replay(path)
    seeks = np.quantile(_seek_ms(replay, options.seeks), [0.5, 0.99, 1.0])
    print(f"{options.policy}: {options.agents} agents, {replay.num_ticks} ticks")
    print(
        f"replay file {size / 1e6:.2f} MB; seek p50 {seeks[0]:.1f} ms, p99 {seeks[1]:.1f}, longest {seeks[2]:.1f}"
    )
    began = time.perf_counter()
    packed = len(pack_archive(bake(replay)))
    print(f"archive {packed / 1e6:.2f} MB, made in {time.perf_counter() - began:.1f} s")
    return int(size > MAX_REPLAY_BYTES or seeks[1] > MAX_SEEK_MS)


def _seek_ms(replay: Replay, count: int) -> list[float]:
    branch = Branches().open(replay, "episode")
    branch.key_frame(0)
    times = []
    for tick in np.random.default_rng(1).integers(0, replay.last_tick + 1, count):
        began = time.perf_counter()
        branch.key_frame(int(tick))
        times.append(1000 * (time.perf_counter() - began))
    return times


if __name__ == "__main__":
    sys.exit(main())
