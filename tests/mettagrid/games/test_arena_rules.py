"""The rules of the arena, held to the README's game overview: each section is one of its sentences."""

import pytest

from mettagrid.builder.envs import make_arena
from mettagrid.games.arena import ArenaNumbers
from tests.mettagrid.play import Play, arena_on

NUMBERS = ArenaNumbers()
ENERGY = NUMBERS.initial_energy
ACTIONS = Play(arena_on("@")).spec.action_names[1:]
ATTACKS = [f"attack_{number}" for number in range(1, 10)]
FACE_TO_FACE = """
    @
    @
"""  # agent 1 looks north, at agent 0


# "Agents can see a limited number of squares around them."


def test_agents_see_eleven_by_eleven_cells():
    rows = [["."] * 15 for _ in range(15)]
    rows[7][7] = "@"
    for row, column in ((2, 7), (1, 7), (7, 12), (7, 13), (12, 12), (13, 13), (2, 2), (12, 2)):
        rows[row][column] = "a"
    play = Play(arena_on("\n".join("".join(row) for row in rows)))
    altars = {cell for cell, features in play.sees().items() if "kind:altar" in features}
    assert altars == {(-5, 0), (0, 5), (5, 5), (-5, -5), (5, -5)}


def test_what_comes_into_sight_is_seen():
    play = Play(arena_on("@......a"))
    assert (0, 7) not in play.sees()
    assert play.do("move_east").sees().get((0, 6)) is None
    assert "kind:altar" in play.do("move_east").sees()[0, 5]


def test_the_view_keeps_north_up_and_shows_where_agents_look():
    play = Play(arena_on("a\n@"))
    for action, heading in (("turn_east", 2), ("turn_south", 3), ("turn_west", 4), ("turn_north", 1)):
        play.do(action)
        assert play.sees()[0, 0]["heading"] == heading
        assert "kind:altar" in play.sees()[-1, 0]


# "Agents harvest diamonds, ..."


@pytest.mark.parametrize(("station", "color", "other"), [("r", "red", "blue"), ("b", "blue", "red")])
def test_a_generator_gives_a_diamond_of_its_color(station, color, other):
    play = Play(arena_on(f"{station}\n@"))
    play.do("use")
    assert (play.has(color), play.has(other)) == (1, 0)
    assert play.told()[f"own:{color}"] == 1
    assert play.count(f"{color}.gained") == 1
    assert play.count("action.use.success") == 1


def test_only_the_generator_ahead_gives():
    play = Play(arena_on("@r"))
    play.do("use")
    assert play.has("red") == 0
    assert play.count("action.use.failed") == 1
    assert play.do("turn_east").do("use").has("red") == 1


def test_a_generator_rests_for_ten_steps():
    play = Play(arena_on("r\n@")).do("use")
    assert play.sees()[-1, 0]["cooldown"] == 10
    play.do("use", times=9)
    assert (play.has("red"), play.sees()[-1, 0]["cooldown"]) == (1, 1)
    assert play.do("use").has("red") == 2


def test_nobody_carries_more_than_five_diamonds_of_a_color():
    play = Play(arena_on("r\n@", starts={"red": [5]}))
    play.do("use")
    assert play.has("red") == 5
    assert "cooldown" not in play.sees()[-1, 0]


def test_generators_can_run_dry_and_renew():
    numbers = {"generator_stock": 2, "generator_cooldown": 0, "renewal_period": 8}
    play = Play(arena_on("r\n@", numbers))
    assert play.sees()[-1, 0]["stock"] == 2
    assert play.do("use", times=4).has("red") == 2
    assert "stock" not in play.sees()[-1, 0]
    assert play.do(times=4).sees()[-1, 0]["stock"] == 1
    assert play.do("use").has("red") == 3


def test_harvest_can_be_a_matter_of_luck():
    numbers = {"harvest_chance": 0.5, "generator_cooldown": 0, "diamond_cap": 250}
    play = Play(arena_on("r\n@", numbers, starts={"energy": [250]}))
    play.do("use", times=200)
    assert 70 <= play.has("red") <= 130
    assert play.count("action.use.failed") == 200 - play.has("red")


# "... convert them to energy at charger stations, ..."


@pytest.mark.parametrize("color", ["red", "blue"])
def test_a_charger_turns_a_diamond_into_energy(color):
    play = Play(arena_on("c\n@", starts={color: [2]}))
    play.do("use")
    assert play.has(color) == 1
    assert play.has("energy") == ENERGY - 1 + 50
    assert play.told()["own:energy"] == play.has("energy")


def test_a_charger_gives_more_for_a_pair_than_for_two_single_diamonds():
    play = Play(arena_on("c\n@", starts={"red": [2], "blue": [1], "energy": [100]}))
    play.do("use")
    assert (play.has("red"), play.has("blue")) == (1, 0)
    assert play.has("energy") == 100 - 1 + 150 > 100 + 2 * 50


def test_a_charger_gives_nothing_for_nothing():
    play = Play(arena_on("c\n@")).do("use")
    assert play.has("energy") == ENERGY - 1
    assert play.count("action.use.failed") == 1


def test_a_charger_rests_for_two_steps():
    play = Play(arena_on("c\n@", starts={"red": [5]}))
    assert play.do("use", times=2).has("red") == 4
    assert play.do("use").has("red") == 3


def test_energy_above_the_cap_is_lost():
    play = Play(arena_on("c\n@", starts={"red": [1], "energy": [240]})).do("use")
    assert play.has("energy") == 250
    assert play.count("energy.gained") == 11


# "... and use energy to power the 'heart altar' for rewards."


def test_the_altar_turns_energy_into_a_heart_and_a_reward():
    play = Play(arena_on("a\n@", starts={"energy": [150]})).do("use")
    assert play.has("energy") == 150 - 1 - 100
    assert (play.has("heart"), play.told()["own:heart"]) == (1, 1)
    assert play.reward() == 1.0
    assert play.told()["reward"] == 100, "the observation shows this step's reward, in hundredths"
    assert play.count("heart.gained") == 1


def test_without_enough_energy_there_is_no_heart():
    play = Play(arena_on("a\n@", starts={"energy": [100]})).do("use")  # one is the price of trying
    assert (play.has("energy"), play.has("heart"), play.reward()) == (99, 0, 0.0)


def test_the_altar_rests_for_two_steps():
    numbers = {"heart_price": 10}
    play = Play(arena_on("a\n@", numbers))
    assert [play.do("use").reward() for _ in range(5)] == [1.0, 0.0, 1.0, 0.0, 1.0]


def test_a_whole_life():
    """Both diamonds, the charger, the altar: the way that the overview describes."""
    game = arena_on(
        """
        rbca
        @...
        """,
        starts={"energy": [100]},
    )
    play = Play(game).do("use")
    for action in ["move_east", "turn_north", "use"] * 3:
        play.do(action)
    assert play.has("heart") == 1
    assert play.has("energy") == 100 - 10 + 150 - 100
    assert (play.has("red"), play.has("blue")) == (0, 0)


# "All actions cost energy, ..."


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_costs_energy_whether_it_succeeds_or_not(action):
    price = NUMBERS.attack_price if action in ATTACKS else 1
    play = Play(arena_on("@\n.", starts={"red": [1], "blue": [1]}))
    play.do(action)
    assert play.has("energy") == ENERGY - price


def test_doing_nothing_is_free():
    assert Play(arena_on("@")).do(times=5).has("energy") == ENERGY


@pytest.mark.parametrize("action", ACTIONS)
def test_who_cannot_pay_cannot_act(action):
    price = NUMBERS.attack_price if action in ATTACKS else 1
    resources = {"red": [1], "blue": [1]}
    if action != "give_energy":  # who gives energy must keep the price of giving: 2
        assert Play(arena_on("@", starts={"energy": [price], **resources})).can(action)
    assert not Play(arena_on("@", starts={"energy": [price - 1], **resources})).can(action)


def test_only_the_exhausted_recover():
    play = Play(arena_on("@", {"regeneration_period": 4, "rest_energy": 5}, starts={"energy": [0]}))
    assert [play.do(times=4).has("energy") for _ in range(6)] == [1, 2, 3, 4, 5, 5]
    rich = Play(arena_on("@", {"regeneration_period": 1, "rest_energy": 5}, starts={"energy": [6]}))
    assert rich.do(times=5).has("energy") == 6


# "Agents can attack others, ..."


def test_attack_has_nine_cells_ahead():
    """attack_1 to 3 are the row before the agent from left to right, 4 to 6 the next one, 7 to 9 the last."""
    for number in range(1, 10):
        forward, right = 1 + (number - 1) // 3, (number - 1) % 3 - 1
        rows = [["."] * 3 for _ in range(4)]
        rows[3][1] = rows[3 - forward][1 + right] = "@"
        play = Play(arena_on("\n".join("".join(row) for row in rows)))
        play.do("noop", f"attack_{number}")  # the attacker stands below: it is agent 1
        assert play.has("frozen", 0) == 10, number
        assert play.count("attack.hit", 1) == play.count("attack.suffered", 0) == 1
        others = Play(arena_on("\n".join("".join(row) for row in rows), {"attack_price": 1}))
        for other in {*range(1, 10)} - {number}:
            others.do("noop", f"attack_{other}")
        assert others.has("frozen", 0) == 0, number


def test_attack_turns_with_the_agent():
    play = Play(arena_on("@.@"))
    play.do("turn_east").do("attack_5")
    assert play.has("frozen", 1) == 10


def test_attacks_break_walls_and_stations():
    play = Play(arena_on("#\n@", {"wall_hp": 3}))
    assert play.do("attack_2", times=2).sees()[-1, 0] == {"kind:wall": 1}
    assert play.do("attack_2").kind_at(0, 0) == "empty"
    assert (-1, 0) not in play.sees()
    assert play.count("attack.destroyed") == 1
    assert play.do("move_north").place() == (0, 0)
    for station in "rbca":
        play = Play(arena_on(f"{station}\n@", {"station_hp": 2}))
        assert play.do("attack_2", times=2).kind_at(0, 0) == "empty"


def test_the_border_does_not_break():
    play = Play(arena_on("X\n@", {"attack_price": 1})).do("attack_2", times=99)
    assert play.kind_at(0, 0) == "border"


def test_without_combat_nobody_can_attack():
    play = Play(arena_on(FACE_TO_FACE, combat=False, starts={"energy": [250]}))
    assert not any(play.can(action) for action in ATTACKS)
    assert play.do("noop", "attack_2").has("frozen", 0) == 0
    assert play.spec.action_names == Play(arena_on(FACE_TO_FACE)).spec.action_names


# "... temporarily freezing the target ..."


def test_a_frozen_agent_misses_exactly_ten_actions():
    play = Play(arena_on(FACE_TO_FACE, starts={"energy": [100, 100]}, numbers={"regeneration_period": 1}))
    play.do("noop", "attack_2")
    assert play.sees(1)[-1, 0]["frozen"] == 10, "everybody sees it"
    missed = 0
    while not play.can("turn_east"):
        assert [name for name in ACTIONS if play.can(name)] == []
        play.do("turn_east")
        missed += play.has("heading") == 0
    assert missed == 10
    assert play.do("turn_east").has("heading") == 1


def test_who_is_frozen_cannot_be_robbed_again():
    play = Play(arena_on(FACE_TO_FACE)).do("noop", "attack_2", times=2)
    assert play.has("frozen", 0) == 9
    assert play.count("action.attack.failed", 1) == 1


# "... and stealing resources."


def test_the_attacker_takes_the_diamonds_and_the_energy_is_gone():
    play = Play(arena_on(FACE_TO_FACE, starts={"red": [2, 0], "blue": [1, 3]}))
    play.do("noop", "attack_2")
    assert [play.has(name, 0) for name in ("red", "blue", "energy")] == [0, 0, 0]
    assert [play.has(name, 1) for name in ("red", "blue", "energy")] == [2, 4, ENERGY - NUMBERS.attack_price]
    assert play.told(1)["own:red"] == 2


def test_the_attacker_takes_only_what_it_has_room_for():
    play = Play(arena_on(FACE_TO_FACE, starts={"red": [3, 4]})).do("noop", "attack_2")
    assert (play.has("red", 0), play.has("red", 1)) == (2, 5)


# "Agents can toggle shields, ..."


def test_a_shield_goes_on_and_off_and_is_seen():
    play = Play(arena_on(FACE_TO_FACE)).do("shield")
    assert play.has("shield") == 1
    assert play.sees(1)[-1, 0]["shield"] == play.sees(0)[0, 0]["shield"] == 1
    play.do("shield")
    assert play.has("shield") == 0
    assert "shield" not in play.sees(1)[-1, 0]


# "... which drain energy ..."


def test_a_shield_drains_one_energy_a_step():
    play = Play(arena_on("@")).do("shield")
    assert play.has("energy") == ENERGY - 1
    assert play.do(times=10).has("energy") == ENERGY - 11


def test_a_shield_drops_when_the_energy_is_out():
    play = Play(arena_on("@", starts={"energy": [4]})).do("shield")
    assert [(play.do().has("energy"), play.has("shield")) for _ in range(3)] == [(2, 1), (1, 1), (0, 0)]


# "... but absorb attacks."


def test_a_shield_absorbs_attacks():
    play = Play(arena_on(FACE_TO_FACE, starts={"red": [2, 0]})).do("shield")
    play.do("noop", "attack_2")
    assert (play.has("frozen"), play.has("red"), play.has("red", 1)) == (0, 2, 0)
    assert play.has("energy") == ENERGY - 1 - 1 - 10, "the price of the shield, its upkeep, the damage"
    assert play.count("attack.absorbed", 1) == 1
    assert play.can("move_south")


def test_a_shield_that_is_too_weak_does_not_help():
    play = Play(arena_on(FACE_TO_FACE, starts={"energy": [11, 100]})).do("shield")
    play.do("noop", "attack_2")
    assert (play.has("frozen"), play.has("energy"), play.has("shield")) == (10, 0, 0)


# "Agents can share energy or resources ..."


def test_energy_can_be_given():
    play = Play(arena_on(FACE_TO_FACE)).do("noop", "give_energy")
    assert (play.has("energy", 0), play.has("energy", 1)) == (ENERGY + 10, ENERGY - 11)
    assert play.count("give.energy", 1) == 1


@pytest.mark.parametrize("color", ["red", "blue"])
def test_diamonds_can_be_given_one_at_a_time(color):
    play = Play(arena_on(FACE_TO_FACE, starts={color: [0, 2]})).do("noop", f"give_{color}")
    assert (play.has(color, 0), play.has(color, 1)) == (1, 1)
    assert play.count(f"give.{color}", 1) == 1
    assert play.do("noop", f"give_{color}").can(f"give_{color}", 1) is False, "nothing left to give"


def test_gifts_stop_at_the_receivers_cap():
    play = Play(arena_on(FACE_TO_FACE, starts={"energy": [245, 100], "red": [5, 1]}))
    assert play.do("noop", "give_energy").has("energy", 1) == 94
    play.do("noop", "give_red")
    assert (play.has("red", 0), play.has("red", 1)) == (5, 1)
    assert play.count("action.give.failed", 1) == 1


def test_nobody_gives_to_the_air():
    play = Play(arena_on(".\n@", starts={"red": [1]})).do("give_red")
    assert play.has("red") == 1
    assert play.count("action.give.failed") == 1


def test_gifts_reach_the_frozen():
    play = Play(arena_on(FACE_TO_FACE)).do("noop", "attack_2").do("noop", "give_energy")
    assert play.has("energy", 0) == 10


# "... and use markers to communicate."


@pytest.mark.parametrize("mark", [1, 2, 3])
def test_others_see_the_mark(mark):
    play = Play(arena_on("@....@......@")).do(f"mark_{mark}")
    assert play.sees(0)[0, 0]["mark"] == mark
    assert play.sees(1)[0, -5]["mark"] == mark
    assert (0, -12) not in play.sees(2), "nobody sees farther than the view"


def test_a_mark_stays_and_can_be_taken_off():
    play = Play(arena_on(FACE_TO_FACE)).do("mark_2").do("move_west").do(times=5)
    assert play.sees(1)[-1, 0]["mark"] == 2
    play.do("mark_0")
    assert "mark" not in play.sees(1)[-1, 0]


# Moving about, which the overview takes for granted.


@pytest.mark.parametrize(
    ("action", "place", "heading"),
    [
        ("move_north", (0, 1), 0),
        ("move_east", (1, 2), 1),
        ("move_south", (2, 1), 2),
        ("move_west", (1, 0), 3),
    ],
)
def test_agents_move_and_look_where_they_go(action, place, heading):
    play = Play(arena_on("...\n.@.\n...")).do(action)
    assert (play.place(), play.has("heading")) == (place, heading)
    assert play.told()[f"last_action:{action}"] == 1


@pytest.mark.parametrize("thing", ["#", "X", "r", "b", "c", "a"])
def test_things_block_the_way_but_agents_turn_to_them(thing):
    play = Play(arena_on(f"@{thing}")).do("move_east")
    assert (play.place(), play.has("heading")) == ((0, 0), 1)
    assert play.count("action.move.failed") == 1


def test_agents_and_the_end_of_the_map_block_the_way():
    play = Play(arena_on("@@")).do("move_east", "move_east")
    assert (play.place(0), play.place(1)) == ((0, 0), (0, 1))


@pytest.mark.parametrize("shaped", [False, True])
def test_rewards_on_the_way_only_if_shaped(shaped):
    play = Play(arena_on("r\n@", shaped=shaped)).do("use")
    assert play.reward() == pytest.approx(0.05 if shaped else 0.0)
    for starts, reward in (({"red": [1]}, 0.1), ({"red": [1], "blue": [1]}, 0.3)):
        play = Play(arena_on("c\n@", shaped=shaped, starts=starts)).do("use")
        assert play.reward() == pytest.approx(reward if shaped else 0.0)


def test_the_arena_of_the_readme():
    """24 agents, an 11 x 11 view of at most 200 tokens, 1000 steps, with combat or without."""
    for combat in (True, False):
        spec = Play(make_arena(combat=combat)).spec
        assert (spec.num_agents, spec.max_steps, spec.num_tokens) == (24, 1000, 200)
        assert (spec.view_height, spec.view_width) == (11, 11)
