"""Small games for tests of the environments."""

from collections.abc import Mapping

import pytest

from mettagrid.compile import CompiledGame, compile_game, side_by_side
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable, View
from mettagrid.config.verb import Verb, directions
from mettagrid.maps import AsciiMap
from mettagrid.rules import Add, AtLeast, Birth, CanBear, Count, Remove, Reward, Rule, Step

FIELD = """
    #######
    #@...@#
    #.....#
    #..#..#
    #.....#
    #@...@#
    #######
"""
LONELY_FIELD = FIELD.replace("@", ".", 3)
REMOVE = 6  # the core's effect that takes the actor out of the world; games have no word for it yet


def walking_game(num_agents: int = 4, max_steps: int = 20, num_tokens: int = 40) -> GameConfig:
    """Agents walk about, gather berries at every step on their way and get a reward for eating one."""
    assert num_agents in (1, 4)
    return GameConfig(
        name="walking",
        num_agents=num_agents,
        max_steps=max_steps,
        view=View(height=5, width=5, num_tokens=num_tokens),
        variables={"berries": Variable(cap=9, shown="self", counted=True)},
        verbs={
            "move": Verb(choices=directions(aimed=True)),
            "eat": Verb(requires=[AtLeast(variable="berries", amount=1)]),
            "leave": Verb(),
        },
        objects={"wall": ObjectKind()},
        rules=[
            Rule(on="move", target="empty", then=[Step(), Add(variable="berries")]),
            Rule(on="eat", then=[Reward(amount=0.5), Count(statistic="meals")]),
            Rule(on="leave", then=[Count(statistic="left")]),
        ],
        map=AsciiMap(text=FIELD if num_agents == 4 else LONELY_FIELD),
    )


def breeding_game(num_slots: int = 4, max_steps: int = 20) -> GameConfig:
    """One agent at first: agents `bear` children in the other slots, and `leave` for good."""
    return GameConfig(
        name="breeding",
        num_agents=num_slots,
        initial_agents=1,
        max_steps=max_steps,
        view=View(height=5, width=5, num_tokens=40),
        verbs={"bear": Verb(), "leave": Verb(), "sing": Verb()},
        objects={"wall": ObjectKind()},
        rules=[
            Rule(on="bear", when=[CanBear()], then=[Birth(), Count("children")]),
            Rule(on="leave", then=[Remove("actor")]),
            Rule(on="sing", then=[Reward(0.5)]),
        ],
        map=AsciiMap(text=LONELY_FIELD),
    )


def let_agents_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on an agent that does `leave` is gone until its world's episode ends."""

    def compile_with_exit(game: GameConfig, highest: Mapping[str, int]) -> CompiledGame:
        compiled = compile_game(game, highest)
        left = compiled.spec.stat_names.index("left")
        effects = compiled.tables["effects"]
        effects[(effects[:, 0] == 10) & (effects[:, 5] == left)] = (REMOVE, 0, -1, 0, 0, -1, -1, -1)
        return compiled

    monkeypatch.setattr(side_by_side, "compile_game", compile_with_exit)
