"""Talks to a peer that runs in its own interpreter, one request at a time."""

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from metta.common.errors import MachineError, UserError

SCRIPT = Path(__file__).with_name("peer_mettagrid.py")
MAKE_PEER = (
    "python3.12 -m venv PEER && PEER/bin/pip install mettagrid==0.26.22, then --peer-python PEER/bin/python"
)
# Which of its two ways to write observations is faster depends on the machine, so both are measured.
SETTINGS = {"mettagrid, observation path 0": {"METTAGRID_OBS_USE_OPTIMIZED": "0"}, "mettagrid, default": {}}
_END_TIMEOUT_S = 10


class Peer:
    """A running peer, mettagrid or another, pinned to a core; idle except while it measures.

    Args:
        python: the interpreter that has it.
        environment: variables added to its environment.
        core: where it runs; -1 = anywhere.
        script: what it runs: a file that answers each line of JSON with one.
        name: what messages call it.
        make: how to make such an interpreter.

    Raises:
        UserError: the interpreter or the package in it is missing.
    """

    def __init__(
        self,
        python: str,
        environment: dict[str, str],
        core: int,
        script: Path = SCRIPT,
        name: str = "mettagrid",
        make: str = MAKE_PEER,
    ) -> None:
        self._name, self._make = name, make
        try:
            self._process = subprocess.Popen(
                [python, str(script), str(core)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**_without_ours(), **environment},
            )
        except OSError as error:
            raise UserError(f"no peer interpreter {python} ({error.strerror}); make one: {make}") from error
        self.last_answer: dict[str, Any] = {}
        self.description = self._read()

    def measure(self, seconds: float) -> float:
        """Let it step for about `seconds`; returns agent-steps per second."""
        answer = self.ask({"seconds": seconds})
        return answer["agent_steps"] / answer["seconds"]

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send it a request and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        self.last_answer = self._read()
        return self.last_answer

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=_END_TIMEOUT_S)

    def __enter__(self) -> Self:
        """Return itself; the end of the `with` block ends the peer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        _, complaint = self._process.communicate(timeout=_END_TIMEOUT_S)
        reason = (complaint.strip().splitlines() or ["it said nothing"])[-1]
        if "No module named" in reason:
            raise UserError(
                f"the peer interpreter cannot import {self._name} ({reason}); make one: {self._make}"
            )
        raise MachineError(f"the peer {self._name} ended: {reason}")


def _without_ours() -> dict[str, str]:
    """Return the environment without what would lead the peer to our packages or to other settings."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "METTAGRID_", "VIRTUAL_ENV"))
    }
