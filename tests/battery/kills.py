"""K1: SIGKILL at random moments, half of them while the run saves: at any of its file operations, or shortly after."""

import os
import random
import signal
import time
from pathlib import Path

from metta.rl.run_folder import RunFolder
from tests.battery.file_operations import MOST_OPERATIONS, at_file_operation
from tests.battery.sessions import EPOCH, SAVED, SAVING, Prepare, Session, leftovers, saved_epoch


def run(count: int, seed: int, folder: Path) -> str:
    """Kill and resume one run so many times; what was acknowledged must be there each time."""
    moments, run = random.Random(seed), RunFolder(folder / "runs", "killed")
    acknowledged, in_saves, most_left = 0, 0, 0
    for kill in range(count):
        by_operation = kill % 2 == 1
        prepare = _die_at(moments.randrange(MOST_OPERATIONS), run.path) if by_operation else lambda: None
        session = Session(run, prepare=prepare)
        if by_operation:
            session.wait_for(SAVED, 30)
        else:
            session.wait_for(moments.choice([EPOCH, SAVING, SAVED]), moments.randint(0, 6))
            time.sleep(moments.expovariate(1 / 0.004))
        code = session.end(signal.SIGKILL if not by_operation else None)
        assert code == -signal.SIGKILL, f"kill {kill}: ended with {code}:\n{session.printed()}"
        in_saves += by_operation
        acknowledged = max(acknowledged, session.saved)
        left = saved_epoch(run)
        assert left >= acknowledged, f"kill {kill}: {acknowledged} was acknowledged, {left} is left"
        most_left = max(most_left, len(leftovers(run)))
        assert most_left <= 1, f"kill {kill}: {leftovers(run)}"
        acknowledged = left
    session = Session(run)
    assert session.wait_for(SAVED, 2), f"does not go on:\n{session.printed()}"
    assert session.end(signal.SIGTERM) == 143
    assert not leftovers(run)
    return (
        f"{count} kills, {in_saves} of them at a file operation of a save: {count} resumed, none lost, at most "
        f"{most_left} unfinished file; {saved_epoch(run)} epochs done"
    )


def _die_at(operation: int, folder: Path) -> Prepare:
    """Return what makes a process kill itself at the n-th file operation in a folder from its first save on."""
    return lambda: at_file_operation(operation, folder, lambda: os.kill(os.getpid(), signal.SIGKILL))
