"""Tells whether two rule sets are the same game under other names.

Colour refinement (Weisfeiler and Leman, 1968): every station, item and mark gets a colour from its own numbers, then
again and again a new one from the colours of those it is used with. Names never enter, so games that differ only in
names get the same fingerprint. Different fingerprints always mean different games; the reverse holds but for very
regular ones, so that counting fingerprints never counts too many games.
"""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from mettagrid.games.random_rules.rule_set import HEART, Production, RuleSet

_ROUNDS = 4


def fingerprint(rules: RuleSet) -> str:
    """Name a rule set by its structure and numbers: 16 hexadecimal digits, the same for any naming."""
    things = rules.everything()
    items = {name for p in things for name, _ in p.inputs} | {p.output for p in things if p.output}
    links = [_links(production) for production in things]
    colors = {name: f"item {rules.lasts * (name == rules.perishable)} {name == HEART}" for name in items}
    colors |= {f"mark {mark}": "mark" for mark in {p.mark for p in things if p.mark}}
    own = [_own_numbers(production) for production in things]
    for _ in range(_ROUNDS):
        own = [
            _digest(mine, *sorted(f"{role} {colors[name]}" for role, name in its))
            for mine, its in zip(own, links, strict=True)
        ]
        users: dict[str, list[str]] = {name: [] for name in colors}
        for mine, its in zip(own, links, strict=True):
            for role, name in its:
                users[name].append(f"{role} {mine}")
        colors = {name: _digest(colors[name], *sorted(users[name])) for name in colors}
    return _digest(*sorted(own))


def skeleton(rules: RuleSet) -> str:
    """Name a rule set by its structure alone: like `fingerprint`, for rules whose counts of steps and hits are equal.

    Two rule sets with the same skeleton have the same productions and the same kinds of twists at the same places.
    """
    plain = [_without_numbers(production) for production in rules.everything()]
    return fingerprint(replace(rules, goal=plain[0], productions=tuple(plain[1:]), lasts=min(rules.lasts, 1)))


def _without_numbers(production: Production) -> Production:
    return replace(
        production,
        cooldown=0,
        hits=min(production.hits, 1),
        stock=None if production.stock is None else 1,
    )


def _links(production: Production) -> list[tuple[str, str]]:
    """(role, name) of everything that a production is used with."""
    links = [(f"takes {amount}", name) for name, amount in production.inputs]
    links += [("gives", production.output)] if production.output else []
    return links + ([("shows", f"mark {production.mark}")] if production.mark else [])


def _own_numbers(production: Production) -> str:
    numbers = (
        production.amount if production.output else 0,
        production.cooldown,
        production.hits,
        int(production.is_jammed),
        production.people,
        -1 if production.stock is None else production.stock,
    )
    return " ".join(map(str, numbers))


def _digest(*parts: Iterable[str]) -> str:
    return blake2b("|".join(map(str, parts)).encode(), digest_size=8).hexdigest()
