"""New maps for a batch while it is stepped: another process builds them, so that no step waits as long as it keeps up.

Pool g of a batch is a function of (game, map seed, g), and a batch goes over to it at a step that only its settings
decide. So results do not depend on the speed of the builder; if it is late, the step waits for it.
"""

import contextlib
import struct
import subprocess
import sys
import threading
import weakref
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from mettagrid.config.game import GameConfig

HEADER = struct.Struct("<q3q")
"""Before each pool in the pipe: its number, and how many maps, rows and columns it has (int32 cells follow)."""


def pool_seed(map_seed: int, pool: int) -> int:
    """The seed of the maps of a pool; pool 0 has the batch's own."""
    if pool == 0:
        return map_seed
    return int(np.random.SeedSequence([map_seed % 2**64, pool]).generate_state(1, np.uint64)[0] >> 1)


class MapRenewal:
    """Says after which steps a batch gets new maps, and has them ready.

    Args:
        game: whose maps.
        num_maps: in a pool.
        map_seed: of the batch.
        period: steps between two pools, at least 1.

    Raises:
        ValueError: the period is below 1.
    """

    def __init__(self, game: GameConfig, num_maps: int, map_seed: int, period: int) -> None:
        if period < 1:
            raise ValueError(f"renew_maps must be at least 1, got {period}")
        self.num_steps = 0
        """Steps so far. Whoever restores a batch sets it, and the next pool follows from it."""
        self._period = period
        self._pool = 0  # the one that is in use
        command = [sys.executable, "-P", "-m", "mettagrid.map_builder"]
        self._builder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._say(f"{num_maps} {map_seed}\n{game.model_dump_json()}\n")
        self._pools: SimpleQueue[tuple[int, NDArray[np.int32]] | None] = SimpleQueue()
        reader = threading.Thread(target=_receive, args=(self._builder, self._pools), daemon=True)
        reader.start()
        self._end = weakref.finalize(self, _stop, self._builder, reader)
        self._ask(1)

    def after_step(self) -> NDArray[np.int32] | None:
        """Counts a step that begins; returns new maps [num_maps, height, width] if it is to begin with them.

        Raises:
            RuntimeError: the process that builds maps has ended.
        """
        pool = self.num_steps // self._period
        self.num_steps += 1
        if pool == self._pool:
            return None
        maps = self._take(pool)
        self._pool = pool
        self._ask(pool + 1)
        return maps

    def close(self) -> None:
        """Ends the process that builds maps."""
        self._end()

    def _take(self, pool: int) -> NDArray[np.int32]:
        if pool != self._pool + 1:  # somebody set the number of steps: what is on its way is another pool
            self._ask(pool)
        while (built := self._pools.get()) is not None:
            if built[0] == pool:
                return built[1]
        raise RuntimeError(f"the process that builds maps ended with {self._builder.wait()}")

    def _ask(self, pool: int) -> None:
        self._say(f"{pool}\n")

    def _say(self, text: str) -> None:
        assert self._builder.stdin is not None
        try:
            self._builder.stdin.write(text.encode())
            self._builder.stdin.flush()
        except (BrokenPipeError, ValueError):  # ValueError: the pipe is closed on our side
            raise RuntimeError(f"the process that builds maps ended with {self._builder.wait()}") from None


def _receive(
    builder: "subprocess.Popen[bytes]", pools: SimpleQueue[tuple[int, NDArray[np.int32]] | None]
) -> None:
    """Reads pools as they come, so that the builder never waits for a step; None when it has ended."""
    assert builder.stdout is not None
    with builder.stdout as pipe:
        while len(head := pipe.read(HEADER.size)) == HEADER.size:
            pool, *shape = HEADER.unpack(head)
            num_bytes = 4 * int(np.prod(shape))
            if len(cells := pipe.read(num_bytes)) < num_bytes:
                break
            pools.put((pool, np.frombuffer(cells, np.int32).reshape(shape)))
    pools.put(None)


def _stop(builder: "subprocess.Popen[bytes]", reader: threading.Thread) -> None:
    assert builder.stdin is not None
    builder.kill()
    builder.wait()
    reader.join()
    with contextlib.suppress(BrokenPipeError):  # what it was asked last and did not read
        builder.stdin.close()
