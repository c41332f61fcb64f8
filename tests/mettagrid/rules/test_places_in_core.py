"""Effects on places: who stands where, who goes and what appears."""

import pytest

from mettagrid.rules import Become, Every, Move, Push, Remove, Reward, Rule, Set, Spawn, Step, Swap
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import do, game, use


def test_step_goes_to_the_empty_cell_ahead():
    play = use(".\n@", Step(), target="empty")
    assert play.place() == (0, 0)
    assert use("@.", Step(), target="empty").place() == (0, 0), "there is no cell north of the map"


@pytest.mark.parametrize("target", ["agent", "box"])
def test_swap_changes_places(target):
    text = "@\n@" if target == "agent" else "b\n@"
    play = use(text, Swap(), target=target)
    actor = text.count("@") - 1
    assert play.place(actor) == (0, 0)
    assert play.kind_at(1, 0) == target


def test_push_moves_the_target_and_the_actor_follows():
    play = use(".\nb\n@", Push(), target="box")
    assert (play.kind_at(0, 0), play.place(), play.kind_at(2, 0)) == ("box", (1, 0), "empty")
    for blocked in ("b\n@", "m\nb\n@", "@\nb\n@"):
        before = use(blocked, target="box")
        after = use(blocked, Push(), target="box")
        assert after.env.world(0).cells.tolist() == before.env.world(0).cells.tolist()


def test_remove_takes_an_object_away():
    play = use("m\n@", Remove())
    assert play.kind_at(0, 0) == "empty"
    assert (-1, 0) not in play.sees()
    assert play.do("move_north").place() == (0, 0)


def test_remove_ends_an_agents_life():
    play = use("@\n@", Remove(), target="agent", max_steps=3)
    assert play.env.terminated.tolist() == [True, False]
    assert play.env.alive.tolist() == [False, True]
    assert (play.kind_at(0, 0), play.sees(0), play.told(0)) == ("empty", {}, {})
    assert play.env.action_mask[0].tolist() == [True] + [False] * (len(play.spec.action_names) - 1)
    assert play.do(times=2).env.alive.all(), "it is there again in the next episode"


def test_the_rule_goes_on_after_its_actor_is_gone():
    play = use(
        "@\n@", Remove("actor"), Move("energy"), Reward(1.0), Set("energy", 3, "target"), target="agent"
    )
    assert play.env.alive.tolist() == [True, False]
    assert (play.has("energy", 0), play.reward(1)) == (3, 0.0)


def test_spawn_puts_an_object_on_the_empty_cell():
    play = use(".\n@", Spawn("mine"), target="empty")
    assert (play.kind_at(0, 0), play.has("ore", play.at(0, 0))) == ("mine", 3)
    assert "kind:mine" in play.sees()[-1, 0]


def test_spawn_needs_an_object_to_spare():
    rules = [Rule(on="move", target="empty", then=[Spawn("box")])]
    play = Play(game("...\n.@.\n...", rules, spare_objects=2))
    for direction in ("north", "east", "south", "west"):
        play.do(f"move_{direction}")
    around = [play.kind_at(*cell) for cell in ((0, 1), (1, 2), (2, 1), (1, 0))]
    assert around == ["box", "box", "empty", "empty"]


def test_what_is_removed_makes_room_for_what_is_spawned():
    rules = [
        Rule(on="use", target="empty", then=[Spawn("box")]),
        Rule(on="use", target="box", then=[Remove()]),
    ]
    play = Play(game(".\n@", rules, spare_objects=1))
    assert [play.do("use").kind_at(0, 0) for _ in range(6)] == ["box", "empty"] * 3


def test_become_turns_an_object_into_another():
    play = use("b\n@", Become("mine"), target="box")
    assert (play.kind_at(0, 0), play.has("ore", 1), play.has("energy", 1)) == ("mine", 3, 7)
    rule = Rule(on="step", target="box", when=[Every(3)], then=[Become("mine", "actor")])
    play = Play(game("b\n@", [rule]))
    assert [play.do().kind_at(0, 0) for _ in range(3)] == ["box", "box", "mine"]


def test_spawn_beside_oneself_or_the_target():
    play = do("...\n.@.\n...", Spawn("box", "beside"), steps=8)
    around = [(row, col) for row in range(3) for col in range(3) if (row, col) != (1, 1)]
    assert [play.kind_at(*cell) for cell in around] == ["box"] * 8
    assert play.do("do").count("action.do.success") == 9, "where nothing is free, nothing appears"
    play = use("mb\n@b", Spawn("box", "beside", "target"))
    assert play.env.world(0).kinds.tolist().count(play.spec.kind_names.index("box")) == 2, (
        "no room beside the mine"
    )
    play = use("mb.\n@b.", Spawn("box", "beside", "target"))
    assert (play.kind_at(0, 2), play.kind_at(1, 2)) == ("empty", "empty")
    play = use(".m.\n#@#", Spawn("box", "beside", "target"))
    assert sorted([play.kind_at(0, 0), play.kind_at(0, 2)]) == ["box", "empty"]


def test_spawn_beside_chooses_any_of_the_free_cells():
    places = set()
    for seed in range(40):
        play = Play(game("...\n.@.\n...", [Rule(on="do", then=[Spawn("box", "beside")])]), seed).do("do")
        places |= {cell for cell in play.sees() if "kind:box" in play.sees()[cell]}
    assert len(places) == 8


def test_spawn_anywhere_finds_the_last_free_cell():
    text = "#####\n#@###\n#####\n#####\n####."
    play = do(text, Spawn("box", "anywhere"))
    assert play.kind_at(4, 4) == "box"
    assert play.do("do").env.world(0).kinds.tolist().count(play.spec.kind_names.index("box")) == 1


def test_spawn_anywhere_spreads_over_the_map():
    found = set()
    for seed in range(60):
        play = Play(game("....\n....\n@...", [Rule(on="do", then=[Spawn("box", "anywhere")])]), seed).do("do")
        found |= {(row, col) for row in range(3) for col in range(4) if play.kind_at(row, col) == "box"}
    assert len(found) == 11


def test_what_is_spawned_there_is_filled_by_the_effects_that_follow():
    rule = Rule(on="use", target="empty", then=[Spawn("box"), Move("ore", 2), Set("energy", 9, "target")])
    play = Play(game(".\n@", [rule], starts={"ore": [5]})).do("use")
    box = play.at(0, 0)
    assert (play.has("ore"), play.has("ore", box), play.has("energy", box)) == (3, 3, 0)
    full = Play(game(".\n@", [rule], starts={"ore": [5]}, spare_objects=0)).do("use")
    assert full.has("ore") == 5, "without a box to spare nothing is put into it"


def test_what_is_spawned_elsewhere_is_nobodys_target():
    rule = Rule(on="use", target="mine", then=[Spawn("box", "beside"), Move("ore", 2)])
    play = Play(game("m.\n@.", [rule], starts={"ore": [5]})).do("use")
    assert (play.has("ore"), play.has("ore", play.at(0, 0))) == (3, 5)


def test_remove_ends_a_life_around_others_who_go_on():
    rules = [Rule(on="use", target="agent", then=[Remove()]), Rule(on="do", then=[Reward(1.0)])]
    play = Play(game("@\n@", rules)).do("do", "use").do("do", "do")
    assert (play.reward(0), play.reward(1)) == (0.0, 1.0)
    assert play.do("noop", "move_north").place(1) == (0, 0)
