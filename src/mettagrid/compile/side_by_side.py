"""compile_games: several games that worlds of one batch can play side by side.

They may differ in rules, numbers, maps and budgets, not in the names by which a policy knows them.
"""

from collections.abc import Sequence

from mettagrid.compile.compiled import CompiledGame
from mettagrid.compile.compiler import compile_game
from mettagrid.config.game import GameConfig
from mettagrid.spec import GameSpec

_NAMES = {
    "feature_names": "feature",
    "action_names": "action",
    "stat_names": "statistic",
    "kind_names": "kind",
    "variable_names": "variable",
}


def compile_games(games: Sequence[GameConfig]) -> tuple[list[CompiledGame], list[int]]:
    """Compile each different game once, with scales of tokens that fit all of them.

    Returns:
        The compiled games; all have one spec but for its name and `max_steps`. And for each of `games` the place of
        its compiled form: a game that stands there twice is compiled once.

    Raises:
        ValueError: one line; a game cannot be, or two have different names, views or numbers of agents.
    """
    if not games:
        raise ValueError("a batch needs at least one game")
    places: dict[int, int] = {}
    for game in games:
        places.setdefault(id(game), len(places))
    distinct = list({id(game): game for game in games}.values())
    highest = _highest_caps(distinct) if len(distinct) > 1 else {}
    compiled = [compile_game(game, highest) for game in distinct]
    for number, other in enumerate(compiled):
        if apart := _difference(compiled[0].spec, other.spec):
            first, second = (_first_place(games, distinct[i]) for i in (0, number))
            raise ValueError(f"games {first} and {second} cannot be played side by side: {apart}")
    return compiled, [places[id(game)] for game in games]


def joint_spec(compiled: Sequence[CompiledGame]) -> GameSpec:
    """The spec of the first, with the most steps of all."""
    max_steps = max(game.spec.max_steps for game in compiled)
    return compiled[0].spec.model_copy(update={"max_steps": max_steps})


def _first_place(games: Sequence[GameConfig], game: GameConfig) -> int:
    return next(place for place, other in enumerate(games) if other is game)


def _highest_caps(games: Sequence[GameConfig]) -> dict[str, int]:
    """The largest cap of each variable in any of the games, bodies and things included."""
    highest: dict[str, int] = {}
    for game in games:
        for name, variable in game.all_variables().items():
            holders = (*game.bodies.values(), *game.all_objects().values())
            caps = (variable.cap, *(holder.caps.get(name, 0) for holder in holders))
            highest[name] = max(highest.get(name, 0), *caps)
    return highest


def _difference(one: GameSpec, other: GameSpec) -> str | None:
    """What policies would notice, in words; None if nothing."""
    for field, word in _NAMES.items():
        mine, theirs = getattr(one, field), getattr(other, field)
        if mine != theirs:
            odd = next((name for name in (*mine, *theirs) if (name in mine) != (name in theirs)), None)
            return (
                f"their {word}s are in another order" if odd is None else f"only one has the {word} {odd!r}"
            )
    for field in ("num_agents", "view_height", "view_width", "num_tokens"):
        if getattr(one, field) != getattr(other, field):
            return f"{field} is {getattr(one, field)} and {getattr(other, field)}"
    scales = zip(one.feature_names, one.feature_scales, other.feature_scales, strict=True)
    return next(
        (f"the feature {name!r} is scaled by {a:g} and {b:g}" for name, a, b in scales if a != b), None
    )
