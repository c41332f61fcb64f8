"""A program that opens the whole corpus and tells what came of it; it runs under limits that a hang or a bomb breaks.

Prints a line of JSON for each case: its name, `opened`, `refused` with the line that says why, or `crashed`.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Callable, Iterator

from mettagrid.replay import Replay
from mettascope.archive.opening import unpack_episode
from mettascope.archive.unpack import unpack_archive
from mettascope.branches import Branches
from mettascope.columns import zeros
from mettascope.frames import unpack_chunk
from mettascope.viewer import Viewer
from mettascope.visitor import Visitor
from tests.mettagrid.movies.episodes import REPLAY
from tests.mettascope.hostile import files
from tests.mettascope.hostile.messages import messages

CPU_SECONDS = 120
MEGABYTES = 900
"""How much larger the program may get than it was before the first case."""


def open_file(data: bytes) -> None:
    """As the server does, with all that the page asks first."""
    episode = unpack_episode(data, "file")
    if isinstance(episode, Replay):
        branch = Branches().open(episode, "file")
        branch.describe()
        branch.key_frame(branch.first_tick)
        branch.chunk(branch.first_tick, 50)
        branch.survey(branch.first_tick)
        branch.key_frame(branch.last_tick)
        branch.key_frame(branch.first_tick)  # from the snapshot


def open_chunk(data: bytes) -> None:
    """As readers of archives do."""
    archive = unpack_archive(files.whole_archive(), "whole")
    unpack_chunk(data, zeros(archive.columns))


class Line:
    """A websocket of a page that nobody looks at."""

    async def send_text(self, text: str) -> None:
        """Sends nothing."""

    async def send_bytes(self, data: bytes) -> None:
        """Sends nothing."""


class Server:
    """A visitor with the control token: a recording is branch 1, and a world that somebody plays is branch 2."""

    def __init__(self) -> None:
        self._branches = Branches()
        self._branches.open(REPLAY, "recorded")
        self._branches.begin(REPLAY.origin.game, "mock://noop", 1, "played")
        viewer = Viewer(self._branches)
        self._visitor = Visitor(Line(), viewer, may_control=True)
        self._said: list[str | bytes] = []
        self._visitor.post = self._said.append  # what it would send
        viewer.join(self._visitor)

    def answer(self, text: str) -> None:
        """Raises the line that the page is told."""
        self._said.clear()
        asyncio.run(self._visitor._answer(text))
        told = (json.loads(message) for message in self._said if isinstance(message, str))
        errors = [news["text"] for news in told if news["say"] == "error"]
        if errors:
            raise ValueError(errors[0])

    def check(self) -> None:
        """Nothing may have changed."""
        state = [(branch.number, branch.last_tick, branch.is_live) for branch in self._branches]
        assert state == [(1, 59, False), (2, 0, True)], state
        assert self._branches[2].state()["hands"] == []
        raise ValueError("nothing has changed")


def cases() -> Iterator[tuple[str, Callable[[], object]]]:
    """Every case with what opens it."""
    for kind in (files.replays, files.archives, files.originals):
        for what, data in kind():
            yield f"{kind.__name__}: {what}", lambda data=data: open_file(data)
    for what, data in files.chunks():
        yield f"chunks: {what}", lambda data=data: open_chunk(data)
    server = Server()
    for text in messages():
        yield f"messages: {text[:80]}", lambda text=text: server.answer(text)
    yield "messages: all of them", server.check


def outcome(open_it: Callable[[], object]) -> dict[str, str]:
    """What became of a case."""
    try:
        open_it()
    except ValueError as error:
        return {"outcome": "refused", "line": str(error)}
    except Exception as error:  # whatever it is, the test tells it
        return {"outcome": "crashed", "line": f"{type(error).__name__}: {error}"[:500]}
    return {"outcome": "opened", "line": ""}


def main() -> None:
    """Runs all cases."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for whole in (files.whole_replay(), files.whole_archive()):
        open_file(whole)  # what it loads once is no case's fault
    Server()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, open_it in cases():
        print(
            json.dumps({"name": name}), file=sys.stderr, flush=True
        )  # the last one is the one that killed it
        told = outcome(open_it)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(json.dumps({"name": name, "grown": grown, **told}), flush=True)


if __name__ == "__main__":
    main()
