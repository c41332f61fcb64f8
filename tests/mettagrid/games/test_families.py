"""The rules of families: bushes and altars by body, gifts, hunger; who shares, who is seen as kin."""

from pathlib import Path
from typing import Any

import pytest

from mettagrid.config.game import GameConfig
from mettagrid.games.families import KINSHIPS, FamiliesNumbers, make_families
from mettagrid.kinship import Teams
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "families.md").read_text(encoding="utf-8")
FACE_TO_FACE = "a\n@\n@\na"
"""Agent 0, a gatherer, looks north at an altar; agent 1, a maker, looks north at agent 0."""
KIN, STRANGERS = Teams(num_teams=1, score=1.0), Teams(num_teams=2, score=1.0)


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The game's rules on a drawn map; agent i starts at the i-th `@`, looking north; the first half are gatherers."""
    starts = settings.pop("starts", {})
    settings.setdefault("kinship", KIN)
    game = make_families(num_agents=text.count("@"), numbers=FamiliesNumbers(**(numbers or {})), **settings)
    drawing = AsciiMap(text=text, legend={"b": "bush", "a": "altar"})
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts})


def test_a_gatherer_harvests_and_the_bush_rests():
    play = Play(game_on("b.\n@@", shaped=True, share=0.0)).do("use")
    assert (play.has("food"), play.reward()) == (1, pytest.approx(0.05))
    assert play.do("use", times=9).has("food") == 1
    assert play.do("use").has("food") == 2


def test_a_maker_harvests_by_luck():
    play = Play(game_on(".b\n@@", {"bush_cooldown": 1})).do("noop", "use", times=200)
    assert 15 <= play.count("food.gained", 1) <= 65, "a fifth of the tries"
    assert (play.has("maker", 0), play.has("maker", 1)) == (0, 1)


@pytest.mark.parametrize(("agent", "price"), [(0, 8), (1, 1)])
def test_a_heart_costs_what_the_body_says(agent, price):
    act = ("use", "noop") if agent == 0 else ("noop", "use")
    play = Play(game_on("aa\n@@", share=0.0, starts={"food": [price - 1]})).do(*act)
    assert play.has("heart", agent) == 0
    play = Play(game_on("aa\n@@", share=0.0, starts={"food": [2 * price]})).do(*act)
    assert (play.has("heart", agent), play.has("food", agent), play.reward(agent)) == (1, price, 1.0)
    assert play.do(*act).has("heart", agent) == 1, "the altar rests"
    assert play.do(*act).has("heart", agent) == 2


@pytest.mark.parametrize(
    ("kinship", "statistic"), [(KIN, "kin"), (STRANGERS, "stranger"), ("none", "stranger")]
)
def test_gifts_are_counted_by_who_receives_them(kinship, statistic):
    play = Play(game_on(FACE_TO_FACE, kinship=kinship, starts={"food": [0, 7]})).do("noop", "give_food")
    assert (play.has("food", 0), play.has("food", 1)) == (5, 2)
    play.do("noop", "give_food")
    assert (play.has("food", 0), play.has("food", 1)) == (7, 0)
    assert not play.can("give_food", 1)
    both = {name: play.count(f"give.{name}", 1) for name in ("kin", "stranger")}
    assert both == {"kin": 0, "stranger": 0} | {statistic: 2}


def test_nobody_gives_to_somebody_who_is_full():
    play = Play(game_on(FACE_TO_FACE, starts={"food": [20, 7]})).do("noop", "give_food")
    assert (play.has("food", 1), play.count("action.give.failed", 1)) == (7, 1)


def test_the_hungry_eat_and_the_starved_act_now_and_then():
    starts = {"energy": [26], "food": [1, 0]}
    play = Play(game_on(FACE_TO_FACE, starts=starts)).do(times=2)
    assert (play.has("energy", 0), play.has("food", 0)) == (125, 0)
    assert play.has("energy", 1) == 25
    play.do(times=100)
    acts = 0
    for _ in range(60):
        acts += play.can("move_north", 1)
        play.do("noop", "move_north")
    assert 10 <= acts <= 30


def hearts_paid(**settings: Any) -> list[float]:
    """Rewards of four agents when the last one, a maker, makes a heart."""
    play = Play(game_on("...a\n@@@@", starts={"food": [1]}, **settings)).do("noop", "noop", "noop", "use")
    return [play.reward(agent) for agent in range(4)]


def test_kin_share_by_how_near_they_are():
    assert hearts_paid(kinship=KIN) == pytest.approx([0.125, 0.125, 0.125, 0.625])
    teams = Teams(num_teams=2, score=0.5, between=0.25, shuffle=False)
    assert hearts_paid(kinship=teams, share=1.0) == pytest.approx([0.125, 0.125, 0.25, 0.5])


@pytest.mark.parametrize(
    ("settings", "rewards"),
    [
        ({"kinship": "none"}, [0, 0, 0, 1]),
        ({"sharing": "none"}, [0, 0, 0, 1]),
        ({"share": 0.0}, [0, 0, 0, 1]),
        ({"sharing": "group", "kinship": Teams(shuffle=False)}, [0, 0, 0.25, 0.75]),
        ({"sharing": "group", "kinship": "none"}, [0.125, 0.125, 0.125, 0.625]),
        ({"sharing": "family", "kinship": Teams(score=0.6, between=0.4, shuffle=False)}, [0, 0, 0.25, 0.75]),
    ],
)
def test_other_ways_of_sharing(settings, rewards):
    assert hearts_paid(**settings) == pytest.approx(rewards)


def test_prestige_pays_the_first_in_hearts_and_charges_the_others():
    play = Play(game_on(".a\n@@", sharing="prestige", starts={"food": [1]})).do("noop", "use").do(times=98)
    assert (play.reward(0), play.reward(1)) == (0, 0)
    assert [play.do().reward(0), play.reward(1)] == [-0.5, 0.5]


def kinship_seen(kin_sight: Any) -> set[int | None]:
    """What agents see of each other's kinship, over some episodes."""
    plays = [Play(game_on("@@@", kin_sight=kin_sight), seed) for seed in range(4)]
    return {play.sees(0)[0, right].get("kinship") for play in plays for right in (1, 2)}


def test_kinship_is_seen_exactly_with_noise_or_not_at_all():
    assert kinship_seen(None) == kinship_seen("exact") == {240}
    assert kinship_seen("hidden") == {None}
    assert len(kinship_seen("noisy")) > 2


@pytest.mark.parametrize("kinship", KINSHIPS)
def test_every_kinship_with_a_name_plays(kinship):
    play = Play(make_families(kinship=kinship, max_steps=50)).do(times=60)
    assert ("kinship" in play.spec.feature_names) == (kinship != "none")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kinship": "familes"}, "kinship: there is no 'familes'; did you mean families"),
        ({"sharing": "kinshp"}, "sharing: there is no 'kinshp'; did you mean kinship"),
        ({"kin_sight": "hiden"}, "kin_sight: there is no 'hiden'; did you mean hidden"),
    ],
)
def test_an_unknown_name_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        make_families(**settings)


def test_the_page_tells_these_numbers_and_actions():
    fields = FamiliesNumbers.model_fields.items()
    rows = [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]
    rows += [f"| `{name}` |" for name in ("noop", *make_families().verbs)]
    rows += [f"`{name}`" for name in KINSHIPS]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/families.md needs these:\n" + "\n".join(missing)
