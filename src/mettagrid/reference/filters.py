"""Filters in English, each as a statement and as its opposite."""

from functools import singledispatch
from typing import Any

from mettagrid.reference.amounts import around, cell_of, owner, quantity, said, whose
from mettagrid.rules import (
    Around,
    AtLeast,
    AtMost,
    Bonded,
    CanBear,
    Chance,
    Compare,
    Courted,
    Every,
    HasRoom,
    Mates,
    Nearby,
    Not,
    OnGround,
    OnTrace,
    Related,
    Same,
    Total,
    Trait,
    Var,
)


@singledispatch
def both_ways(word: Any) -> tuple[str, str]:
    """A filter as a statement and as its opposite.

    Raises:
        TypeError: nobody has written down how to say this word.
    """
    raise TypeError(f"there is no sentence for {type(word).__name__}")


@both_ways.register
def _(word: AtLeast) -> tuple[str, str]:
    what = f"{whose(word.of)} {word.variable}"
    return f"{what} is at least {said(word.amount)}", f"{what} is below {said(word.amount)}"


@both_ways.register
def _(word: AtMost) -> tuple[str, str]:
    what = f"{whose(word.of)} {word.variable}"
    most = f"{what} is 0" if word.amount == 0 else f"{what} is at most {said(word.amount)}"
    return most, f"{what} is above {said(word.amount)}"


@both_ways.register
def _(word: HasRoom) -> tuple[str, str]:
    room = f"for {said(word.amount)} more {word.variable}"
    return f"{owner(word.of)} has room {room}", f"{owner(word.of)} has no room {room}"


@both_ways.register
def _(word: Same) -> tuple[str, str]:
    return f"both have the same {word.variable}", f"the two differ in {word.variable}"


@both_ways.register
def _(word: Compare) -> tuple[str, str]:
    left, right = said(word.left), said(word.right)
    return f"{left} is at least {right}", f"{left} is below {right}"


@both_ways.register
def _(word: Chance) -> tuple[str, str]:
    chance = word.probability
    percent = f"{said(chance)} percent" if isinstance(chance, Trait | Var) else f"{100 * chance:g}%"
    return f"a chance of {percent} comes true", f"a chance of {percent} does not come true"


@both_ways.register
def _(word: Every) -> tuple[str, str]:
    which = f"step {word.phase or word.period} of {word.period}"
    return f"it is {which}", f"it is not {which}"


@both_ways.register
def _(word: Nearby) -> tuple[str, str]:
    where = Around(word.kind, word.radius, word.having, 1, word.equals, word.same)
    if word.amount == 1:
        one = around(where, word.of, is_one=True)
        return f"there is at least 1 {one}", f"there is no {one}"
    some = around(where, word.of)
    return (
        f"there are at least {said(word.amount)} {some}",
        f"there are fewer than {said(word.amount)} {some}",
    )


@both_ways.register
def _(word: Total) -> tuple[str, str]:
    what = f"all {around(word.around, word.of)} together have"
    return f"{what} at least {quantity(word.amount, word.variable)}", (
        f"{what} less than {quantity(word.amount, word.variable)}"
    )


@both_ways.register
def _(word: Related) -> tuple[str, str]:
    return f"the target's kinship is at least {word.score:g}", f"the target's kinship is below {word.score:g}"


@both_ways.register
def _(word: Courted) -> tuple[str, str]:
    lately = f"in the last {said(word.window)} steps"
    return f"the target courted the actor {lately}", f"the target did not court the actor {lately}"


@both_ways.register
def _(word: Bonded) -> tuple[str, str]:
    return f"{owner(word.of)} has a mate", f"{owner(word.of)} has no mate"


@both_ways.register
def _(word: Mates) -> tuple[str, str]:
    return "the two are mates", "the two are not mates"


@both_ways.register
def _(word: CanBear) -> tuple[str, str]:
    where = f"beside {owner(word.of)}"
    return f"a child can be born {where}", f"no child can be born {where}"


@both_ways.register
def _(word: OnGround) -> tuple[str, str]:
    return f"{cell_of(word.of)} is {word.ground}", f"{cell_of(word.of)} is not {word.ground}"


@both_ways.register
def _(word: OnTrace) -> tuple[str, str]:
    return f"there is {word.trace} in {cell_of(word.of)}", f"there is no {word.trace} in {cell_of(word.of)}"


@both_ways.register
def _(word: Not) -> tuple[str, str]:
    yes, no = both_ways(word.filter)
    return no, yes
