"""K6: SIGTERM and SIGINT at random moments, while the command starts, too: saved, and gone within ten seconds."""

import random
import signal
import time
from pathlib import Path

from metta.rl.run_folder import RunFolder
from tests.battery.sessions import EPOCH, SAVED, SAVING, Session, leftovers, saved_epoch

PATIENCE_S = 10.0
_CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}


def run(count: int, seed: int, folder: Path) -> str:
    """Stop one run so many times; every epoch that it finished must be saved."""
    moments, run, longest = random.Random(seed), RunFolder(folder / "runs", "stopped"), 0.0
    before = 0
    for stop in range(count):
        number = (signal.SIGTERM, signal.SIGINT)[stop % 2]
        session = Session(run)
        kind, reports = moments.choice([EPOCH, SAVING, SAVED]), moments.randint(0, 8)
        session.wait_for(kind, reports)
        time.sleep(
            moments.uniform(0.0, 0.3 if reports == 0 else 0.02)
        )  # before the first epoch: while it builds
        asked_at = time.monotonic()
        code = session.end(number, PATIENCE_S)
        longest = max(longest, time.monotonic() - asked_at)
        assert code == _CODES[number], (
            f"stop {stop} by {number.name}: ended with {code}:\n{session.printed()}"
        )
        saved = saved_epoch(run)
        assert saved >= max(before, session.epochs), (
            f"stop {stop}: {session.epochs} epochs, {saved} are saved"
        )
        assert not leftovers(run), f"stop {stop}: {leftovers(run)}"
        before = saved
    return (
        f"{count} signals: each saved all epochs and ended with its code, after at most {longest:.1f} s; "
        f"{before} epochs"
    )
