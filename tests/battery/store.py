"""K4: the store dies while checkpoints are copied, is busy, breaks lines: nothing torn, and training goes on."""

import os
import random
import signal
import time
from pathlib import Path

from metta.policy.checkpoint import read_checkpoint
from metta.policy.stores.s3 import S3Store
from metta.rl.run_folder import RunFolder
from tests.battery.sessions import EPOCH, SAVED, Session
from tests.policy.stores.servers import KEYS, Line, MotoServer

BUSY = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SETTINGS = [
    "channels=64",
    "hidden=1024",
    "checkpointer.remote_prefix=s3://bucket/runs",
    "checkpointer.remote_wait_s=60",
]


def run(count: int, seed: int, folder: Path) -> str:
    """Kill the server mid-upload so many times in one run; its lines break and it is busy in between."""
    moments = random.Random(seed)
    server = MotoServer()
    line = Line(server.port)
    environment = {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{line.port}", "XDG_CACHE_HOME": str(folder)}
    os.environ.update(environment)
    run, seen = RunFolder(folder / "runs", "run"), 0
    session = Session(run, SETTINGS)
    os.environ["AWS_ENDPOINT_URL"] = server.url  # whoever looks at the store does so by a line that holds
    try:
        for _ in range(count):
            _wait_for_copies(session, line, moments.randrange(1, 6_000_000))  # an upload has parts of 5 MiB
            seen += _whole_checkpoints(folder)
            server.kill()
            assert session.wait_for(EPOCH, 3), f"training stopped:\n{session.printed()}"
            server.start()
            line.answer = BUSY if moments.random() < 0.5 else None
            assert session.wait_for(SAVED), session.printed()
            line.answer = None
            cut = moments.randrange(1, 20_000_000)
            line.sent, line.rule = 0, lambda number, sent, cut=cut: not cut <= sent < cut + 2_000_000
            assert session.wait_for(SAVED), session.printed()
            seen += _whole_checkpoints(folder)
            line.rule = lambda number, sent: True
        assert seen >= count, f"only {seen} checkpoints were looked at"
        line.rule = lambda number, sent: True
        code = session.end(signal.SIGTERM, 120)
        assert code == 143, session.printed()
        assert "Traceback" not in session.printed(), session.printed()
        assert "are not all copied" not in session.printed(), session.printed()
        local = {path.name: path.stat().st_size for path in run.checkpoints.glob("*.mpt")}
        there = S3Store("bucket").sizes("runs/run/checkpoints")
        assert there == local, f"{len(there)} of {len(local)} checkpoints arrived"
        told = session.printed().count("training goes on")
    finally:
        server.kill()
        line.close()
    return (
        f"{count} kills of the server: {seen} checkpoints looked at in between, none torn; {session.epochs} epochs "
        f"trained, {told} outages told in a line each; at the end all {len(local)} checkpoints were in the store"
    )


def _wait_for_copies(session: Session, line: Line, num_bytes: int) -> None:
    """Wait until the store has a checkpoint and so many bytes of others are on their way."""
    store = S3Store("bucket")
    while not store.sizes("runs/run/checkpoints"):
        assert session.wait_for(SAVED), session.printed()  # with which copying is tried again
    line.sent, before = 0, time.monotonic()
    while line.sent < num_bytes and time.monotonic() < before + 20:
        assert session.wait_for(EPOCH), session.printed()


def _whole_checkpoints(folder: Path) -> int:
    """Read what others would see now; return how many checkpoints there are."""
    store = S3Store("bucket")
    names = store.sizes("runs/run/checkpoints")
    for name in names:
        copy = store.fetch(f"runs/run/checkpoints/{name}")
        assert copy is not None
        read_checkpoint(copy)
    return len(names)
