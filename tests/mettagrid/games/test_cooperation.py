"""The rules of cooperation: what one cannot do alone, and who gets a heart when it is done."""

from pathlib import Path
from typing import Any, get_args

import pytest

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.cooperation import STATIONS, CooperationNumbers, Task, make_cooperation
from mettagrid.maps import AsciiMap, RandomMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "cooperation.md").read_text(encoding="utf-8")
LEGEND = {
    "c": "crate", "d": "depot", "l": "lever", "v": "vault", "r": "generator_red", "b": "generator_blue", "a": "altar",
    "s": "stag", "h": "hare",
}  # fmt: skip


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The rules on a drawn map; agent i starts at the i-th `@`, looking north; the first half picks red."""
    starts = settings.pop("starts", {})
    game = make_cooperation(text.count("@"), numbers=CooperationNumbers(**(numbers or {})), **settings)
    drawing = AsciiMap(text=text, legend=LEGEND)
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts})


def hearts(play: Play) -> list[int]:
    return [play.has("heart", agent) for agent in range(play.spec.num_agents)]


# Heavy crates


def test_one_alone_does_not_move_a_crate_and_two_do():
    alone = Play(game_on("...\n.c.\n.@.\n...\n..@")).do("use")
    assert (alone.kind_at(1, 1), alone.place(), alone.count("action.use.failed")) == ("crate", (2, 1), 1)
    both = Play(game_on("...\n.c@\n.@.")).do("noop", "use")
    assert (both.kind_at(0, 1), both.place(1)) == ("crate", (1, 1))


def test_a_crate_on_the_depot_pays_all_around_and_another_one_appears():
    play = Play(game_on("..d..\n..c@.\n..@..\n.....\n@...@")).do("noop", "use")
    assert (play.kind_at(0, 2), hearts(play)) == ("crate", [0, 0, 0, 0])
    assert hearts(play.do()) == [1, 1, 0, 0]
    assert [play.reward(agent) for agent in range(4)] == [1, 1, 0, 0]
    assert [play.count("done.heavy_crate", agent) for agent in range(4)] == [1, 1, 0, 0]
    assert [play.kind_at(row, column) for row in range(5) for column in range(5)].count("crate") == 1
    assert play.do().reward() == 0


def test_a_crate_pays_only_once_it_was_pushed_and_only_on_the_depot():
    game = game_on("...\n...\n.c@\n.@.").override_all({"objects.crate.has.moved": 1})
    assert hearts(Play(game).do(times=3)) == [0, 0]
    play = Play(game_on("d..\n.c@\n.@.")).do("noop", "use")
    assert (play.kind_at(0, 1), hearts(play.do(times=3))) == ("crate", [0, 0])


def test_a_crate_that_nobody_moves_appears_elsewhere():
    play = Play(game_on("c.......\n........\n......@@", {"idle_steps": 5})).do(times=4)
    assert play.kind_at(0, 0) == "crate"
    places = set()
    for _ in range(12):
        play.do()
        places |= {(r, c) for r in range(3) for c in range(8) if play.kind_at(r, c) == "crate"}
    assert len(places) > 1


def test_only_the_first_push_of_a_crate_is_shaped():
    play = Play(game_on("....\n.c..\n@@..\n....", shaped=True))
    paid = [play.do("noop", action).reward(1) for action in ("use", "noop")]
    assert paid == pytest.approx([0.1, 0])
    play.do("move_north", "noop")
    assert play.do("noop", "use").reward(1) == pytest.approx(0), "against the edge"


# Two keys


def test_a_vault_opens_while_two_levers_are_held():
    play = Play(game_on("l.v.l\n@.@.@")).do("use", "noop", "use")
    assert play.sees()[-1, 0]["held"] == 3
    assert hearts(play.do("use", "noop", "use")) == [1, 0, 1]
    assert [play.count("done.two_keys", agent) for agent in range(3)] == [1, 0, 1]
    assert hearts(play.do("use", "noop", "use", times=9)) == [1, 0, 1], "it rests"
    assert hearts(play.do("use", "noop", "use")) == [2, 0, 2]


def test_a_step_between_the_two_is_soon_enough_and_two_are_not():
    play = Play(game_on("l.v.l\n@...@")).do("use").do("noop", "use").do()
    assert hearts(play) == [1, 1]
    late = Play(game_on("l.v.l\n@...@")).do("use").do().do("noop", "use").do()
    assert hearts(late) == [0, 0]


def test_one_agent_cannot_hold_two_levers():
    play = Play(game_on("vl..\nl@..\n...@"))
    for _ in range(10):
        for action in ("move_north", "use", "move_west", "use"):
            play.do(action)
    assert (hearts(play), play.count("action.use.success")) == ([0, 0], 20)


# Give and take


def test_each_picks_one_colour():
    play = Play(game_on("rbrb\n@@@@")).do("use", "use", "use", "use")
    assert [play.has("red", agent) for agent in range(4)] == [1, 0, 0, 0]
    assert [play.has("blue", agent) for agent in range(4)] == [0, 0, 0, 1]
    assert [play.sees()[0, i]["hand"] for i in range(4)] == [1, 1, 2, 2]
    assert play.sees()[-1, 0]["cooldown"] == 10


def test_a_gift_completes_a_pair_which_makes_a_heart():
    play = Play(game_on("a\n@\n@", starts={"red": [0, 0], "blue": [0, 2]}))
    assert not play.can("give_red")
    play.do("noop", "give_blue")
    assert (play.has("blue", 0), play.has("blue", 1), play.count("give.blue", 1)) == (1, 1, 1)
    assert hearts(play.do("use")) == [0, 0]
    play = Play(game_on("a\n@\n@", starts={"red": [2, 0], "blue": [0, 2]})).do("noop", "give_blue").do("use")
    assert (hearts(play), play.reward(), play.has("red"), play.has("blue")) == ([1, 0], 1, 1, 0)


def test_gifts_do_not_go_round():
    play = Play(game_on("@\n@", shaped=True, starts={"red": [0, 1], "blue": [0, 1]}))
    assert play.do("noop", "give_red").count("action.give.failed", 1) == 1
    assert play.do("noop", "give_blue").reward(1) == pytest.approx(0.2)
    assert play.do("move_south").do("give_blue").has("blue", 0) == 1


def test_what_is_full_takes_no_more():
    play = Play(game_on("@\n@", starts={"blue": [3, 1]})).do("noop", "give_blue")
    assert (play.has("blue", 0), play.has("blue", 1)) == (3, 1)


# Stags and hares


def test_a_stag_needs_two_and_feeds_everybody_around():
    alone = Play(game_on("s..\n@..\n..@")).do("use")
    assert (alone.has("meat"), alone.kind_at(0, 0)) == (0, "stag")
    play = Play(game_on(".s...\n@@@..\n.....\n....@")).do("noop", "use")
    assert [play.count("meat.gained", agent) for agent in range(4)] == [5, 5, 5, 0]
    assert hearts(play.do()) == [1, 1, 1, 0]
    assert play.reward() == 1


def test_a_hare_feeds_one_a_fifth_of_a_heart():
    play = Play(game_on("h.\n@@", {"heart_meat": 1})).do("use")
    assert (play.count("done.hare"), play.count("meat.gained")) == (1, 1)
    assert hearts(play.do()) == [1, 0]
    assert hearts(Play(game_on("h.\n@@")).do("use").do()) == [0, 0]


def test_what_is_caught_appears_elsewhere():
    play = Play(game_on("h...\n@..@\n....")).do("use")
    assert [play.kind_at(row, column) for row in range(3) for column in range(4)].count("hare") == 1


# The world


@pytest.mark.parametrize("task", get_args(Task))
def test_every_task_has_the_same_actions_and_features(task):
    game = make_cooperation(task=task)
    assert isinstance(game.map, RandomMap)
    names = STATIONS if task == "all" else [task]
    assert game.map.stations == {kind: count for name in names for kind, count in STATIONS[name].items()}
    spec, all_spec = (BatchEnv(g, num_maps=1).spec for g in (game, make_cooperation()))
    assert (spec.action_names, spec.feature_names) == (all_spec.action_names, all_spec.feature_names)


def test_shared_rewards_are_spread_over_all():
    play = Play(game_on("a\n@\n@", shared=0.5, starts={"red": [1, 0], "blue": [1, 0]})).do("use")
    assert [play.reward(agent) for agent in (0, 1)] == pytest.approx([0.75, 0.25])


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="at least 2 agents, not 1"):
        make_cooperation(1)
    with pytest.raises(ValueError, match="there is no 'stag'; there are heavy_crate"):
        make_cooperation(task="stag")  # type: ignore[arg-type]


def test_the_page_tells_the_numbers_and_stations():
    rows = [
        f"| `{name}` | {field.default} | {field.description} |"
        for name, field in CooperationNumbers.model_fields.items()
    ]
    rows += [f"| `{kind}` | {count} |" for stations in STATIONS.values() for kind, count in stations.items()]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/cooperation.md needs these rows:\n" + "\n".join(missing)
