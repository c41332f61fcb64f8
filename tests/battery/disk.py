"""K3: a full disk, and folders that cannot be written: one line, exit code 4, what was saved loads and goes on.

Works in a mount namespace of its own (`unshare -m`), with a small disk in memory; the runs are nobody's, because
nothing is read-only to root. So this part needs root.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

from metta.common.errors import MachineError
from metta.rl.run_folder import RunFolder
from tests.battery.sessions import SAVED, Session, leftovers, saved_epoch, warm

DISK_BYTES = 12 << 20
NOBODY = 65534


def run(count: int, seed: int, folder: Path) -> str:
    """Fill the disk, or make it read-only, so many times."""
    words = [sys.executable, "-m", "tests.battery.disk", str(count), str(seed), str(folder)]
    done = subprocess.run(["unshare", "-m", *words], capture_output=True, text=True, check=False)
    if "unshare" in done.stderr.splitlines()[-1:]:
        raise MachineError(f"this machine gives no mount namespace: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _run_inside(count: int, seed: int, folder: Path) -> str:
    moments, disk = random.Random(seed), folder / "disk"
    disk.mkdir()
    folder.chmod(0o711)
    options = f"size={DISK_BYTES},uid={NOBODY},gid={NOBODY}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)
    run, ballast, told = RunFolder(disk, "run"), disk / "ballast", set[str]()
    for number in range(count):
        is_full = number % 2 == 0
        session = Session(run, prepare=_become_nobody)
        assert session.wait_for(SAVED, moments.randint(1, 3)), session.printed()
        _fill(ballast, moments.randrange(40_000)) if is_full else _allow_writing(run, False)
        line = _refusal(session)
        assert ("No space left" if is_full else "Permission denied") in line, line
        assert saved_epoch(run) >= session.saved > 0
        ballast.unlink() if is_full else _allow_writing(run, True)
        assert len(leftovers(run)) <= 1, leftovers(run)
        told.add(line.rpartition(": ")[2])
        for path in sorted(run.checkpoints.glob("*.mpt"), key=lambda path: path.stat().st_mtime)[:-1]:
            path.unlink()  # or twenty sessions fill the disk by themselves
    lines = ", ".join(sorted(told))
    return f"{count} times: exit code 4 and one line ({lines}), the last acknowledged state loads and goes on"


def _fill(ballast: Path, but: int) -> None:
    """Leave less room than a save needs."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, file.tell() - but))


def _refusal(session: Session) -> str:
    """Wait for the end; return the one line that it told."""
    code, printed = session.end(), session.printed()
    assert code == 4, f"ended with {code}:\n{printed}"
    line = printed.strip().splitlines()[-1]
    assert line.startswith("metta: "), printed
    assert "Traceback" not in printed, printed
    return line


def _allow_writing(run: RunFolder, is_allowed: bool) -> None:
    for path in (run.metrics, run.episodes, run.checkpoints, run.trainer_state):
        path.chmod(0o755 if is_allowed else 0o555)


def _become_nobody() -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)


if __name__ == "__main__":
    warm()
    print(_run_inside(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
    sys.stdout.flush()
    os._exit(0)
