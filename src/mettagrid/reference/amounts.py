"""Amounts, owners and surroundings in English: what sentences about filters and effects are made of."""

from collections.abc import Iterable
from typing import Any

from mettagrid.rules import Argument, Around, Trait, Var

_OWNERS = {"actor": "the actor", "target": "the target", "world": "the world", "group": "the group"}
_WHOSE = {"actor": "own", "target": "the target's", "world": "the world's", "group": "the group's"}


def owner(of: str) -> str:
    """Who is meant: `the target`."""
    return _OWNERS[of]


def whose(of: str) -> str:
    """Whose it is: `own`, `the target's`."""
    return _WHOSE[of]


def cell_of(of: str) -> str:
    """Which cell is meant."""
    return f"{whose(of)} cell"


def said(amount: Any) -> str:
    """An amount: `100`, `own strength`, `the action's number`."""
    if isinstance(amount, Trait | Var):
        return f"{whose(amount.of)} {amount.name}"
    return "the action's number" if isinstance(amount, Argument) else str(amount)


def quantity(amount: Any, variable: str) -> str:
    """So much of a variable: `100 energy`, `all energy`, `as much energy as own strength`."""
    if isinstance(amount, int | str):
        return f"{amount} {variable}"
    return f"as much {variable} as {said(amount)}"


def beside(radius: int, of: str) -> str:
    """`within 2 cells of the target`."""
    return f"within {radius} cell{'s' * (radius > 1)} of {owner(of)}"


def things(kind: str, is_one: bool = False) -> str:
    """What a kind is called when some of it are meant: `agents`, `things`, `things of kind mine`."""
    if kind == "agent":
        return "agent" if is_one else "agents"
    name = "thing" if is_one else "things"
    return name if kind == "any" else f"{name} of kind {kind}"


def around(reach: Around, of: str, is_one: bool = False) -> str:
    """`agents with mark 3 within 1 cell of the target`."""
    having = ""
    if reach.equals is not None:
        having = f" with {reach.having} {reach.equals}"
    elif reach.having is not None:
        having = f" with at least {reach.at_least} {reach.having}"
    shared = f" with the actor's {reach.same}" if reach.same else ""
    return f"{things(reach.kind, is_one)}{having}{shared} {beside(reach.radius, of)}"


def listed(parts: Iterable[str], last: str) -> str:
    """`a, b and c`."""
    *first, end = parts
    return f"{', '.join(first)} {last} {end}" if first else end
