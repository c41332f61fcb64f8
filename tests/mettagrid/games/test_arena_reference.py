"""docs/arena.md says what the arena's config says: its tables are compared, and its prose has no numbers."""

import re
from pathlib import Path

from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Variable
from mettagrid.games.arena import ArenaNumbers
from mettagrid.maps import RandomMap
from mettagrid.rules import Reward

PAGE = (Path(__file__).parents[3] / "docs" / "arena.md").read_text(encoding="utf-8")


def names_of(actions: list[str]) -> str:
    """`attack_1` ... `attack_9` for many, else all."""
    shown = [f"`{name}`" for name in actions]
    return " ... ".join([shown[0], shown[-1]]) if len(shown) > 4 else ", ".join(shown)


def verb_rows(game: GameConfig) -> list[str]:
    actions: dict[str, list[str]] = {}
    for action in game.actions():
        actions.setdefault(action.verb_name, []).append(action.name)
    prices = {name: verb.price for name, verb in game.verbs.items() if verb.pays == "energy"}
    return [f"| `{verb}` | {names_of(names)} | {prices.get(verb, 0)} |" for verb, names in actions.items()]


def thing_rows(game: GameConfig) -> list[str]:
    assert isinstance(game.map, RandomMap)
    counts = game.map.stations | game.map.obstacles | {"border": "around the field"}
    return [
        f"| `{name}` | {counts[name]} | {kind.has.get('hp', 'unbreakable')} |"
        for name, kind in game.objects.items()
    ]


def variable_rows(game: GameConfig) -> list[str]:
    def seen_by(variable: Variable) -> str:
        return {"all": "everybody near", "self": "its owner", "nobody": "nobody"}[variable.shown]

    variables = game.all_variables().items()
    return [f"| `{name}` | {v.initial} | {v.cap} | {seen_by(v)} |" for name, v in variables if v.agents]


def reward_rows() -> list[str]:
    """Each rule of the shaped arena that pays; the plain one pays the altar only."""
    return [
        f"| `{rule.on}` | `{rule.target}` | {effect.amount:g} |"
        for rule in make_arena(shaped=True).rules
        for effect in rule.then
        if isinstance(effect, Reward)
    ]


def number_rows() -> list[str]:
    fields = ArenaNumbers.model_fields.items()
    return [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]


def test_the_tables_are_those_of_the_arena():
    game = make_arena()
    rows = [*verb_rows(game), *thing_rows(game), *variable_rows(game), *reward_rows(), *number_rows()]
    told = [line for line in PAGE.splitlines() if line.startswith("| `")]
    missing = [row for row in rows if not any(line.startswith(row) for line in told)]
    assert not missing, "docs/arena.md needs these rows:\n" + "\n".join(missing)
    stale = [line for line in told if not line.startswith(tuple(rows))]
    assert not stale, "the arena does not have these rows of docs/arena.md:\n" + "\n".join(stale)


def test_the_statistics_are_those_of_the_arena():
    told = set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", PAGE.split("## Statistics")[1]))
    assert told == {name for name in make_arena().stat_names() if not name.startswith("action.")}


def test_prose_has_no_numbers_that_could_go_stale():
    """Only the first sentence has some, and they are the game's; all others stand in tables."""
    game = make_arena()
    assert isinstance(game.map, RandomMap)
    agents = f"{game.num_agents} agents, {game.view.height} x {game.view.width} cells of sight"
    first = f"{agents}, a field of {game.map.height} x {game.map.width} cells, {game.max_steps} steps."
    assert first in PAGE
    prose = [line for line in PAGE.splitlines() if not line.startswith(("|", "    ")) and first not in line]
    assert [line for line in prose if re.search(r"\d", re.sub(r"`[^`]*`", "", line))] == []
