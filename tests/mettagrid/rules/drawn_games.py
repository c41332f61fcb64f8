"""Small games on drawn maps: what one rule does, seen from outside."""

from typing import Any

from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import AsciiMap
from mettagrid.rules import AtMost, Count, Filter, Rule, Step
from tests.mettagrid.play import Play

LEGEND = {"m": "mine", "b": "box", "~": "swamp", "w": "grass"}
VERBS = {"use": Verb(aim=Ahead()), "do": Verb(), "move": Verb(choices=directions(aimed=True))}


def game(text: str, rules: list[Rule], **fields: Any) -> GameConfig:
    """Agents look north unless `starts` turn them. They `use` the cell ahead, `do` something, or `move`."""
    parts: dict[str, Any] = {
        "num_agents": text.count("@"),
        "variables": {
            "energy": Variable(cap=50, initial=10, shown="self", counted=True),
            "ore": Variable(cap=5, counted=True),
            "team": Variable(cap=3),
            "frozen": Variable(countdown=True),
        },
        "bodies": {"small": Body(traits={"strength": 1}), "big": Body(share=0, traits={"strength": 3})},
        "verbs": VERBS,
        "objects": {
            "wall": ObjectKind(),
            "mine": ObjectKind(has={"ore": 3, "energy": 7}, caps={"ore": 9}, traits={"strength": 4}),
            "box": ObjectKind(has={"ore": 1}),
        },
        "requires": [AtMost("frozen", 0)],
        "shuffle_spawns": False,
        "map": AsciiMap(text=text, legend=LEGEND),
    } | fields
    walk = [Rule(on="move", target="empty", then=[Step()])] if "move" in parts["verbs"] else []
    return GameConfig(**parts, rules=[*rules, *walk])


def holds(condition: Filter, **fields: Any) -> bool:
    """Whether a rule of agent 1 runs that uses agent 0, north of it, and has this filter."""
    rule = Rule(on="use", target="agent", when=[condition], then=[Count("ran")])
    return Play(game("@\n@", [rule], **fields)).do("noop", "use").count("ran", 1) == 1


def do(text: str, *then: Any, steps: int = 1, **fields: Any) -> Play:
    """Agent 0 does these effects to itself."""
    return Play(game(text, [Rule(on="do", then=list(then))], **fields)).do("do", times=steps)


def use(text: str, *then: Any, target: str = "mine", steps: int = 1, **fields: Any) -> Play:
    """The agent that stands last in the drawing does these effects to what is north of it."""
    play = Play(game(text, [Rule(on="use", target=target, then=list(then))], **fields))
    return play.do(*["noop"] * (text.count("@") - 1), "use", times=steps)
