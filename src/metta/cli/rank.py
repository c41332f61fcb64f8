"""`python -m metta.cli.rank`: one of several processes that train together; `metta.rl.ranks.launcher` starts it.

Reads its tool from the first line of standard input and stops, saved, when the rest of it ends: its parent is gone.
"""

import os
import signal
import sys
import threading

from metta.cli.main import guarded
from metta.common.errors import EXIT_OK


def run() -> int:
    """Run the tool and return its exit code."""
    from metta.rl.ranks import LostRanksError  # noqa: PLC0415  (PyTorch: errors of importing it are told, too)
    from metta.rl.ranks.launcher import EXIT_LOST  # noqa: PLC0415
    from metta.tools.packed import unpack_tool  # noqa: PLC0415

    tool = unpack_tool(sys.stdin.readline())
    threading.Thread(target=_watch_parent, daemon=True).start()
    try:
        return tool.invoke() or EXIT_OK
    except LostRanksError as error:
        if os.environ.get("RANK") != "0":  # whose words everybody sees
            print(f"metta: {error}", file=sys.stderr)
        return EXIT_LOST  # the launcher says which one, or, if none failed by itself, what is said here


def _watch_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(guarded(run))
