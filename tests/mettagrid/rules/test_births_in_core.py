"""Birth and what a child gets from its parents: place, body, variables, kinship, and the slot of somebody who died."""

from collections import Counter
from typing import Any

import pytest

from mettagrid.config.sharing import Gene
from mettagrid.config.things import Body, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.kinship import RandomKinship, Teams
from mettagrid.maps import AsciiMap
from mettagrid.rules import Birth, Bond, CanBear, Count, Court, Courted, Not, Remove, Rule, Set
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import LEGEND, game

NORTH, EAST, SOUTH, WEST = range(4)
THREE = "......\n..@@..\n..@...\n......"
UNRELATED = Teams(num_teams=1, score=0, shuffle=False)


def village(text: str, slots: int = 4, seed: int = 0, rules: list[Rule] | None = None, **fields: Any) -> Play:
    """Agents `bear` a child with whoever is ahead, `split` off one alone, `kill` who is ahead or `die`."""
    verbs = {"bear": Verb(aim=Ahead()), "kill": Verb(aim=Ahead()), "split": Verb(), "die": Verb()}
    basics = [
        Rule(on="bear", target="agent", then=[Birth()]),
        Rule(on="kill", target="agent", then=[Remove()]),
        Rule(on="split", then=[Birth()]),
        Rule(on="die", then=[Remove("actor")]),
    ]
    parts: dict[str, Any] = {
        "num_agents": slots,
        "initial_agents": text.count("@"),
        "verbs": verbs | {"move": Verb(choices=directions(aimed=True))} | fields.pop("verbs", {}),
        "map": AsciiMap(text=text, legend=LEGEND),
        "starts": {"heading": [EAST, WEST, NORTH]},
    }
    return Play(game(text, [*(rules or []), *basics], **parts | fields), seed)


def alive(play: Play) -> list[bool]:
    return play.env.alive.tolist()


def many(text: str, child: int, **fields: Any) -> list[Play]:
    """The same birth in many worlds."""
    plays = [village(text, seed=seed, **fields).do("bear") for seed in range(60)]
    assert all(play.env.alive[child] for play in plays)
    return plays


def test_a_child_takes_the_first_free_slot_beside_its_parent():
    play = village("....\n.@@.\n....").do("bear")
    assert alive(play) == [True, True, True, False]
    row, column = play.place(2)
    assert max(abs(row - 1), abs(column - 1)) == 1, "beside the actor"
    assert play.kind_at(row, column) == "agent"
    assert (play.has("energy", 2), play.has("frozen", 2)) == (10, 0), "what its body begins with"
    assert (play.can("split", 2), play.can("split", 3)) == (True, False)
    assert "kind:agent" in play.sees(2)[0, 0]


def test_children_appear_in_any_free_cell_beside():
    cells = Counter(play.place(2) for play in many("....\n.@@.\n....", 2))
    assert set(cells) == {(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (2, 1), (2, 2)}


def test_beside_the_target_if_the_rule_says_so():
    rule = Rule(on="bear", target="agent", then=[Birth(of="target")])
    text = "#####\n#@@.#\n#####"
    assert village(text, rules=[rule]).do("bear").place(2) == (1, 3)
    blocked = village(text).do("bear")
    assert alive(blocked) == [True, True, False, False], "beside the actor there is no room"
    assert blocked.count("action.bear.success") == 1


def test_without_a_slot_or_a_cell_nobody_is_born():
    assert alive(village("##\n@@\n##", slots=3).do("bear")) == [True, True, False]
    crowded = village(".@@.", slots=3).do("bear").do("bear")
    assert alive(crowded) == [True, True, True]


@pytest.mark.parametrize(
    ("text", "slots", "expected"),
    [(".@@.", 3, True), (".@@.", 2, False), ("#@@.", 3, False), ("#@@#", 3, False), ("#@@.\n##.#", 3, True)],
)
def test_can_bear_asks_for_a_slot_and_a_cell_beside_the_actor(text, slots, expected):
    def counts(condition: Any) -> bool:
        rule = Rule(on="bear", target="agent", when=[condition], then=[Count("yes")])
        return village(text, slots, rules=[rule]).do("bear").count("yes") == 1

    assert counts(CanBear()) is expected
    assert counts(Not(CanBear())) is not expected


def test_can_bear_beside_the_target():
    rule = Rule(on="bear", target="agent", when=[CanBear("target")], then=[Count("yes")])
    assert village("#@@.", 3, rules=[rule]).do("bear").count("yes") == 1
    assert village(".@@#", 3, rules=[rule]).do("bear").count("yes") == 0


def test_can_bear_may_be_required_of_a_verb_from_the_first_step_on():
    play = village(".@.", slots=2, verbs={"split": Verb(requires=[CanBear()])})
    assert play.can("split")
    assert not play.do("split").can("split")
    assert play.do("noop", "die").can("split")
    assert alive(play.do("split")) == [True, True]


# Slots


def test_the_slot_of_one_who_died_is_used_again_but_not_in_the_same_step():
    play = village("....\n.@@.\n....", slots=2, max_steps=50)
    born = 0
    for seed in range(20):
        play.env.reset(seed)
        play.do("split", "die")
        assert alive(play) == [True, False], "first its end is told"
        assert play.env.terminated.tolist() == [False, True]
        play.do("split")
        assert (alive(play), play.env.terminated.tolist()) == ([True, True], [False, False])
        born += 1
    assert born == 20


def test_a_child_takes_nothing_over_from_the_last_one_in_its_slot():
    set_up = [Rule(on="split", target="self", then=[Birth(), Set("ore", 3), Set("energy", 44)])]
    play = village("...\n.@.\n...", slots=2, rules=set_up).do("split")
    play.do("noop", "split")
    assert (play.has("ore", 1), play.has("energy", 1)) == (3, 44)
    play.do("noop", "die").do("split")
    assert (play.has("ore", 1), play.has("energy", 1)) == (0, 10)


def test_a_child_is_neither_courted_nor_bonded():
    verbs = {name: Verb(aim=Ahead()) for name in ("court", "ask", "bond")}
    rules = [
        Rule(on="court", target="agent", then=[Court()]),
        Rule(on="ask", target="agent", when=[Courted(50)], then=[Count("courted")]),
        Rule(on="bond", target="agent", then=[Bond()]),
    ]
    play = village(
        "###\n#@#\n#@#\n###", slots=2, rules=rules, verbs=verbs, starts={"heading": [SOUTH, NORTH]}
    )
    play.do("court")
    assert play.do("noop", "ask").count("courted", 1) == 1
    play.do("court").do("bond").do("kill").do("split")
    assert alive(play) == [True, True]
    assert play.place(1) == (2, 1), "the child stands where the other one stood"
    assert not any("mate" in features for agent in (0, 1) for features in play.sees(agent).values())
    assert play.do("noop", "ask").count("courted", 1) == 1, "nobody courted the child"


def test_episodes_begin_with_the_first_agents_only():
    play = village("....\n.@@.\n....", slots=5, max_steps=3).do("bear", times=2)
    assert alive(play) == [True, True, True, True, False]
    assert alive(play.do("bear")) == [True, True, False, False, False]


def test_slots_before_birth_earn_nothing_and_do_nothing():
    rules = [Rule(on="step", target="agent", then=[Count("lived")])]
    play = village(".@@.", slots=4, rules=rules).do("noop", "noop", "split", "split", times=3)
    assert [play.count("lived", agent) for agent in range(4)] == [3, 3, 0, 0]
    assert [play.count("action.split.failed", agent) for agent in range(4)] == [0, 0, 0, 0]
    assert play.env.rewards.tolist() == [0, 0, 0, 0]


def test_a_newborn_acts_and_is_asked_in_the_next_step():
    play = village("...\n.@.\n...", slots=3).do("split").do("noop", "split")
    assert alive(play) == [True, True, True]
    assert play.told(1)["last_action:split"] == 1


# Body and variables


BODIES = {
    "small": Body(share=1, traits={"strength": 1}, caps={"ore": 2}),
    "big": Body(share=1, traits={"strength": 3}, initial={"energy": 40}),
    "rare": Body(share=0.5, traits={"strength": 7}),
    "never": Body(share=0, traits={"strength": 9}),
}


def bodies_of_children(rules: list[Rule] | None = None, verb: str = "bear") -> Counter[int]:
    found: Counter[int] = Counter()
    for seed in range(120):
        play = village("....\n.@@.\n....", slots=5, seed=seed, bodies=BODIES, rules=rules).do(verb)
        found[int(play.env.world(0).profiles[2])] += 1
    return found


def test_a_child_has_the_body_of_either_parent():
    found = bodies_of_children()
    profiles = village("@@", slots=5, bodies=BODIES).env.world(0).profiles
    assert profiles[0] == 0 and profiles[1] == 0, "of five slots the first two have the first body"
    assert set(found) == {0}
    differ = []
    for seed in range(200):
        play = village("....\n.@@.\n....", slots=4, seed=seed, bodies=BODIES, sample_bodies=True).do("bear")
        differ.append(play.env.world(0).profiles[:3].tolist())
    differ = [(mother, father, child) for mother, father, child in differ if mother != father]
    assert all(child in (mother, father) for mother, father, child in differ)
    of_mother = sum(child == mother for mother, _, child in differ) / len(differ)
    assert 0.3 < of_mother < 0.7


def test_a_mutation_is_a_body_drawn_by_the_shares():
    always = [Rule(on="bear", target="agent", then=[Birth(mutation=1.0)])]
    found = bodies_of_children(always)
    assert set(found) == {0, 1, 2}, "a body without a share is never drawn"
    assert found[0] > found[2] < found[1]
    sometimes = bodies_of_children([Rule(on="bear", target="agent", then=[Birth(0.5)])])
    assert (
        0.5 < sometimes[0] / 120 < 0.9
    )  # half of them do not mutate; two fifths of the others are small again


def test_a_child_alone_has_the_body_of_its_parent():
    assert set(bodies_of_children(verb="split")) == {0}


def inheriting(gene: Gene, values: list[int], **fields: Any) -> Counter[int]:
    """Values of `ore` of 60 children whose parents have these."""
    starts = {"heading": [EAST, WEST], "ore": values, "team": [3, 3]}
    variables = {
        "ore": Variable(cap=20, initial=9),
        "team": Variable(cap=3),
        "energy": Variable(),
        "frozen": Variable(),
    }
    parts = {"heredity": {"ore": gene}, "starts": starts, "variables": variables} | fields
    plays = many("....\n.@@.\n....", 2, **parts)
    assert all(play.has("team", 2) == 0 for play in plays), "what is not inherited begins as the body says"
    return Counter(play.has("ore", 2) for play in plays)


def test_a_gene_comes_from_either_parent():
    found = inheriting(Gene(), [2, 7])
    assert set(found) == {2, 7}
    assert 15 < found[2] < 45


def test_a_mutation_changes_a_gene_by_its_span_at_most():
    found = inheriting(Gene(mutation=1.0, span=2), [10, 10])
    assert set(found) == {8, 9, 10, 11, 12}
    rare = inheriting(Gene(mutation=0.2, span=5), [10, 10])
    assert 36 < rare[10] < 60
    assert set(inheriting(Gene(mutation=1.0, span=0), [10, 4])) == {10, 4}
    assert min(inheriting(Gene(mutation=1.0, span=3), [0, 0])) == 0, "values stay within the caps"
    assert max(inheriting(Gene(mutation=1.0, span=3), [20, 20])) == 20


def test_a_single_parent_passes_its_own_values_on():
    starts = {"heading": [EAST, WEST], "ore": [4, 1]}
    children = set()
    for seed in range(20):
        play = village("....\n.@@.\n....", seed=seed, heredity={"ore": Gene()}, starts=starts).do("split")
        children.add(play.has("ore", 2))
    assert children == {4}


# Kinship


def kinship_of(play: Play, agent: int) -> dict[int, int]:
    """What an agent is shown of how near the others are."""
    row, column = play.place(agent)
    seen = {play.at(row + down, column + right): cell for (down, right), cell in play.sees(agent).items()}
    return {other: cell.get("kinship", 0) for other, cell in seen.items() if other != agent}


def test_kinship_by_descent():
    """Parents are 1/2, full siblings 1/2, half siblings and grandparents 1/4."""
    play = village(THREE, slots=8, kinship=UNRELATED)
    assert kinship_of(play, 0) == {1: 0, 2: 0}
    play.do("bear").do("bear")
    assert (kinship_of(play, 3), kinship_of(play, 0)) == (
        {0: 120, 1: 120, 2: 0, 4: 120},
        {1: 0, 2: 0, 3: 120, 4: 120},
    )
    play.do("noop", "noop", "bear")
    assert kinship_of(play, 5) == {0: 120, 1: 0, 2: 120, 3: 60, 4: 60}
    play.do("noop", "noop", "noop", "split")
    assert kinship_of(play, 6) == {0: 60, 1: 60, 2: 0, 3: 120, 4: 60, 5: 30}
    for agent in range(7):
        for other, score in kinship_of(play, agent).items():
            assert kinship_of(play, other)[agent] == score


def test_a_child_is_as_near_as_the_mean_of_its_parents():
    kin = RandomKinship(symmetric=False)
    play = village(THREE, slots=4, kinship=kin)
    before = [kinship_of(play, agent) for agent in range(3)]
    play.do("bear")
    after = kinship_of(play, 3)
    assert after[2] == (before[0][2] + before[1][2]) // 2
    assert kinship_of(play, 2)[3] == (before[2][0] + before[2][1]) // 2
    assert after[0] == (240 + before[1][0]) // 2
    assert kinship_of(play, 1)[3] == (before[1][0] + 240) // 2


def test_the_next_child_in_a_slot_has_kin_of_its_own():
    play = village(THREE, slots=4, kinship=UNRELATED)
    play.do("bear")
    assert kinship_of(play, 3) == {0: 120, 1: 120, 2: 0}
    play.do("noop", "noop", "noop", "die").do("noop", "noop", "split")
    assert kinship_of(play, 3) == {0: 0, 1: 0, 2: 120}
