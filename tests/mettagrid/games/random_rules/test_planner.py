from collections import deque
from dataclasses import replace

import pytest

from mettagrid.games.random_rules import Production, RuleSet, draw_rule_set, find_plan
from mettagrid.games.random_rules.rule_set import ITEM_CAP, ITEMS

ORE, METAL, FUEL = ITEMS[:3]


def rule_set(goal=((METAL, 1),), productions=None, **settings):
    """Ore becomes metal becomes a heart, unless a test says otherwise."""
    things = [Production("station_1", (), ORE), Production("station_2", ((ORE, 1),), METAL)]
    return RuleSet(Production("altar", goal, "heart"), tuple(productions or things), **settings)


def showing_marks():
    """Metal is made under one mark and taken under another, so that it must last while the mark is changed."""
    made = Production("station_1", (), METAL, mark=1)
    rules = rule_set(productions=[made], perishable=METAL, lasts=2)
    return replace(rules, goal=replace(rules.goal, mark=2))


def told(rules, num_agents=1):
    plan = find_plan(rules, num_agents)
    return None if plan is None else [step.describe() for step in plan]


def test_a_chain_is_walked_from_its_source():
    assert told(rule_set()) == ["use station_1", "use station_2", "use altar"]


def test_of_two_ways_the_shorter_one_is_taken():
    longer = [Production("station_1", (), ORE), Production("station_2", ((ORE, 2),), METAL)]
    shorter = Production("station_3", (), METAL, hits=2)
    assert told(rule_set(productions=longer)) == ["use station_1"] * 2 + ["use station_2", "use altar"]
    plan = told(rule_set(productions=[*longer, shorter]))
    assert plan == ["attack station_3 2 times", "use station_3", "use altar"]


def test_marks_are_changed_only_where_that_is_needed():
    things = [
        Production("station_1", (), ORE, mark=2),
        Production("station_2", (), FUEL, mark=1),
        Production("station_3", ((ORE, 1), (FUEL, 1)), METAL, mark=2),
    ]
    plan = told(rule_set(productions=things))
    assert plan == [
        "show mark 1",
        "use station_2",
        "show mark 2",
        "use station_1",
        "use station_3",
        "use altar",
    ]


def test_a_cycle_is_no_way_round():
    things = [Production("station_1", ((METAL, 1),), ORE), Production("station_2", ((ORE, 1),), METAL)]
    assert told(rule_set(productions=things)) is None
    source = Production("station_3", (), ORE)
    assert told(rule_set(productions=[*things, source])) == ["use station_3", "use station_2", "use altar"]


@pytest.mark.parametrize(
    "rules",
    [
        rule_set(productions=[Production("station_2", ((ORE, 1),), METAL)]),
        rule_set(goal=((METAL, 2),), productions=[Production("station_1", (), METAL, stock=1)]),
        rule_set(goal=((METAL, ITEM_CAP + 1),), productions=[Production("station_1", (), METAL)]),
        replace(showing_marks(), lasts=1),
        rule_set(productions=[Production("station_1", (), METAL, people=2)]),
    ],
    ids=["no source", "too little stock", "more than one can carry", "lost too soon", "alone"],
)
def test_what_cannot_be_done_is_recognised(rules):
    assert find_plan(rules) is None


def test_with_more_of_it_the_same_can_be_done():
    enough = rule_set(goal=((METAL, 2),), productions=[Production("station_1", (), METAL, stock=2)])
    assert told(enough) == ["use station_1", "use station_1", "use altar"]
    lasting = rule_set(
        goal=((METAL, 1), (FUEL, 1)),
        perishable=METAL,
        lasts=1,
        productions=[Production("station_1", (), METAL), Production("station_2", (), FUEL)],
    )
    assert told(lasting) == ["use station_2", "use station_1", "use altar"]
    assert told(showing_marks()) == ["show mark 1", "use station_1", "show mark 2", "use altar"]
    together = rule_set(productions=[Production("station_1", (), METAL, people=2)])
    assert told(together, num_agents=2) == ["use station_1 with 2 agents around it", "use altar"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("difficulty", [1, 2, 3, 4, 5])
def test_plans_are_as_short_as_those_of_a_blind_search(seed, difficulty):
    rules = draw_rule_set(seed, difficulty, num_agents=2)
    assert len(find_plan(rules, 2)) == shortest(rules)


def shortest(rules):
    """Breadth first through all that can be done, useful or not, opening things included."""
    start = (frozenset(), frozenset(), 0, 0, tuple(p.stock for p in rules.everything()))
    queue, seen = deque([(start, 0)]), {start}
    while queue:
        state, steps = queue.popleft()
        for after in moves(rules, state):
            if after == "heart":
                return steps + 1
            if after not in seen:
                seen.add(after)
                queue.append((after, steps + 1))
    return None


def moves(rules, state):
    held, opened, mark, age, stocks = state
    for new_mark in range(4):
        yield aged(rules, dict(held), opened, new_mark, age, stocks)
    for index, thing in enumerate(rules.everything()):
        if thing.is_closed and thing.station not in opened:
            yield aged(rules, dict(held), opened | {thing.station}, mark, age, stocks)
            continue
        has = dict(held)
        can_pay = all(has.get(item, 0) >= amount for item, amount in thing.inputs)
        if not can_pay or thing.mark not in (0, mark) or stocks[index] == 0:
            continue
        if thing.output == "heart":
            yield "heart"
            continue
        for item, amount in thing.inputs:
            has[item] -= amount
        if thing.output:
            has[thing.output] = has.get(thing.output, 0) + thing.amount
        if max(has.values()) > ITEM_CAP:
            continue
        left = tuple(n - 1 if i == index and n is not None else n for i, n in enumerate(stocks))
        fresh = thing.output is not None and thing.output == rules.perishable
        yield aged(rules, has, opened, mark, -1 if fresh else age, left)


def aged(rules, has, opened, mark, age, stocks):
    if has.get(rules.perishable, 0) and age + 1 >= rules.lasts:
        has[rules.perishable] = 0
    age = age + 1 if has.get(rules.perishable, 0) else 0
    return frozenset((item, n) for item, n in has.items() if n), opened, mark, age, stocks
