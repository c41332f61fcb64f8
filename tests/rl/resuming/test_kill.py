"""SIGKILL at twenty random moments: no unreadable folder, nothing lost beyond one checkpoint interval."""

import subprocess
import sys
from pathlib import Path


def test_killed_twenty_times_and_resumed_the_run_is_the_same(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "tests.rl.resuming.killed_run", str(tmp_path)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
