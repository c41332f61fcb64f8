"""The process that builds maps for `map_renewal.py`: `python -m mettagrid.map_builder`, spoken to through pipes.

In: a line with the number of maps and the seed, a line with the game as JSON, then a line with the number of each
pool that is wanted. Out: each pool behind its header. It ends when its input does.
"""

import signal
import sys

import numpy as np

from mettagrid.compile import build_maps
from mettagrid.config.game import GameConfig
from mettagrid.map_renewal import HEADER, pool_seed


def main() -> None:
    """Builds what is asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asks
    num_maps, map_seed = (int(word) for word in sys.stdin.readline().split())
    game = GameConfig.model_validate_json(sys.stdin.readline())
    for line in sys.stdin:
        pool = int(line)
        maps = np.ascontiguousarray(build_maps(game, num_maps, pool_seed(map_seed, pool)), np.int32)
        sys.stdout.buffer.write(HEADER.pack(pool, *maps.shape))
        sys.stdout.buffer.write(maps.tobytes())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
