from dataclasses import replace
from random import Random

import pytest

from mettagrid.games.random_rules import RuleSet, draw_rule_set, fingerprint
from mettagrid.games.random_rules.fingerprint import skeleton
from mettagrid.games.random_rules.rule_set import ALTAR, HEART, ITEMS, STATIONS


@pytest.mark.parametrize("seed", range(40))
def test_names_and_order_do_not_matter(seed):
    rules = draw_rule_set(seed, 1 + seed % 10, 2)
    assert fingerprint(renamed(rules, Random(seed))) == fingerprint(rules)


def renamed(rules: RuleSet, rng: Random) -> RuleSet:
    item = dict(zip(ITEMS, rng.sample(ITEMS, len(ITEMS)), strict=True)) | {HEART: HEART, None: None}
    station = dict(zip(STATIONS, rng.sample(STATIONS, len(STATIONS)), strict=True)) | {ALTAR: ALTAR}
    mark = [0, *rng.sample([1, 2, 3], 3)]
    new = [
        replace(
            p,
            station=station[p.station],
            inputs=tuple((item[name], n) for name, n in rng.sample(p.inputs, len(p.inputs))),
            output=item[p.output],
            mark=mark[p.mark],
        )
        for p in rules.everything()
    ]
    others = rng.sample(new[1:], len(new) - 1)
    return RuleSet(new[0], tuple(others), item[rules.perishable], rules.lasts, rules.difficulty)


@pytest.mark.parametrize("field", ["amount", "cooldown", "mark", "hits", "is_jammed", "people", "stock"])
def test_every_rule_matters(field):
    rules = draw_rule_set(3, 8, 2)
    index = next(i for i, p in enumerate(rules.productions) if p.output)
    old = rules.productions[index]
    value = {"is_jammed": not old.is_jammed, "stock": 9, "mark": 0 if old.mark else 1}.get(field, 7)
    things = list(rules.productions)
    things[index] = replace(old, **{field: value})
    assert fingerprint(replace(rules, productions=tuple(things))) != fingerprint(rules)


def test_a_perishable_item_matters():
    rules = replace(draw_rule_set(0, 4), perishable=None, lasts=0)
    assert fingerprint(replace(rules, perishable=rules.goal.inputs[0][0], lasts=2)) != fingerprint(rules)


def test_a_skeleton_has_no_numbers_of_steps():
    rules = draw_rule_set(3, 8, 2)
    slower = tuple(replace(p, cooldown=p.cooldown + 1) for p in rules.productions)
    assert fingerprint(replace(rules, productions=slower)) != fingerprint(rules)
    assert skeleton(replace(rules, productions=slower)) == skeleton(rules)
    fewer = replace(rules, productions=rules.productions[1:])
    assert skeleton(fewer) != skeleton(rules)
