"""Files as the original's writers made them, from one small course of events; written by their schema, not copied."""

import json
import zlib
from typing import Any

TYPES = ["agent", "wall", "mine.red", "altar"]
ITEMS = ["ore.red", "heart"]
ACTIONS = ["noop", "move", "attack"]
# Per step: where agent 0 is (x, y), its ore, hearts, reward and action; how long agent 1 is frozen.
COURSE = [
    {"place": (1, 1), "ore": 0, "hearts": 0, "reward": 0.0, "action": 0, "frozen": 0},
    {"place": (2, 1), "ore": 0, "hearts": 0, "reward": 0.0, "action": 1, "frozen": 0},
    {"place": (2, 1), "ore": 2, "hearts": 0, "reward": 0.1, "action": 2, "frozen": 3},
    {"place": (2, 2), "ore": 2, "hearts": 1, "reward": 1.0, "action": 1, "frozen": 2},
    {"place": (2, 2), "ore": 0, "hearts": 1, "reward": 0.0, "action": 0, "frozen": 1},
]
AGENT_1, WALL, MINE, ALTAR = (3, 1), (0, 0), (4, 2), (0, 2)
WIDTH, HEIGHT = 5, 3


def series(values: list[Any]) -> Any:
    """A constant, or `[step, value]` where it changes."""
    changes = [[step, value] for step, value in enumerate(values) if step == 0 or value != values[step - 1]]
    return changes[0][1] if len(changes) == 1 else changes


def totals() -> list[float]:
    return [sum(now["reward"] for now in COURSE[: step + 1]) for step in range(len(COURSE))]


def version_1() -> dict[str, Any]:
    def thing(number: int, kind: int, place: tuple[int, int]) -> dict[str, Any]:
        return {"id": number, "type": kind, "c": place[0], "r": place[1], "layer": 1, "unheard_of": [1, {}]}

    agent = thing(1, 0, (0, 0)) | {
        "agent_id": 0,
        "c": series([now["place"][0] for now in COURSE]),
        "r": series([now["place"][1] for now in COURSE]),
        "inv:ore.red": series([now["ore"] for now in COURSE]),
        "inv:heart": series([now["hearts"] for now in COURSE]),
        "action": series([[now["action"], 0] for now in COURSE]),
        "reward": series([now["reward"] for now in COURSE]),
        "total_reward": series(totals()),
        "agent:orientation": 3,
        "agent:group": 1,
    }
    other = thing(2, 0, AGENT_1) | {"agent_id": 1, "agent:frozen": series([now["frozen"] for now in COURSE])}
    things = [thing(3, 1, WALL), other, thing(4, 2, MINE), thing(5, 3, ALTAR), agent]
    return {
        "version": 1,
        "action_names": ACTIONS,
        "inventory_items": ITEMS,
        "object_types": TYPES,
        "map_size": [WIDTH, HEIGHT],
        "num_agents": 2,
        "max_steps": len(COURSE),
        "grid_objects": things,
    }


def version_2(with_counts: bool = False) -> dict[str, Any]:
    def inventory(now: dict[str, Any]) -> list[Any]:
        if with_counts:
            return [pair for pair in ([0, now["ore"]], [1, now["hearts"]]) if pair[1]]
        return [0] * now["ore"] + [1] * now["hearts"]

    def thing(number: int, kind: int, place: tuple[int, int]) -> dict[str, Any]:
        return {"id": number, "type_id": kind, "location": [*place, 0], "inventory": [], "color": 0}

    agent = thing(1, 0, (0, 0)) | {
        "is_agent": True,
        "agent_id": 0,
        "location": series([[*now["place"], 1] for now in COURSE]),
        "inventory": series([inventory(now) for now in COURSE]),
        "action_id": series([now["action"] for now in COURSE]),
        "current_reward": series([now["reward"] for now in COURSE]),
        "total_reward": series(totals()),
        "orientation": 3,
        "group_id": 1,
        "frozen": 0,
    }
    frozen = series([now["frozen"] for now in COURSE])
    other = thing(2, 0, AGENT_1) | {
        "is_agent": True,
        "agent_id": 1,
        "frozen_progress": frozen,
        "frozen": frozen,
    }
    return {
        "version": 2,
        "num_agents": 2,
        "max_steps": len(COURSE),
        "map_size": [WIDTH, HEIGHT],
        "file_name": "sample.json.z",
        "type_names": TYPES,
        "action_names": ACTIONS,
        "item_names": ITEMS,
        "group_names": ["red", "blue"],
        "reward_sharing_matrix": [],
        "objects": [thing(3, 1, WALL), other, thing(4, 2, MINE), thing(5, 3, ALTAR), agent],
    }


def version_3(version: int = 3) -> dict[str, Any]:
    def thing(number: int, kind: str, place: tuple[int, int]) -> dict[str, Any]:
        return {"id": number, "type_name": kind, "location": list(place), "inventory": []}

    agent = thing(1, "agent", (0, 0)) | {
        "is_agent": True,
        "agent_id": 0,
        "location": series([list(now["place"]) for now in COURSE]),
        "inventory": series([[[0, now["ore"]], [1, now["hearts"]]] for now in COURSE]),
        "action_id": series([now["action"] for now in COURSE]),
        "current_reward": series([now["reward"] for now in COURSE]),
        "total_reward": series(totals()),
        "orientation": 3,
        "group_id": 1,
        "vibe_id": [[2, 4]],  # nothing before step 2 is the default
    }
    other = thing(2, "agent", AGENT_1) | {
        "is_agent": True,
        "agent_id": 1,
        "is_frozen": series([now["frozen"] > 0 for now in COURSE]),
        "freeze_remaining": series([now["frozen"] for now in COURSE]),
    }
    things = [thing(3, "wall", WALL), other, thing(4, "mine.red", MINE), thing(5, "altar", ALTAR), agent]
    return version_2() | {
        "version": version,
        "type_names": TYPES,
        "mg_config": {"game": {}},
        "objects": things,
    }


SAMPLES = {
    "version 1": version_1(),
    "version 2, ids": version_2(),
    "version 2, counts": version_2(with_counts=True),
    "version 3": version_3(),
    "version 4": version_3(4),
}


def packed(content: Any) -> bytes:
    """The bytes of a `.json.z`."""
    return zlib.compress(json.dumps(content).encode())
