"""Scripts in small games: walking, facing, waiting, remembering, exploring, avoiding, working side by side."""

from collections import deque

import numpy as np
import pytest
import torch

from metta.policy.scripted import Avoid, Errand, ErrandPolicy, Lot, Nearby, Own, Random, Seen
from tests.policy.errand_games import ALTAR_COOLDOWN, Play
from tests.policy.games import make_spec

CORRIDOR = """
    #######
    #@...A#
    #######
"""
TAKE = Errand("ore", "use", when=[Own("ore") == 0])
OFFER = Errand("altar", "use", when=[Own("ore") >= 1])


def random_field(seed: int, size: int = 9) -> np.ndarray:
    """Return characters [size, size] with an agent in the middle, an altar somewhere and walls."""
    rng = np.random.default_rng(seed)
    field = np.where(rng.random((size, size)) < 0.35, "#", ".")
    field[tuple(rng.integers(size, size=2))] = "A"
    field[size // 2, size // 2] = "@"
    return np.pad(field, 1, constant_values="#")


def steps_to_altar(field: np.ndarray) -> int | None:
    """Return the number of steps from the agent to the altar, or to just beside it plus one; None if none."""
    start = tuple(map(int, np.argwhere(field == "@")[0]))
    queue, steps = deque([start]), {start: 0}
    while queue:
        row, column = queue.popleft()
        if field[row, column] == "A":
            return steps[row, column]
        for cell in ((row - 1, column), (row, column + 1), (row + 1, column), (row, column - 1)):
            if field[cell] != "#" and cell not in steps:
                steps[cell] = steps[row, column] + 1
                queue.append(cell)
    return None


@pytest.mark.parametrize("has_turn", [True, False])
def test_walks_the_shortest_way_around_walls(has_turn: bool) -> None:
    num_walked = 0
    for seed in range(30):
        field = random_field(seed)
        steps = steps_to_altar(field) if (field == "A").any() else None
        if steps is None or steps > 14:
            continue
        play = Play("\n".join(map("".join, field)), [Errand("altar", "use")], has_turn=has_turn)
        before = play.steps_until("use", limit=steps + 1)
        num_turns = sum(name.startswith("turn") for name in play.of())
        assert num_turns <= 1 if has_turn else num_turns == 0
        assert before in (steps - 1, steps)  # the last step is not made, but perhaps a turn
        num_walked += steps > 4
    assert num_walked >= 8


def test_faces_the_thing_by_a_turn_or_else_by_a_blocked_move() -> None:
    field = """
        ####
        #@A#
        ####
    """
    assert Play(field, [Errand("altar", "use")]).run(2).of() == ["turn_east", "use"]
    assert Play(field, [Errand("altar", "use")], has_turn=False).run(2).of() == ["move_east", "use"]


def test_a_verb_with_directions_needs_no_facing() -> None:
    field = """
        #######
        #@B..A#
        #######
    """
    errands = [Errand("box", "push", when=[Nearby("altar", of="target") == 0])]
    play = Play(field, errands).run(2)
    assert play.of() == ["push_east", "push_east"]
    assert play.place() == (1, 3)


def test_waits_beside_what_cools_down() -> None:
    play = Play(CORRIDOR, [OFFER], ore=3)
    play.steps_until("use")
    rest = ["noop"] * (ALTAR_COOLDOWN - 1)
    assert play.run(2 * ALTAR_COOLDOWN).of()[-2 * ALTAR_COOLDOWN :] == [*rest, "use", *rest, "use"]
    assert play.rewards[0] == 3


def test_goes_on_to_another_thing_if_the_script_does_not_wait() -> None:
    field = """
        ###########
        #A.....@.A#
        ###########
    """
    waits = Play(field, [Errand("altar", "use", when=[Own("ore") >= 1])], ore=9)
    leaves = Play(field, [Errand("altar", "use", when=[Own("ore") >= 1, Seen("cooldown") == 0])], ore=9)
    insists = Play(field, [Errand("altar", "use", when=[Own("ore") >= 1], wait="")], ore=9)
    for play in (waits, leaves, insists):
        play.run(20)
    assert waits.place() == insists.place() == (1, 8)
    assert "noop" in waits.of()
    assert insists.of()[-10:] == ["use"] * 10
    assert leaves.place() != (1, 8)
    assert leaves.run(20).rewards[0] >= 4


@pytest.mark.parametrize("has_turn", [True, False])
def test_goes_back_to_what_it_remembers(has_turn: bool) -> None:
    field = """
        ##################
        #A..............O#
        #.@..............#
        #................#
        ##################
    """
    hearts = []
    for remember in (True, False):
        errands = [
            Errand("ore", "use", when=[Own("ore") == 0], remember=remember),
            Errand("altar", "use", when=[Own("ore") >= 1], remember=remember),
        ]
        hearts.append(Play(field, errands, has_turn=has_turn, view=5).run(195).rewards[0])
    assert hearts[0] >= 4  # sixteen steps there and sixteen back, after finding the ore
    assert hearts[0] > hearts[1]


def test_explores_until_it_finds_something() -> None:
    inside = ["." * 20 for _ in range(20)]
    inside[0] = "@" + "." * 19
    inside[19] = "." * 19 + "A"
    field = "\n".join(["#" * 22, *(f"#{row}#" for row in inside), "#" * 22])
    play = Play(field, [Errand("altar", "use")], view=7, max_steps=1000)
    assert play.steps_until("use", limit=400) >= 37


def test_only_things_that_fulfil_the_conditions_are_targets() -> None:
    field = """
        #########
        #D..@...#
        #@.....@#
        #########
    """
    errands = [
        Errand(do="mark_2", when=[Own("progress") <= 1, Nearby("dud") == 1]),
        Errand("agent", "greet", when=[Seen("mark") == 2, Own("mark") == 0]),
    ]
    play = Play(field, errands, view=15).run(12)
    assert play.variable("mark") == [0, 2, 0]
    first, marked, last = play.variable("greeted")
    assert (first, last) == (0, 0)
    assert marked >= 8


def test_targets_are_compared_with_oneself() -> None:
    field = """
        #########
        #@..@..@#
        #########
    """
    errands = [
        Errand(do="mark_1", when=[Own("progress") <= 1, Nearby("wall") == 7]),
        Errand("agent", "greet", when=[Seen("mark") != Own("mark")]),
    ]
    play = Play(field, errands, view=15).run(10)
    assert play.variable("mark") == [1, 0, 1]
    assert play.variable("greeted")[1] >= 14
    alike = Play(field, [Errand("agent", "greet", when=[Seen("mark") != Own("mark")])], view=15)
    assert alike.run(10).variable("greeted") == [0, 0, 0]


def test_on_the_spot_the_first_possible_errand_wins() -> None:
    errands = [
        Errand(do="mark_1", when=[Own("mark") == 0]),
        Errand(do="mark_3", when=[Own("mark") <= 1]),
        Errand(do="mark_2", when=[Own("mark") == 9]),
        Errand("altar", "use"),
    ]
    assert Play(CORRIDOR, errands).run(4).of() == ["mark_1", "mark_3", "move_east", "move_east"]


def test_cost_makes_the_nearer_thing_second() -> None:
    field = """
        #########
        #D.@...A#
        #########
    """
    cheap = [Errand("dud", "use"), Errand("altar", "use")]
    dear = [Errand("dud", "use", cost=3), Errand("altar", "use")]
    assert Play(field, cheap).run(1).of() == ["move_west"]
    assert Play(field, dear).run(1).of() == ["move_east"]


def test_patience_ends() -> None:
    field = """
        #########
        #D@....A#
        #########
    """
    errands = [Errand("dud", "use", patience=5), Errand("altar", "use", cost=20)]
    play = Play(field, errands)
    assert play.steps_until("move_east") == 1 + 5  # a turn and five vain tries
    play = Play(field, [Errand("dud", "use"), errands[1]]).run(50)
    assert "move_east" not in play.of()


def test_stands_beside_and_holds_still() -> None:
    field = """
        #######
        #@....#
        #..A..#
        #....@#
        #######
    """
    play = Play(field, [Errand("altar")]).run(20)
    assert play.actions[-5:] == [["noop", "noop"]] * 5
    for agent in (0, 1):
        row, column = play.place(agent)
        assert abs(row - 2) + abs(column - 3) == 1


def test_steps_onto_a_place() -> None:
    field = """
        #######
        #@....#
        #....A#
        #######
    """
    errands = [Errand("empty", "mark_1", when=[Nearby("altar", of="target") >= 1], onto=True)]
    play = Play(field, errands)
    play.steps_until("mark_1")
    row, column = play.place()
    assert max(abs(row - 2), abs(column - 5)) == 1
    assert play.run(3).of()[-3:] == ["mark_1"] * 3


def test_a_ground_is_gone_to_or_around() -> None:
    field = """
        #######
        #.....#
        #@m.mA#
        #######
    """
    bather = Play(field, [Errand("mud", "mark_1", onto=True)]).run(3)
    assert bather.of() == ["move_east", "mark_1", "mark_1"]
    assert bather.place() == (2, 2)
    straight = Play(field, [Errand("altar", "use")])
    around = Play(field, [Errand("altar", "use")], [Avoid("mud", radius=0, cost=5)])
    assert straight.steps_until("use") == 3
    assert around.steps_until("use") > 4
    assert "move_north" in around.of()


def test_the_dead_forget() -> None:
    play = Play(CORRIDOR, [OFFER])
    play.run(2)
    assert play.state.abs().sum() > 0
    nothing = torch.full_like(torch.from_numpy(play.env.observations), 255)
    mask = torch.from_numpy(play.env.action_mask)
    assert play.policy(nothing, mask, play.state, play.resets).state.abs().sum() == 0


def test_agents_meet() -> None:
    field = """
        ##########
        #@..##...#
        ###....#@#
        ##########
    """
    play = Play(field, [Errand("agent", "greet")], view=15).run(20)
    greeted = play.env.spec.variable_names.index("greeted")
    assert (play.env.world(0).variables[:2, greeted] >= 5).all()


def test_keeps_away_from_what_is_to_be_avoided() -> None:
    field = """
        #########
        #.......#
        #.......#
        #@..D..A#
        #.......#
        #.......#
        #########
    """
    bold = Play(field, [Errand("altar")])
    shy = Play(field, [Errand("altar")], [Avoid("dud", radius=2, cost=20)])
    assert nearest_to_dud(bold) == 1
    assert nearest_to_dud(shy) == 2
    assert nearest_to_dud(Play(field, [Errand("altar")], [Avoid("dud", when=[Seen("mark") == 1])])) == 1


def nearest_to_dud(play: Play) -> int:
    """Return how near to row 3, column 4 an agent comes on its way to the altar in steps."""
    distances = []
    for _ in range(20):
        play.run(1)
        row, column = play.place()
        distances.append(abs(row - 3) + abs(column - 4))
    assert abs(row - 3) + abs(column - 7) == 1
    return min(distances)


def test_flees() -> None:
    field = """
        ############
        #D@........#
        ############
    """
    hide = Errand("altar", "use")
    play = Play(field, [hide], [Avoid("dud", radius=4, cost=30)]).run(6)
    assert play.place()[1] >= 6


def test_an_errand_whose_action_is_masked_is_left() -> None:
    errands = [Errand("altar", "use"), Errand("ore", "greet", cost=20), Errand(do="mark_1")]
    field = """
        #######
        #O.@.A#
        #######
    """
    for masked, action in [("", "mark_1"), ("mark_1", "move_east"), ("mark_1 use", "move_west")]:
        play = Play(field, errands)
        for name in masked.split():
            play.env.action_mask[:, play.env.spec.action_names.index(name)] = False
        assert play.run(1).of() == [action]


def test_chance_is_drawn_at_every_step_and_lots_once() -> None:
    field = "\n".join(["#" * 12, "#" + "@" * 10 + "#", "#" + "@" * 9 + "A#", "#" * 12])
    by_chance = Play(field, [Errand(do="mark_1", when=[Random() < 0.5]), Errand("altar")]).run(40)
    by_lot = Play(field, [Errand(do="mark_1", when=[Lot() < 0.5]), Errand("altar")]).run(40)
    times = np.array(
        [[play.of(agent).count("mark_1") for agent in range(19)] for play in (by_chance, by_lot)]
    )
    assert ((times[0] >= 8) & (times[0] <= 32)).all()
    assert set(times[1]) == {0, 40}
    assert 4 <= (times[1] == 40).sum() <= 15


def test_what_a_game_lacks_is_named() -> None:
    spec = Play(CORRIDOR, [TAKE]).env.spec
    for errand, message in [
        (Errand("alter", "use"), "no feature 'kind:alter'.*did you mean kind:altar"),
        (Errand("altar", "uses"), "no action 'uses'.*did you mean use"),
        (Errand("altar", "use", when=[Own("oar") > 0]), "no feature 'own:oar'"),
        (Errand("altar", "use", when=[Seen("cool") > 0]), "no feature 'cool'.*cooldown"),
        (Errand("altar", "use", wait="frozen"), "no feature 'frozen'"),
        (Errand(do="mark_7"), "no action 'mark_7'"),
    ]:
        with pytest.raises(ValueError, match=message):
            ErrandPolicy(spec, [TAKE, errand])
    with pytest.raises(ValueError, match="at least one errand needs a kind"):
        ErrandPolicy(spec, [Errand(do="mark_1")])
    with pytest.raises(ValueError, match="no kind 'walls'; did you mean wall"):
        ErrandPolicy(spec, [TAKE], landmarks=["walls"])
    with pytest.raises(ValueError, match="no feature 'kind:ore'"):
        ErrandPolicy(make_spec(), [TAKE])
