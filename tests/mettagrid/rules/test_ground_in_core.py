"""What lies under the things: ground with its rules and its cover, and traces that fade."""

from typing import Any

import pytest

from mettagrid.config.things import Ground, View
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import RandomMap
from mettagrid.rules import (
    AtLeast,
    Count,
    Filter,
    Lay,
    Leave,
    Not,
    OnGround,
    OnTrace,
    Remove,
    Rule,
    Set,
    Step,
    Take,
    Trait,
    Var,
)
from tests.mettagrid.play import Play
from tests.mettagrid.rules.drawn_games import VERBS, game

LAND: dict[str, Any] = {
    "grounds": {"swamp": Ground(shown=7), "grass": Ground(hides=True), "air": Ground(shown=0)},
    "traces": ["scent", "blood"],
}


def land(text: str, *rules: Rule, **fields: Any) -> Play:
    return Play(game(text, list(rules), **LAND | fields))


def grounds_seen(play: Play, agent: int = 0) -> dict[tuple[int, int], str]:
    """Name of the ground of each cell in sight that has one."""
    return {
        cell: name.removeprefix("ground:")
        for cell, features in play.sees(agent).items()
        for name in features
        if name.startswith("ground:")
    }


def traces_seen(play: Play, agent: int = 0) -> dict[tuple[int, int], dict[str, int]]:
    """Sort and remaining steps of each trace in sight."""
    seen = {
        cell: {name: value for name, value in features.items() if name.startswith("trace:")}
        for cell, features in play.sees(agent).items()
    }
    return {cell: features for cell, features in seen.items() if features}


def runs(text: str, condition: Filter, target: str = "empty") -> bool:
    rule = Rule(on="use", target=target, when=[condition], then=[Count("ran")])
    last = ["noop"] * (text.count("@") - 1)
    return land(text, rule).do(*last, "use").count("ran", text.count("@") - 1) == 1


# Ground


def test_a_map_places_ground_and_it_is_seen():
    play = land("~.w\n.@.\n...")
    assert grounds_seen(play) == {(-1, -1): "swamp", (-1, 1): "grass"}
    assert play.sees()[-1, -1] == {"ground:swamp": 7}
    assert play.sees()[-1, 1] == {"ground:grass": 1}
    assert {"ground:swamp", "ground:grass"} <= set(play.spec.feature_names)
    assert "ground:air" not in play.spec.feature_names, "what nobody sees is no feature"


@pytest.mark.parametrize(
    ("text", "condition", "target", "expected"),
    [
        ("~\n@", OnGround("swamp", "target"), "empty", True),
        ("~\n@", OnGround("grass", "target"), "empty", False),
        ("~\n@", OnGround("plain", "target"), "empty", False),
        ("~\n@", Not(OnGround("swamp", "target")), "empty", False),
        (".\n@", OnGround("plain", "target"), "empty", True),
        ("~\n@", OnGround("plain"), "empty", True),
        ("m\n@", OnGround("plain", "target"), "mine", True),
        ("@\n@", OnGround("plain", "target"), "agent", True),
        ("@\n@", OnGround("swamp", "target"), "agent", False),
    ],
)
def test_on_ground_looks_at_a_cell_empty_or_not(text, condition, target, expected):
    assert runs(text, condition, target) is expected


def test_ground_lies_under_who_stands_on_it():
    tired = Rule(on="step", target="agent", when=[OnGround("swamp")], then=[Take("energy")])
    play = land("~.\n@.", tired).do("move_north")
    assert (play.place(), play.has("energy")) == ((0, 0), 10), "rules of every step come before actions"
    assert play.sees()[0, 0]["ground:swamp"] == 7
    assert play.do().has("energy") == 9
    assert play.do("move_east").has("energy") == 8
    assert play.do().has("energy") == 8
    assert grounds_seen(play) == {(0, -1): "swamp"}


def test_ground_may_be_required_of_a_verb():
    verbs = VERBS | {"do": Verb(requires=[OnGround("swamp")])}
    play = land("~\n@", verbs=verbs)
    assert not play.can("do")
    assert play.do("move_north").can("do")


def test_travel_price_and_hazard_by_ground():
    muddy = OnGround("swamp", "target")
    rules = [
        Rule(on="move", target="empty", when=[muddy, AtLeast("energy", 5)], then=[Step(), Take("energy", 5)]),
        Rule(on="move", target="empty", when=[muddy]),
        Rule(on="step", target="agent", when=[OnGround("grass")], then=[Remove("actor")]),
    ]
    play = land("w\n~\n~\n~\n@", *rules).do("move_north", times=2)
    assert (play.place(), play.has("energy")) == ((2, 0), 0)
    assert play.do("move_north").place() == (2, 0)
    play = land("w\n@", *rules, max_steps=9).do("move_north")
    assert play.env.alive[0]
    assert play.do().env.terminated[0]


@pytest.mark.parametrize("before", [".", "~", "w"])
@pytest.mark.parametrize("after", ["swamp", "grass", "plain"])
def test_lay_changes_the_ground(before, after):
    play = land(f"{before}\n@", Rule(on="use", target="empty", then=[Lay(after)])).do("use")
    assert grounds_seen(play) == ({} if after == "plain" else {(-1, 0): after})
    assert play.do("use").count("action.use.success") == 2


def test_lay_under_oneself_and_under_the_target():
    play = land("@", Rule(on="do", then=[Lay("swamp", "actor")])).do("do")
    assert grounds_seen(play) == {(0, 0): "swamp"}
    play = land("m\n@", Rule(on="use", target="mine", then=[Lay("swamp"), Remove()])).do("use")
    assert grounds_seen(play) == {(-1, 0): "swamp"}


def test_an_episode_begins_with_the_maps_ground():
    play = land("~\n@", Rule(on="use", target="empty", then=[Lay("plain")]), max_steps=2).do("use")
    assert grounds_seen(play) == {}
    assert grounds_seen(play.do()) == {(-1, 0): "swamp"}


def test_things_of_every_step_may_lay_ground():
    """A mine floods its own cell; who takes it away stands before a swamp."""
    rules = [
        Rule(on="step", target="mine", then=[Lay("swamp", "actor")]),
        Rule(on="use", target="mine", then=[Remove()]),
    ]
    assert grounds_seen(land("m\n@", *rules).do("use")) == {(-1, 0): "swamp"}


def walked_into(ground: str, distance: int, heading_up: bool) -> Play:
    """Agent 1 looks at agent 0, which has gone a step north, onto that ground."""
    text = "\n".join([ground, "@", *["."] * (distance - 1), "@"])
    view = View(height=9, width=9, heading_up=heading_up)
    return land(text, view=view).do("move_north")


@pytest.mark.parametrize("heading_up", [False, True])
def test_cover_hides_from_all_but_those_beside_it(heading_up):
    for distance in (1, 2, 3):
        seen = walked_into("w", distance, heading_up).sees(1)
        assert "kind:agent" not in seen.get((-distance - 1, 0), {}), "hidden at two cells and more"
        assert seen[-distance - 1, 0]["ground:grass"] == 1, "the ground itself is seen"
        open_land = walked_into("~", distance, heading_up).sees(1)
        assert open_land[-distance - 1, 0]["kind:agent"] == 1
    play = walked_into("w", 1, heading_up).do("noop", "move_north")
    assert play.sees(1)[-1, 0]["kind:agent"] == 1, "from beside it is seen"
    assert play.sees(0)[0, 0]["kind:agent"] == 1, "and by itself"
    assert play.sees(0)[1, 0]["kind:agent"] == 1, "who hides sees"


def test_cover_hides_objects_too_and_diagonal_neighbours_see():
    hide = Rule(on="step", target="box", then=[Lay("grass", "actor")])
    play = land("@..\n.b.\n...\n@.@", hide).do()
    where = {0: (1, 1), 1: (-2, 1), 2: (-2, -1)}
    assert [agent for agent, cell in where.items() if "kind:box" in play.sees(agent).get(cell, {})] == [0]


def test_a_short_observation_keeps_the_nearest_ground_and_traces():
    """Tokens that do not fit are dropped from the farthest cells on."""
    text = "~~~~~\n~~~~~\n~~@~~\n~~~~~\n~~~~~"
    sights = []
    for num_tokens in range(8, 31):
        view = View(height=5, width=5, num_tokens=num_tokens)
        play = land(text, Rule(on="do", then=[Leave("scent", 9)]), view=view).do("do")
        assert traces_seen(play) == {(0, 0): {"trace:scent": 9}}
        sights.append(set(grounds_seen(play)))
    assert sights[0] and sights[-1] == {(row, col) for row in range(-2, 3) for col in range(-2, 3)} - {(0, 0)}
    for sight in sights:
        farthest = max(abs(row) + abs(col) for row, col in sight)
        nearer = {(row, col) for row, col in sights[-1] if abs(row) + abs(col) < farthest}
        assert nearer <= sight


# Traces


def test_a_trace_fades():
    play = land("@", Rule(on="do", then=[Leave("scent", 4)])).do("do")
    left = [traces_seen(play)] + [traces_seen(play.do()) for _ in range(4)]
    assert left == [{(0, 0): {"trace:scent": steps}} for steps in (4, 3, 2, 1)] + [{}]


def test_a_trace_stays_where_it_was_left():
    play = land("...\n.@.", Rule(on="do", then=[Leave("scent", 9)])).do("do").do("move_north")
    assert traces_seen(play) == {(1, 0): {"trace:scent": 8}}


def test_a_newer_trace_takes_the_place_of_the_older_one():
    rules = [
        Rule(on="do", then=[Leave("scent", 9)]),
        Rule(on="use", target="empty", then=[Leave("blood", 2)]),
    ]
    play = land(".\n@", *rules).do("do").do("use")
    assert traces_seen(play) == {(0, 0): {"trace:blood": 2}}
    play.do("do")
    assert traces_seen(play) == {(0, 0): {"trace:scent": 9}}
    assert traces_seen(land("@", Rule(on="do", then=[Leave("scent", 9), Leave("blood", 0)])).do("do")) == {}


@pytest.mark.parametrize(
    ("steps", "shown"),
    [(1, 1), (255, 255), (300, 255), (Var("energy"), 10), (Trait("strength"), 1), (0, None), (-4, None)],
)
def test_how_long_a_trace_lasts(steps, shown):
    play = land("@", Rule(on="do", then=[Leave("scent", steps)])).do("do")
    assert play.sees()[0, 0].get("trace:scent") == shown


def test_a_long_trace_is_shown_as_255_until_fewer_steps_are_left():
    play = land("@", Rule(on="do", then=[Leave("scent", 300)])).do("do").do(times=40)
    assert play.sees()[0, 0]["trace:scent"] == 255
    assert play.do(times=20).sees()[0, 0]["trace:scent"] == 240
    play.do(times=239)
    assert play.sees()[0, 0]["trace:scent"] == 1
    assert traces_seen(play.do()) == {}


def test_on_trace_holds_until_it_has_faded():
    rules = [
        Rule(on="do", then=[Leave("scent", 2)]),
        Rule(on="step", target="agent", when=[OnTrace("scent")], then=[Count("smelt")]),
        Rule(on="step", target="agent", when=[OnTrace("blood")], then=[Count("bled")]),
        Rule(on="step", target="agent", when=[Not(OnTrace("scent"))], then=[Count("nothing")]),
    ]
    play = land("@", *rules).do("do").do(times=5)
    assert (play.count("smelt"), play.count("bled"), play.count("nothing")) == (1, 0, 5)


def test_traces_in_empty_cells_and_under_targets():
    rules = [
        Rule(on="use", target=["empty", "box"], when=[OnTrace("blood", "target")], then=[Count("found")]),
        Rule(on="use", target=["empty", "box"], then=[Leave("blood", 9, "target")]),
    ]
    for text in (".\n@", "b\n@"):
        play = land(text, *rules).do("use")
        assert play.sees()[-1, 0]["trace:blood"] == 9
        assert play.do("use").count("found") == 1


def test_a_trace_may_be_required_of_a_verb():
    """The mask is for the coming step, in which a trace of one step has faded."""
    verbs = VERBS | {"use": Verb(aim=Ahead(), requires=[OnTrace("scent")])}
    play = land("@", Rule(on="do", then=[Leave("scent", 2)]), verbs=verbs)
    assert [play.can("use"), play.do("do").can("use"), play.do().can("use")] == [False, True, False]


def test_everybody_leaves_a_trail():
    """Walkers lay scent behind them, stronger where they have been later."""
    verbs = {"move": Verb(choices=directions(aimed=True), always=[Leave("scent", 20)])}
    play = land("...@", verbs=verbs).do("move_west", times=3)
    assert traces_seen(play) == {(0, right): {"trace:scent": 21 - right} for right in (1, 2, 3)}


def test_traces_are_gone_with_the_episode():
    play = land("@", Rule(on="do", then=[Leave("scent", 99)]), max_steps=2).do("do", times=2)
    assert traces_seen(play) == {}


# Random maps


@pytest.mark.parametrize(
    "shares", [{"swamp": 0.25}, {"swamp": 0.5, "grass": 0.1}, {"grass": 1.0}, {"swamp": 0.0}]
)
def test_random_maps_have_the_share_of_ground_that_was_asked_for(shares):
    field = RandomMap(height=12, width=20, border="wall", grounds=shares, obstacles={"wall": 5})
    plan = game("@", [], map=field, **LAND)
    maps = plan.map.build(3, 7, 1, plan.map_values())
    grounds = maps // 256
    names = {value // 256: name for name, value in plan.map_values().items() if value >= 256}
    for grid in grounds:
        assert (grid[[0, -1]] == 0).all() and (grid[:, [0, -1]] == 0).all(), "none under the border"
        found = {name: int((grid == index).sum()) for index, name in names.items()}
        last = list(shares)[-1]
        assert found[last] == round(shares[last] * 240), "the last one covers the others"
        for name, share in shares.items():
            assert found[name] <= round(share * 240)
        assert sum(found.values()) >= round(max(shares.values()) * 240)


def test_random_ground_comes_from_the_seed_and_lies_in_patches():
    field = RandomMap(height=20, width=20, grounds={"swamp": 0.3})
    plan = game("@", [], map=field, **LAND)

    def build(num_maps: int, seed: int):
        return field.build(num_maps, seed, 1, plan.map_values()) // 256 > 0

    assert (build(4, 3) == build(4, 3)).all()
    assert (build(2, 3) == build(4, 3)[:2]).all(), "map i does not depend on how many are built"
    assert (build(4, 3) != build(4, 4)).any()
    maps = build(8, 0)
    beside = (maps[:, :, 1:] & maps[:, :, :-1]).sum() / maps[:, :, 1:].sum()
    assert beside > 0.6, (
        "two cells side by side share their ground far more often than the 0.3 of scattered ones"
    )


def test_random_maps_put_things_and_ground_into_the_same_cells():
    field = RandomMap(height=6, width=6, grounds={"swamp": 1.0}, obstacles={"box": 3})
    play = Play(game("@", [Rule(on="do", then=[Set("ore", 1)])], map=field, **LAND))
    cells = play.sees()
    assert all(features.get("ground:swamp") == 7 for features in cells.values())
    boxes = [cell for cell in range(36) if play.kind_at(*divmod(cell, 6)) == "box"]
    assert len(boxes) == 3


def test_a_random_map_refuses_grounds_that_the_game_lacks():
    with pytest.raises(ValueError, match=r"map: unknown ground 'swmp'; did you mean swamp\?"):
        game("@", [], map=RandomMap(grounds={"swmp": 0.5}), **LAND)
    with pytest.raises(ValueError, match=r"map: unknown ground 'box'; valid: air, grass, swamp"):
        game("@", [], map=RandomMap(grounds={"box": 0.5}), **LAND)
    with pytest.raises(ValueError, match=r"map: unknown kind 'swamp'; "):
        game("@", [], map=RandomMap(obstacles={"swamp": 2}), **LAND)
