"""Hostile messages over the websocket, as a page with the control token could send them."""

import json
from collections.abc import Iterator

from tests.mettascope.hostile.files import DEEP, LONG_NUMBER, MARKUP


def messages() -> Iterator[str]:
    """Each must be answered with one line, and nothing more may happen."""
    yield from (
        "",
        " ",
        "{",
        "null",
        "[]",
        "1",
        '"watch"',
        "{}",
        DEEP,
        '{"do":' * 10_000,
        "\x00",
        LONG_NUMBER,
    )
    for content in _CONTENTS:
        yield json.dumps(content)
    yield f'{{"do":"watch","branch":{LONG_NUMBER}}}'
    yield '{"do":"watch","branch":NaN}'
    yield '{"do":"run","branch":1,"speed":1e999}'
    yield '{"do":"run","branch":1,"speed":NaN}'
    yield '{"do":"watch","branch":"\\ud800"}'


_CONTENTS = [
    {"do": MARKUP, "branch": 1},
    {"do": "watch"},
    {"do": "watch", "branch": -1},
    {"do": "watch", "branch": 77},
    {"do": "watch", "branch": 1.5},
    {"do": "watch", "branch": "1"},
    {"do": "watch", "branch": True},
    {"do": "watch", "branch": 1, "more": 1},
    {"do": "frame", "branch": 1, "tick": -1},
    {"do": "frame", "branch": 1, "tick": 2**31},
    {"do": "frame", "branch": 1, "tick": 10**6},
    {"do": "chunk", "branch": 1, "first": 10**6, "count": 50},
    {"do": "chunk", "branch": 1, "first": 0, "count": 10**9},
    {"do": "chunk", "branch": 1, "first": 0, "count": 0},
    {"do": "survey", "branch": 1, "first": 10**6},
    {"do": "mind", "branch": 2, "agent": 4, "tick": 0},
    {"do": "mind", "branch": 1, "agent": -1, "tick": 0},
    {"do": "run", "branch": 1, "speed": 1},
    {"do": "run", "branch": 2, "speed": 0},
    {"do": "step", "branch": 1, "count": 1},
    {"do": "step", "branch": 2, "count": 10**9},
    {"do": "take", "branch": 2, "agent": 4},
    {"do": "take", "branch": 1, "agent": 0},
    {"do": "release", "branch": 77, "agent": 0},
    {"do": "act", "branch": 2, "agent": 0, "action": 0},
    {"do": "act", "branch": 2, "agent": 0, "action": 10**9},
    {"do": "seat", "branch": 2, "policy_uri": "mock://" + MARKUP, "agents": [0]},
    {"do": "seat", "branch": 2, "policy_uri": "x" * 5000, "agents": [0]},
    {"do": "seat", "branch": 2, "policy_uri": "mock://noop", "agents": [9]},
    {"do": "seat", "branch": 2, "policy_uri": "/etc/passwd", "agents": [0]},
    {"do": "copy_memory", "branch": 2, "agent": 0, "source": 99},
    {"do": "clear_memory", "branch": 1, "agent": 0},
    {"do": "fork", "branch": 1, "tick": 10**6},
    {"do": "fork", "branch": 1, "tick": 0, "hands": [99]},
    {"do": "fork", "branch": 1, "tick": 0, "changes": {"map.file": "/etc/passwd"}},
    {"do": "fork", "branch": 1, "tick": 0, "changes": {"num_agents": 10**9}},
    {"do": "fork", "branch": 1, "tick": 0, "changes": {"__class__": 1}},
    {"do": "fork", "branch": 1, "tick": 0, "changes": {"view.num_tokens": "x"}},
    {"do": "fork", "branch": 1, "tick": 0, "changes": {str(i): i for i in range(1000)}},
    {"do": "fork", "branch": 1, "tick": 0, "policy_uri": "../../../etc/passwd"},
    {"do": "restart", "branch": 77, "seed": 1},
    {"do": "restart", "branch": 2, "seed": -1},
    {"do": "close", "branch": 77},
]
