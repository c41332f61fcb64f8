"""The rules of the competition: stores, altars and who holds them, attacks, hearts of each team."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.competition import STATIONS, CompetitionNumbers, make_competition
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "competition.md").read_text(encoding="utf-8")
LEGEND = {"g": "generator_red", "a": "altar", "1": "store_1", "2": "store_2"}
FACE_TO_FACE = "@\n@"  # agent 1, of team 2, looks at agent 0, of team 1


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The rules on a drawn map; of the agents, all looking north, the first half (or one more) is team 1."""
    starts = settings.pop("starts", {})
    game = make_competition(text.count("@"), numbers=CompetitionNumbers(**(numbers or {})), **settings)
    drawing = AsciiMap(text=text, legend=LEGEND)
    changes = {"map": drawing, "shuffle_spawns": False, "kinship.shuffle": False, "starts": starts}
    return game.override_all(changes)


def stock(play: Play, team: int) -> int:
    return play.told().get(f"world:stock_{team}", 0)


# Diamonds and stores


def test_a_generator_gives_a_diamond_and_rests():
    play = Play(game_on("g.\n@@")).do("use", times=20)
    assert play.has("red") == 1
    assert play.do("use").has("red") == 2


def test_ones_own_store_takes_everything():
    play = Play(game_on("1.\n@@", starts={"red": [2, 0]})).do("use")
    assert (play.has("red"), stock(play, 1), stock(play, 2)) == (0, 5, 3)
    assert (play.count("store.brought"), play.reward()) == (2, 0)
    assert play.do("use").count("action.use.failed") == 1


def test_robbing_the_others_store_is_a_heart_until_the_alarm_or_the_end_of_it():
    play = Play(game_on("2.\n@@", {"initial_stock": 2}, starts={"red": [2, 0]})).do("use")
    assert (play.reward(), play.has("heart"), stock(play, 2), play.has("red")) == (1, 1, 1, 2)
    assert play.do("use", times=9).has("heart") == 1
    assert play.do("use").has("heart") == 2
    assert play.do("use", times=30).has("heart") == 2, "it is empty"
    assert (play.count("store.robbed"), play.count("heart.team_1")) == (2, 2)
    assert play.count("heart.team_2") == 0


# Altars


def test_a_held_altar_gives_hearts_to_its_team_around_and_is_free_again():
    text = ".......\n..a....\n..@@@..\n@@..@.@"
    play = Play(game_on(text)).do("use")
    assert (stock(play, 1), play.sees()[-1, 0]["team"], play.sees()[-1, 0]["due"]) == (2, 1, 15)
    play.do(times=14)
    assert play.has("heart") == 0
    play.do()
    hearts = [play.has("heart", agent) for agent in range(7)]
    teams = [play.has("team", agent) for agent in range(7)]
    assert teams == [1, 1, 1, 1, 2, 2, 2]
    assert hearts == [1, 1, 1, 1, 0, 0, 0]
    assert [play.reward(agent) for agent in range(7)] == hearts
    assert "team" not in play.sees()[-1, 0]
    assert play.do(times=40).has("heart") == 1


def test_who_is_too_far_or_frozen_gets_nothing():
    game = game_on("a...\n@@..\n....\n@..@", {"hold_steps": 3}, starts={"frozen": [0, 5, 0, 0]})
    play = Play(game).do("use").do(times=3)
    assert [play.has("team", agent) for agent in range(4)] == [1, 1, 2, 2]
    assert [play.has("heart", agent) for agent in range(4)] == [1, 0, 0, 0]
    far = Play(game_on("...a\n...@\n....\n@...\n..@@", {"hold_steps": 3})).do("use").do(times=3)
    assert [far.has("heart", agent) for agent in range(4)] == [1, 0, 0, 0]


def test_the_other_team_can_take_an_altar_over():
    play = Play(game_on("@a@")).do("move_east", "move_west").do("use")
    assert play.sees(0)[0, 1]["team"] == 1
    assert play.do("use").count("action.use.failed") == 1, "it is theirs already"
    play.do("noop", "use")
    assert (play.sees(0)[0, 1]["team"], stock(play, 1), stock(play, 2)) == (2, 2, 2)
    play.do(times=15)
    assert [play.has("heart", agent) for agent in (0, 1)] == [0, 1]
    assert [play.count(f"heart.team_{team}", 1) for team in (1, 2)] == [0, 1]


def test_an_altar_costs_a_diamond_of_the_store():
    play = Play(game_on("a.\n@@", {"initial_stock": 0}, starts={"red": [3, 0]})).do("use")
    assert play.count("action.use.failed") == 1


# Attacks


def test_a_rival_is_frozen_and_robbed():
    play = Play(game_on(FACE_TO_FACE, starts={"red": [2, 2]})).do("noop", "attack")
    assert (play.has("frozen", 0), play.has("red", 0), play.has("red", 1)) == (8, 1, 3)
    assert not play.can("attack", 1)
    missed = 0
    while not play.can("use"):
        play.do()
        missed += 1
    assert missed == 8
    assert (play.count("attack.hit", 1), play.count("attack.suffered", 0)) == (1, 1)


def test_ones_own_team_is_safe():
    play = Play(game_on("@..\n@.@")).do("noop", "attack")
    assert [play.has("team", agent) for agent in range(3)] == [1, 1, 2]
    assert (play.has("frozen", 0), play.count("action.attack.failed", 1)) == (0, 1)


def test_without_combat_nobody_can_attack():
    play = Play(game_on(FACE_TO_FACE, combat=False))
    assert not play.can("attack", 1)
    assert play.spec.action_names == Play(game_on(FACE_TO_FACE)).spec.action_names


# The world


def test_rewards_are_shared_inside_the_team_only():
    play = Play(game_on("2...\n@@@@", shared=0.5)).do("use")
    assert [play.reward(agent) for agent in range(4)] == pytest.approx([0.75, 0.25, 0, 0])
    assert [play.has("heart", agent) for agent in range(4)] == [1, 0, 0, 0]


def test_teams_are_dealt_out_anew_each_episode():
    env = BatchEnv(make_competition(10, max_steps=1), num_maps=1)
    env.reset(0)
    team, dealt = env.spec.variable_names.index("team"), set()
    for _ in range(8):
        teams = env.world(0).variables[:10, team]
        assert np.bincount(teams).tolist() == [0, 5, 5]
        dealt.add(tuple(teams.tolist()))
        env.step()
    assert len(dealt) > 1


def test_shaped_rewards():
    assert Play(game_on("g.\n@@", shaped=True)).do("use").reward() == pytest.approx(0.05)
    assert Play(game_on("a.\n@@", shaped=True)).do("use").reward() == pytest.approx(0.2)
    play = Play(game_on("1.\n@@", shaped=True, starts={"red": [1, 0]})).do("use")
    assert play.reward() == pytest.approx(0.1)


def test_the_page_tells_the_numbers_and_stations():
    fields = CompetitionNumbers.model_fields.items()
    rows = [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]
    rows += [f"| `{kind}` | {count} |" for kind, count in STATIONS.items()]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/competition.md needs these rows:\n" + "\n".join(missing)
