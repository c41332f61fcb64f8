"""The rules of prey and predators: grazing, catching, cover, pace, sight, postures, strength and experience."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.prey_predator import POSTURES, PreyPredatorNumbers, make_prey_predator
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "prey_predator.md").read_text(encoding="utf-8")
HUNT = "@\n@"  # agent 0 is prey, agent 1 a predator that looks at it
MOVES = ["move_north", "move_east", "move_south", "move_west"]


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The rules on a drawn map, without recovery; of the agents, all looking north, the second half are predators."""
    starts = settings.pop("starts", {})
    chosen = PreyPredatorNumbers(**({"rest_energy": 1} | (numbers or {})))
    settings = {"predators": 0.5} | settings
    game = make_prey_predator(text.count("@"), numbers=chosen, **settings)
    drawing = AsciiMap(text=text, legend={"g": "grass", "b": "bush"})
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts})


def prey_on(text: str, *arguments: Any, **settings: Any) -> Play:
    return Play(game_on(text, *arguments, **{"predators": 0} | settings))


def predator_on(text: str, *arguments: Any, **settings: Any) -> Play:
    return Play(game_on(text, *arguments, **{"predators": 1} | settings))


# Grazing


def test_prey_graze_and_grass_regrows():
    play = prey_on("g\n@").do("use")
    assert (play.has("energy"), play.has("eaten"), play.sees()[-1, 0]["cooldown"]) == (40, 1, 25)
    assert play.do("use", times=24).has("eaten") == 1
    assert play.do("use").has("eaten") == 2
    assert play.has("energy") == 50, "prey carry no more"


def test_every_fifth_tuft_is_a_heart():
    play = prey_on("g\n@", {"grass_cooldown": 1})
    paid = [play.do("use").reward() for _ in range(10)]
    assert paid == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert (play.has("heart"), play.has("eaten"), play.count("heart.prey")) == (2, 0, 2)
    assert prey_on("g\n@", shaped=True).do("use").reward() == pytest.approx(0.05)


def test_predators_do_not_graze():
    assert not predator_on("g\n@").can("use")


# Catching


def test_a_catch_robs_and_freezes_prey():
    play = Play(game_on(HUNT, starts={"energy": [37, 100], "eaten": [3, 0]})).do("noop", "attack")
    assert (play.has("energy", 0), play.has("eaten", 0), play.has("frozen", 0)) == (0, 0, 10)
    assert play.has("energy", 1) == 100 - 5 + 37 + 40
    assert (play.has("heart", 1), play.reward(1), play.count("heart.predator", 1)) == (1, 1, 1)
    assert play.count("catch.suffered", 0) == 1
    missed = 0
    while play.has("frozen", 0) or not play.can("use"):
        play.do("use")
        missed += 1
    assert missed == 10


def test_a_predator_digests_before_it_attacks_again():
    play = Play(game_on(HUNT, starts={"energy": [30, 100]})).do("noop", "attack")
    waited = 0
    while not play.can("attack", 1):
        play.do()
        waited += 1
    assert waited == 15
    assert play.do("noop", "attack").has("heart", 1) == 2


def test_who_is_frozen_is_left_alone():
    play = Play(game_on("@\n@", {"digest_steps": 1})).do("noop", "attack").do().do("noop", "attack")
    assert (play.has("heart", 1), play.count("action.attack.failed", 1)) == (1, 1)


def test_prey_cannot_attack_and_predators_do_not_eat_each_other():
    assert not prey_on("@").can("attack")
    play = predator_on("@\n@").do("noop", "attack")
    assert (play.has("heart", 1), play.count("action.attack.failed", 1)) == (0, 1)


def test_deadly_predators_eat():
    play = Play(game_on(HUNT, deadly=True)).do("noop", "attack")
    assert (play.kind_at(0, 0), bool(play.env.terminated[0])) == ("empty", True)
    assert play.has("heart", 1) == 1


@pytest.mark.parametrize(
    ("prey", "predator", "is_caught"), [(1, 1, True), (2, 1, False), (2, 2, True), (2, 3, True)]
)
def test_only_the_weaker_or_equal_are_caught(prey, predator, is_caught):
    play = Play(game_on(HUNT, starts={"strength": [prey, predator]})).do("noop", "attack")
    assert play.has("heart", 1) == is_caught


# Pace, sight, cover


@pytest.mark.parametrize(("species", "pace"), [("prey", 2), ("prowl", 4), ("sprint", 3)])
def test_everybody_pauses_after_a_move_as_long_as_its_pace(species, pace):
    play = Play(game_on("........@", {f"{species}_pace": pace}, predators=int(species != "prey")))
    if species == "sprint":
        play.do("posture")
    play.do("move_west", times=1 + pace)
    assert play.place() == (0, 7)
    assert play.do("move_west").place() == (0, 6)


def test_a_sprint_is_dear_and_fast():
    play = predator_on("....@")
    assert play.do("posture").has("energy") == 98
    play.do("move_west", times=3)
    assert (play.place(), play.has("energy")) == ((0, 1), 98 - 9)
    slow = predator_on("....@").do("move_west", times=3)
    assert (slow.place(), slow.has("energy")) == ((0, 2), 98)


@pytest.mark.parametrize(("predators", "row", "nearest"), [(0, ".gg....@", -5), (1, "..gg...@", -4)])
def test_species_see_differently_far(predators, row, nearest):
    seen = Play(game_on(row, predators=predators)).sees()
    assert [cell for cell, features in seen.items() if "kind:grass" in features] == [(0, nearest)]


def test_bushes_hide_from_afar():
    play = Play(game_on("@b.@"))
    assert play.sees(1)[0, -3]["species"] == 1
    play.do("move_east")
    assert (play.place(0), (0, -2) in play.sees(1) and "species" in play.sees(1)[0, -2]) == ((0, 1), False)
    play.do("noop", "move_west")
    assert play.sees(1)[0, -1]["species"] == 1, "beside it, it is seen"


# Postures


def test_who_hides_is_safe_as_long_as_it_can_pay():
    play = Play(game_on(HUNT)).do("posture")
    assert (play.has("posture"), play.has("energy"), play.sees(1)[-1, 0]["posture"]) == (1, 28, 1)
    assert not any(play.can(action) for action in [*MOVES, "use", "attack"])
    assert play.do("noop", "attack").has("heart", 1) == 0
    assert play.has("energy") == 26
    while play.has("posture"):
        play.do()
    assert play.has("energy") <= 2
    assert play.can("move_north")
    assert play.do("noop", "attack").has("heart", 1) == 1


def test_a_posture_can_be_left():
    play = prey_on("@").do("posture", times=2)
    assert (play.has("posture"), play.has("energy")) == (0, 30 - 2 - 2 - 2)
    assert play.can("move_north")


def test_a_sprint_ends_when_energy_does():
    play = predator_on("@", starts={"energy": [8]}).do("posture").do("move_north", times=2)
    assert (play.has("energy"), play.has("posture")) == (0, 1)
    assert play.do().has("posture") == 0


# Growing


def test_energy_buys_strength_up_to_a_limit():
    play = predator_on("@", {"train_price": 20})
    for strength in (2, 3):
        assert play.do("train").has("strength") == strength
    assert (play.has("energy"), play.can("train")) == (60, False)
    assert not prey_on("@", {"train_price": 31}).can("train")


@pytest.mark.parametrize("posture", [0, 1])
def test_catches_make_a_veteran_whatever_its_posture(posture):
    play = Play(game_on(HUNT, {"digest_steps": 1, "freeze_steps": 1}))
    if posture:
        play.do("noop", "posture")
    for _ in range(3):
        assert play.has("rank", 1) == 0
        play.do("noop", "attack").do()
    assert (play.has("rank", 1), play.sees(0)[1, 0]["rank"], play.count("became.veteran", 1)) == (1, 1, 1)
    assert play.has("posture", 1) == posture
    play.do("noop", "train").do("noop", "train").do("noop", "train")
    assert play.has("strength", 1) == 4
    energy, price = play.has("energy", 1), 3 if posture else 1
    assert play.do("noop", "move_east").has("energy", 1) == energy - price


def test_the_exhausted_recover_unless_they_hide():
    play = prey_on("@", {"rest_energy": 10}, starts={"energy": [7]}).do(times=5)
    assert play.has("energy") == 10
    play = prey_on("@", {"rest_energy": 10}, starts={"energy": [9]}).do("posture").do()
    assert play.has("energy") == 6


# The world


@pytest.mark.parametrize("share", [0, 0.2, 0.5, 1])
def test_the_share_of_predators(share):
    bodies = make_prey_predator(20, predators=share).agent_bodies()
    assert bodies.count("predator") == round(20 * share)
    assert bodies.count("prey") == 20 - round(20 * share)


def test_sampled_bodies_differ_between_episodes():
    env = BatchEnv(make_prey_predator(10, predators=0.5, sample_bodies=True, max_steps=1), num_maps=1)
    env.reset(0)
    species, counts = env.spec.variable_names.index("species"), set()
    for _ in range(12):
        of_agents = env.world(0).variables[:10, species]
        assert np.isin(of_agents, [1, 2]).all()
        counts.add(int((of_agents == 2).sum()))
        env.step()
    assert len(counts) > 2


def test_a_wrong_share_is_refused():
    with pytest.raises(ValueError, match="share must lie within 0 and 1, not 20"):
        make_prey_predator(predators=20)


def test_the_page_tells_the_numbers_and_bodies():
    fields = PreyPredatorNumbers.model_fields.items()
    rows = [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]
    rows += [f"| `{body}` | `{other}` |" for body, other in POSTURES.items()]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/prey_predator.md needs these rows:\n" + "\n".join(missing)
