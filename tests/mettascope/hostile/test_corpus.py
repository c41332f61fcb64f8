"""A corpus of broken and hostile files and messages: each is one line, never a crash, a hang or a full memory.

It runs in a program of its own under a limit of computing time, so that a hang ends and a crash does not end the tests.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mettascope.hostile.run import MEGABYTES

ROOT = Path(__file__).parents[3]
# What may well be opened: a bit that nobody reads or that only changes a number, and what is odd but harmless.
_HARMLESS = (
    r": bit \d of byte \d+$",
    r"^\w+: bytes before it and after$",
    r"^chunks: cut to 0$",
    r"^replays: header: game\.(name|statistics|spare_objects = 60000)",
    r"^archives: header: world\.last_tick = 58$",
    r"^originals: (objects = \[\{\}\]|type_id_of_nobody)",
)


@pytest.fixture(scope="module")
def outcomes():
    command = [sys.executable, "-m", "tests.mettascope.hostile.run"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    last = ran.stderr.splitlines()[-1:]
    assert ran.returncode == 0, f"it ended with {ran.returncode} in {last}"
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_the_corpus_has_many_cases_of_each_kind(outcomes):
    kinds = [told["name"].split(":")[0] for told in outcomes]
    assert len(outcomes) >= 200
    assert all(kinds.count(kind) >= 30 for kind in ("replays", "archives", "originals", "chunks", "messages"))


def test_nothing_crashes(outcomes):
    assert [told for told in outcomes if told["outcome"] == "crashed"] == []


def test_what_is_broken_is_refused(outcomes):
    opened = [told["name"] for told in outcomes if told["outcome"] == "opened"]
    assert [name for name in opened if not any(re.search(pattern, name) for pattern in _HARMLESS)] == []


def test_every_refusal_is_one_line_that_cannot_steer_a_terminal(outcomes):
    lines = [told["line"] for told in outcomes if told["outcome"] == "refused"]
    assert [line for line in lines if not line.isprintable() or not 5 <= len(line) <= 1000] == []


def test_nothing_fills_the_memory(outcomes):
    assert max(told["grown"] for told in outcomes) < MEGABYTES
