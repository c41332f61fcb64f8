"""The rules of a game as the page shows them: in parts that it can search, light up, and hold against a thing.

What needs only one thing to be decided comes as a test, too, so that the page can say whether it holds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from mettagrid.config.game import GameConfig
from mettagrid.config.vary import Together, source
from mettagrid.reference import describe
from mettagrid.reference.sheet import sheet_sections
from mettagrid.rules import AtLeast, AtMost, HasRoom, Not
from mettagrid.spec import GameSpec

_RULES = "Rules"  # the section that the page makes of the parts


def rule_sheet(game: GameConfig) -> list[dict[str, str]]:
    """The rule sheet of a game without its rules: sections with a title and Markdown."""
    return [
        {"title": title, "text": text}
        for title, text in sheet_sections(game).items()
        if text and title != _RULES
    ]


def rule_parts(
    game: GameConfig, spec: GameSpec, rule_sources: Iterable[Sequence[int]]
) -> list[dict[str, Any]]:
    """Each compiled rule in parts: verbs, kinds of targets, conditions, effects.

    Args:
        game: whose rules.
        spec: of the game.
        rule_sources: `CompiledGame.rule_sources` of the game.
    """
    varied = _varied_paths(game)
    return [_parts(game, spec.variable_names, sources, varied) for sources in rule_sources]


def _parts(
    game: GameConfig, variables: Sequence[str], sources: Sequence[int], varied: set[str]
) -> dict[str, Any]:
    rules = [game.rules[index] for index in sources]
    if not rules:
        return {"on": ["noop"], "targets": [], "when": [], "then": []}
    first = rules[0]  # the others say the same of other targets
    return {
        "on": list(dict.fromkeys(verb for rule in rules for verb in rule.verbs)),
        "targets": list(dict.fromkeys(kind for rule in rules for kind in rule.targets)),
        "when": [
            _condition(word, variables, f"rules.{sources[0]}.when.{i}.", varied)
            for i, word in enumerate(first.when)
        ],
        "then": [describe(effect) for effect in first.then],
    }


def _varied_paths(game: GameConfig) -> set[str]:
    """Paths of the numbers that each episode draws anew, which the config does not tell."""
    drawn = {path: source(varied) for path, varied in game.vary.items()}
    together = [value for value in drawn.values() if isinstance(value, Together)]
    return {*drawn, *(path for value in together for path in value.options[0])}


def _condition(word: Any, variables: Sequence[str], place: str, varied: set[str]) -> dict[str, Any]:
    is_varied = any(path.startswith(place) or path.endswith(".cap") or ".caps." in path for path in varied)
    return {"text": describe(word), "test": None if is_varied else _test(word, variables)}


def _test(word: Any, variables: Sequence[str]) -> dict[str, Any] | None:
    """What can be decided by one variable of the actor or the target; None for everything else."""
    is_negated = False
    while isinstance(word, Not):
        word, is_negated = word.filter, not is_negated
    is_plain = isinstance(word, AtLeast | AtMost | HasRoom) and isinstance(word.amount, int)
    if not is_plain or word.of not in ("actor", "target"):
        return None
    return {
        "op": word.op,
        "variable": variables.index(word.variable),
        "amount": word.amount,
        "of": word.of,
        "negated": is_negated,
    }
