"""Something that happens at the n-th file operation of a run's saves."""

import sys
from collections.abc import Callable
from pathlib import Path

_EVENTS = {
    "open",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.remove",
    "os.truncate",
    "os.listdir",
    "os.scandir",
}
MOST_OPERATIONS = 60
"""In a save; a number beyond lets the session live on to its next saves."""


def at_file_operation(operation: int, folder: Path, act: Callable[[], None]) -> None:
    """Call `act` at the n-th file operation in a folder from its first save on, in this process."""
    left = [operation]
    saves = [False]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _EVENTS or not str(arguments[0] if arguments else "").startswith(str(folder)):
            return
        if not saves[0]:  # the first file of a save is that of the metrics or of the checkpoint
            saves[0] = event == "open" and ".part" in str(arguments[0]) and "config" not in str(arguments[0])
        if saves[0]:
            if left[0] == 0:
                act()
            left[0] -= 1

    sys.addaudithook(hook)
