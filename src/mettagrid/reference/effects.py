"""Effects in English, each as an order."""

from functools import singledispatch
from typing import Any

from mettagrid.reference.amounts import around, cell_of, listed, owner, quantity, said, whose
from mettagrid.rules import (
    Add,
    Become,
    Birth,
    Bond,
    ChangeBody,
    ChangeKinship,
    Convert,
    Count,
    Court,
    Freeze,
    Gather,
    Lay,
    Leave,
    Move,
    Part,
    Push,
    Remove,
    Reward,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
)


@singledispatch
def done(word: Any) -> str:
    """An effect as an order: `take 100 energy`.

    Raises:
        TypeError: nobody has written down how to say this word.
    """
    raise TypeError(f"there is no sentence for {type(word).__name__}")


def _whom(word: Any, preposition: str) -> str:
    """` to the target`, ` to each agent around`; nothing for the actor itself."""
    if word.around is not None:
        return f" {preposition} each of the {around(word.around, word.of)}"
    return "" if word.of == "actor" else f" {preposition} {owner(word.of)}"


@done.register
def _(word: Add) -> str:
    return f"add {quantity(word.amount, word.variable)}{_whom(word, 'to')}"


@done.register
def _(word: Take) -> str:
    return f"take {quantity(word.amount, word.variable)}{_whom(word, 'from')}"


@done.register
def _(word: Set) -> str:
    if word.around is None:
        return f"set {whose(word.of)} {word.variable} to {said(word.amount)}"
    return f"set {word.variable} to {said(word.amount)}{_whom(word, 'for')}"


@done.register
def _(word: Move) -> str:
    receiver = word.to or ("target" if word.giver == "actor" else "actor")
    much = quantity(word.amount, word.variable)
    most = much if word.amount == "all" else f"up to {much}"
    return f"move {most} from {owner(word.giver)} to {owner(receiver)}"


@done.register
def _(word: Convert) -> str:
    paid, made = (
        listed([f"{amount} {name}" for name, amount in side.items()] or ["nothing"], "and")
        for side in (word.takes, word.gives)
    )
    return f"turn {paid} into {made}" + ("" if word.of == "actor" else f" for {owner(word.of)}")


@done.register
def _(word: Gather) -> str:
    return f"gather {quantity(word.amount, word.variable)} from all {around(word.around, word.of)}"


@done.register
def _(word: Freeze) -> str:
    whom = _whom(word, "").replace("  ", " ") or " the actor"
    return f"freeze{whom} for {said(word.steps)} steps"


@done.register
def _(word: Step) -> str:
    return "step there"


@done.register
def _(word: Swap) -> str:
    return "change places"


@done.register
def _(word: Push) -> str:
    return "push it ahead and follow"


@done.register
def _(word: Remove) -> str:
    return f"remove{_whom(word, '').replace('  ', ' ') or ' the actor'}"


@done.register
def _(word: Spawn) -> str:
    places = {"there": "there", "anywhere": "anywhere on the map", "beside": f"beside {owner(word.of)}"}
    return f"{word.kind} appears {places[word.where]}"


@done.register
def _(word: Become) -> str:
    who = owner(word.of) if word.around is None else f"each of the {around(word.around, word.of)}"
    return f"{who} becomes {word.kind}"


@done.register
def _(word: Reward) -> str:
    name = "penalty" if word.amount < 0 else "reward"
    return f"{name} {abs(word.amount):g}{_whom(word, 'for')}"


@done.register
def _(word: Count) -> str:
    much = "" if word.amount == 1 else f" by {said(word.amount)}"
    return f"count {word.statistic}{much}{_whom(word, 'for')}"


@done.register
def _(word: ChangeBody) -> str:
    who = owner(word.of) if word.around is None else f"each of the {around(word.around, word.of)}"
    return f"{who} gets the body {word.body}"


@done.register
def _(word: Court) -> str:
    return "court the target"


@done.register
def _(word: Bond) -> str:
    return "the two become mates"


@done.register
def _(word: Part) -> str:
    return f"{whose(word.of)} bond ends"


@done.register
def _(word: Birth) -> str:
    mutation = f", in {100 * word.mutation:g}% of cases with a random body" if word.mutation else ""
    return f"a child is born beside {owner(word.of)}{mutation}"


@done.register
def _(word: ChangeKinship) -> str:
    if word.by is not None:
        change = f"{'grows' if word.by > 0 else 'falls'} by {abs(word.by):g}"
    else:
        change = f"becomes {word.to:g}"
    return f"the target's kinship {change}" + (", both ways" if word.mutual else "")


@done.register
def _(word: Lay) -> str:
    return f"{cell_of(word.of)} becomes {word.ground}"


@done.register
def _(word: Leave) -> str:
    return f"leave {word.trace} in {cell_of(word.of)} for {said(word.steps)} steps"
