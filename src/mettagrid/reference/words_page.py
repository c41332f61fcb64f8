"""docs/rules.md: the parts of it that are lists of words. The text around them is written by hand."""

import re
from collections.abc import Callable, Iterator, Mapping
from inspect import cleandoc
from typing import Any

from mettagrid.config.base import Config
from mettagrid.config.verb import Verb
from mettagrid.reference import examples
from mettagrid.reference.code import call_of, code_of
from mettagrid.reference.makers import Maker
from mettagrid.reference.markdown import code, join, name, names, table
from mettagrid.reference.sentences import describe_rule
from mettagrid.rules import Rule

_BLOCK = re.compile(r"(<!-- begin (\w+)[^>]*-->\n).*?(<!-- end \2 -->)", re.DOTALL)


def fill(page: str, makers: list[Maker]) -> str:
    """The page with what stands between each `<!-- begin <list> -->` and `<!-- end <list> -->` written anew.

    Raises:
        ValueError: there is no list of such a name, or the page lacks one.
    """
    blocks = _blocks(makers)
    found = [match.group(2) for match in _BLOCK.finditer(page)]
    if wrong := sorted(set(found) ^ set(blocks)):
        raise ValueError(
            f"docs/rules.md: the list '{wrong[0]}' is on the page or in the code, but not in both"
        )
    return _BLOCK.sub(lambda match: f"{match.group(1)}\n{blocks[match.group(2)]()}\n\n{match.group(3)}", page)


def _blocks(makers: list[Maker]) -> dict[str, Callable[[], str]]:
    return {
        "filters": lambda: _rule_words(examples.FILTER_EXAMPLES),
        "effects": lambda: _rule_words(examples.EFFECT_EXAMPLES),
        "amounts": lambda: _rule_words(examples.AMOUNT_EXAMPLES),
        "aims": lambda: _words({word: _as_code(verb) for word, verb in examples.AIM_EXAMPLES.items()}),
        "kinship": lambda: _words({type(way): _as_code(way) for way in examples.KINSHIP_EXAMPLES}),
        "sharing": lambda: _words({type(way): _as_code(way) for way in examples.SHARING_EXAMPLES}),
        "distributions": lambda: _words(dict(_varied())),
        "verbs": lambda: _verbs(makers),
        "games": lambda: _games(makers),
    }


def _varied() -> Iterator[tuple[Any, str]]:
    for entry in examples.VARY_EXAMPLES:
        yield type(next(iter(entry.values()))), code(f"vary={code_of(entry, 96)}")


def _rule_words(rules: Mapping[Any, Rule]) -> str:
    return _words({word: join([_as_code(rule), _sentence(rule)]) for word, rule in rules.items()})


def _words(shown: Mapping[Any, str]) -> str:
    """A table of words, then each with its fields and its example."""
    rows = [(name(call_of(word)), first_paragraph(word)) for word in shown]
    return join(
        [table(("word", "meaning"), rows), *(_word(word, example) for word, example in shown.items())]
    )


def _word(word: type[Config], example: str) -> str:
    fields = [
        (name(field), info.description or "") for field, info in word.model_fields.items() if field != "op"
    ]
    text = cleandoc(word.__doc__ or "").split("\n\n    ")[0].split("Example:")[0].strip()
    more = "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")[1:])
    return join([f"### {word.__name__}", more, table(("field", "meaning"), fields), example])


def first_paragraph(word: type[Config]) -> str:
    """What a word says about itself first."""
    return " ".join(cleandoc(word.__doc__ or "").split("\n\n")[0].split())


def _as_code(value: Config | Verb) -> str:
    return code(code_of(value, width=100))


def _sentence(rule: Rule) -> str:
    return f"In words: {describe_rule(rule)}."


def _verbs(makers: list[Maker]) -> str:
    """Which verbs the games have."""
    users: dict[str, list[str]] = {}
    for maker in makers:
        for verb in maker.make().verbs if maker.has_defaults else ():
            users.setdefault(verb, []).append(maker.name)
    rows = [(name(verb), names(users[verb])) for verb in sorted(users)]
    return table(("verb", "games"), rows)


def _games(makers: list[Maker]) -> str:
    return table(("game", "what it is about"), [(_link(maker), _about(maker)) for maker in makers])


def _about(maker: Maker) -> str:
    return maker.about if maker.has_defaults else (cleandoc(maker.make.__doc__ or "").split("\n")[0])


def _link(maker: Maker) -> str:
    if maker.has_defaults:
        return f"[`{maker.name}`](games/rules/{maker.name}.md)"
    return name(f"{maker.make.__name__}({', '.join(maker.needed)})")
