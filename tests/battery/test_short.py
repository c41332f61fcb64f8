"""The short form of the battery: ten kills and some of everything else. `tools/battery all` is the long one."""

import subprocess
import sys
from pathlib import Path

from tests.battery.__main__ import SHORT


def test_what_is_promised_holds_when_runs_are_broken() -> None:
    command = [sys.executable, "-m", "tests.battery", "short"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == list(SHORT)
