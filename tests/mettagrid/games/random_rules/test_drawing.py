from collections import Counter
from itertools import pairwise
from math import comb
from random import Random

import pytest

from mettagrid.games.random_rules import Production, RuleSet, draw_rule_set, find_plan, fingerprint
from mettagrid.games.random_rules.drawing import COOLDOWNS, LONG_COOLDOWNS, MAX_HITS, level_of
from mettagrid.games.random_rules.rule_set import ALTAR, HEART, ITEMS, STATIONS

A_MILLION = 1_000_000
CHAIN = {3: (4, 0), 4: (5, 0), 5: (6, 0), 6: (6, 0), 7: (6, 1), 8: (6, 2), 9: (6, 3), 10: (6, 4)}
"""Stations of a plain chain that a difficulty can draw, and how many of its twists open something."""


@pytest.mark.parametrize("difficulty", range(1, 11))
def test_what_is_drawn_is_what_the_level_says(difficulty):
    level = level_of(difficulty)
    for seed in range(60):
        rules = draw_rule_set(seed, difficulty, num_agents=2)
        assert level.min_steps <= len(find_plan(rules, 2)) <= level.max_steps
        assert [p.station for p in rules.productions] == list(STATIONS[: level.num_stations])
        assert num_twists(rules) == level.num_twists
        useful = {step.station for step in find_plan(rules, 2)} - {ALTAR, ""}
        assert len(useful) <= level.num_stations - level.num_idle


def num_twists(rules):
    each = [
        (p.mark > 0) + p.is_closed + (p.people > 1) + (p.stock is not None) + (p.cooldown in LONG_COOLDOWNS)
        for p in rules.everything()
    ]
    return sum(each) + (rules.perishable is not None)


def test_a_seed_is_a_game():
    assert draw_rule_set(7, 5) == draw_rule_set(7, 5) != draw_rule_set(8, 5)


def test_alone_nobody_is_asked_for_company():
    assert all(p.people == 1 for seed in range(50) for p in draw_rule_set(seed, 9).everything())
    assert any(p.people == 2 for seed in range(50) for p in draw_rule_set(seed, 9, 2).everything())


@pytest.mark.parametrize("difficulty", [0, 11])
def test_other_difficulties_are_refused(difficulty):
    with pytest.raises(ValueError, match=rf"difficulty: must be 1 to 10 \(got {difficulty}\)"):
        draw_rule_set(0, difficulty)


@pytest.mark.parametrize(("difficulty", "num_draws"), [(3, 4000), (6, 3000)])
def test_there_are_more_than_a_million_games(difficulty, num_draws):
    """Among n draws from N games, n(n-1)/2N pairs are equal if all are equally likely, more if they are not."""
    counts = Counter(fingerprint(draw_rule_set(seed, difficulty, 2)) for seed in range(num_draws))
    pairs = sum(count * (count - 1) // 2 for count in counts.values())
    expected_of_a_million = num_draws * (num_draws - 1) / 2 / A_MILLION
    assert pairs < expected_of_a_million / 2


@pytest.mark.parametrize("difficulty", CHAIN)
def test_plain_chains_alone_are_more_than_a_million(difficulty):
    """Counts a family exactly, and checks with a sample that its members can be drawn and are all different."""
    assert num_chains(difficulty) > A_MILLION
    rng, level = Random(difficulty), level_of(difficulty)
    members = {chain(rng, difficulty) for _ in range(60)}
    for rules in members:
        assert level.min_steps <= len(find_plan(rules)) <= level.max_steps
        assert num_twists(rules) == level.num_twists
        assert len(rules.productions) == level.num_stations
    assert len({fingerprint(rules) for rules in members}) == len(members)


def num_chains(difficulty):
    """Chains of `length` stations below the altar; each twist is on another thing; one idle station varies.

    A thing that must be opened is so in MAX_HITS + 1 ways; one with a long rest has one of LONG_COOLDOWNS, others
    one of COOLDOWNS, the altar 2. The idle station takes one or two of the chain's items, one or two of each, for
    nothing or for an item that nobody wants; or it is a source of that.
    """
    length, num_closed = CHAIN[difficulty]
    num_slow = level_of(difficulty).num_twists - num_closed
    idle = len(COOLDOWNS) * (2 * (2 * length + 4 * comb(length, 2)) + 1)
    ways = sum(
        comb(length, slow) * len(LONG_COOLDOWNS) ** num_slow * len(COOLDOWNS) ** (length - slow)
        for slow in {num_slow, num_slow - 1}
        if slow >= 0  # the altar, too, can be slow
    )
    unslow = length + 1 - num_slow
    return ways * comb(unslow, num_closed) * (MAX_HITS + 1) ** num_closed * idle


def chain(rng, difficulty):
    length, num_closed = CHAIN[difficulty]
    twisted = rng.sample(range(length + 1), level_of(difficulty).num_twists)
    closed, slow = twisted[:num_closed], twisted[num_closed:]
    items = [HEART, *ITEMS[:length]]
    links = [*pairwise(items), (items[-1], None)]
    things = []
    for index, (output, item) in enumerate(links):
        hits = rng.randint(0, MAX_HITS) if index in closed else 0
        rest = rng.choice(LONG_COOLDOWNS) if index in slow else rng.choice(COOLDOWNS) if index else 2
        station = STATIONS[index - 1] if index else ALTAR
        inputs = ((item, 1),) if item else ()
        jammed = index in closed and hits == 0
        things.append(Production(station, inputs, output, 1, rest, 0, hits, jammed))
    output = rng.choice([None, ITEMS[length]])
    kinds = rng.randint(0 if output else 1, 2)
    taken = tuple((item, rng.randint(1, 2)) for item in sorted(rng.sample(items[1:], kinds)))
    idle = [Production(STATIONS[length], taken, output, cooldown=rng.choice(COOLDOWNS))]
    for station in STATIONS[length + 1 : level_of(difficulty).num_stations]:
        idle.append(Production(station, ((ITEMS[0], 1),), cooldown=2))
    return RuleSet(things[0], (*things[1:], *idle), difficulty=difficulty)
