"""Rules in English. Knows nothing of Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any

from mettagrid.reference.amounts import listed, said, whose
from mettagrid.reference.effects import done
from mettagrid.reference.filters import both_ways
from mettagrid.rules import FILTERS, STEP, Argument, AtLeast, AtMost, Every, Rule, Trait, Var


def describe_rule(rule: Rule) -> str:
    """A rule in one line: `use altar: if own energy is at least 100: take 100 energy, add 1 heart`."""
    is_of_steps = STEP in rule.verbs
    when = list(rule.when)
    if is_of_steps:
        first = when[0] if when else None
        period = 1
        if isinstance(first, Every) and first.phase == 0:
            period, when = first.period, when[1:]
        occasion = f"{'each step' if period == 1 else f'every {period} steps'}, {listed(rule.targets, 'and')}"
    else:
        targets = [] if rule.targets == ["self"] else [listed(rule.targets, "or")]
        occasion = " ".join([listed(rule.verbs, "or"), *targets])
    conditions = list(_conditions(when))
    clause = f" if {listed(conditions, 'and')}:" if conditions else ""
    line = f"{occasion}:{clause} {', '.join(map(describe, rule.then)) or 'nothing happens'}"
    if is_of_steps:  # the thing is both actor and target
        for one, other in (
            ("the target's", "own"),
            ("the target", "it"),
            ("the actor's", "its"),
            ("the actor", "it"),
        ):
            line = line.replace(one, other)
    return line


def _conditions(words: Sequence[Any]) -> Iterator[str]:
    """Filters as statements; a pair that allows one value only is said as one."""
    index = 0
    while index < len(words):
        both = _exactly(*words[index : index + 2]) if index + 1 < len(words) else None
        yield both or describe(words[index])
        index += 2 if both else 1


def _exactly(first: Any, second: Any) -> str | None:
    """`own rank is 1`, if the first filter asks for at least and the second one for at most that."""
    if not (isinstance(first, AtLeast) and isinstance(second, AtMost)):
        return None
    are_same = (first.variable, first.amount, first.of) == (second.variable, second.amount, second.of)
    return f"{whose(first.of)} {first.variable} is {said(first.amount)}" if are_same else None


def describe(word: Any) -> str:
    """What a filter, an effect or an amount says, as a part of a sentence.

    Raises:
        TypeError: nobody has written down how to say this word.
    """
    if isinstance(word, Trait | Var | Argument | int | str):
        return said(word)
    return both_ways(word)[0] if isinstance(word, FILTERS) else done(word)
