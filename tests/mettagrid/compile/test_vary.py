"""Numbers that vary: the tables of an episode, and how it is played, are those of a game that has the drawn values."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv
from mettagrid.compile import cells, compile_game, compiler, vary
from mettagrid.compile.cells import straight_line
from mettagrid.config.distribution import Beta, Choice, LogUniform, Normal, Uniform
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.vary import Shown, Together
from mettagrid.config.verb import Ahead, Verb, directions, numbered
from mettagrid.games.arena import make_arena
from mettagrid.maps import AsciiMap
from mettagrid.rules import (
    Add,
    Argument,
    AtLeast,
    AtMost,
    Chance,
    Convert,
    Every,
    Move,
    Nearby,
    Reward,
    Rule,
    Set,
    Step,
    Take,
    Trait,
)

FIELD = """
    ########
    #@.m..@#
    #..mm..#
    #.m..m.#
    #@....@#
    ########
"""


def walking_game(**changes: Any) -> GameConfig:
    """A small game in which nearly every number of the tables matters."""
    fields: dict[str, Any] = {
        "name": "numbers",
        "num_agents": 4,
        "max_steps": 30,
        "variables": {
            "energy": Variable(cap=50, initial=20, shown="all", counted=True),
            "ore": Variable(cap=9, shown="self"),
            "gem": Variable(cap=9, shown="self"),
            "mark": Variable(cap=7, shown="all"),
            "team": Variable(cap=9, shown="all"),
        },
        "bodies": {
            "small": Body(traits={"strength": 1}, caps={"energy": 40}),
            "big": Body(traits={"strength": 2}, prices={"use": 2}),
        },
        "starts": {"team": [1, 2]},
        "requires": [AtMost("mark", 7)],
        "verbs": {
            "move": Verb(choices=directions(aimed=True), pays="energy", always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead(), pays="energy", requires=[AtLeast("energy", 2)]),
            "sing": Verb(choices=numbered(0, 2), requires=[AtLeast("energy", 2)]),
        },
        "objects": {"wall": ObjectKind(), "mine": ObjectKind(has={"ore": 5})},
        "rules": [
            Rule(on="move", target="empty", then=[Step()]),
            Rule(
                on="use", target="mine", when=[AtLeast("ore", of="target")], then=[Move("ore", 1, "target")]
            ),
            Rule(
                on="use", target="agent", then=[Take("energy", Trait("strength"), of="target"), Reward(0.5)]
            ),
            Rule(on="sing", when=[AtLeast("ore", 1)], then=[Convert({"ore": 1}, {"energy": 5})]),
            Rule(on="sing", then=[Set("mark", Argument())]),
            Rule(on="step", target="agent", when=[Chance(0.5), Every(3)], then=[Add("energy", 2)]),
            Rule(on="step", target="agent", when=[Nearby("agent", 1, 2)], then=[Reward(0.01)]),
            Rule(on="step", target="mine", when=[Every(4)], then=[Add("ore", 1)]),
            Rule(on="step", target="mine", when=[Every(4)], then=[Add("ore", 1)]),
        ],
        "map": AsciiMap(text=FIELD, legend={"m": "mine"}),
    }
    return GameConfig(**(fields | changes))


VARY = {
    "variables.energy.initial": Shown(Uniform(5, 30)),
    "bodies.small.caps.energy": Shown(Uniform(30, 45), "cap"),
    "bodies.big.prices.use": Shown(Choice([1, 2, 7])),
    "bodies.big.traits.strength": Shown(Uniform(0, 9)),
    "verbs.move.price": Shown(Uniform(0, 3)),
    "starts.team.0": Shown(Uniform(3, 9)),
    "objects.mine.has.ore": Shown(Uniform(0, 9)),
    "verbs.use.requires.0.amount": Shown(Uniform(1, 6)),
    "rules.1.when.0.variable": Shown(Choice(["ore", "team"])),
    "rules.2.then.1.amount": Shown(Choice([-1.5, 0.001, 0.3])),
    "rules.5.when.0.probability": Shown(Choice([0.0, 0.25, 1.0])),
    "rules.5.when.1.period": Shown(Choice([1, 2, 5])),
    "rules.6.when.0.radius": Shown(Uniform(1, 7)),
    "rules.8.then.0.amount": Shown(Uniform(1, 3)),
    "max_steps": Shown(Uniform(10, 25)),
    "recipe": Shown(
        Together(
            [
                {"rules.3.then.0.takes.ore": 1, "rules.3.then.0.gives.energy": 5, "rules.4.then.0.variable": "mark"},
                {"rules.3.then.0.takes.ore": 2, "rules.3.then.0.gives.energy": 9, "rules.4.then.0.variable": "gem"},
                {"rules.3.then.0.takes.ore": 3, "rules.3.then.0.gives.energy": 7, "rules.4.then.0.variable": "gem"},
            ],
            weights=[1, 1, 2],
        )
    ),
}  # fmt: skip


def params_of(game: GameConfig) -> tuple[list[vary.Param], cells.Prober]:
    """What the compiler finds out about a game."""
    plain = game.model_copy(update={"vary": {}})
    params = [vary._draw(plain, key, varied) for key, varied in game.vary.items()]
    frame = vary.Frame(highest=vary._highest_caps(params))
    prober = cells.Prober(plain, compiler._compile, frame)
    for param in params:
        param.cells = vary._cells(param, prober)
    return params, prober


def values_of(params: list[vary.Param], draws: list[int]) -> dict[str, Any]:
    return {
        path: v for param, draw in zip(params, draws, strict=True) for path, v in param.draws[draw].items()
    }


GAME = walking_game(vary=VARY)
PARAMS, PROBER = params_of(GAME)
FINE_PARAMS, FINE_PROBER = params_of(
    walking_game(
        vary={
            "rules.5.when.0.probability": Beta(0.5, 0.5),
            "rules.2.then.1.amount": Uniform(-2.0, 2.0),
            "variables.energy.initial": Normal(20, 8, 0, 40),
            "rules.5.then.0.amount": LogUniform(1, 1000),
            "max_steps": Uniform(1, 100_000),
            "bodies.big.caps.energy": Uniform(41, 32767),
        }
    )
)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(("params", "prober"), [(PARAMS, PROBER), (FINE_PARAMS, FINE_PROBER)])
def test_patched_tables_are_those_of_a_game_with_the_drawn_values(params, prober, data):
    draws = [data.draw(st.integers(0, len(param.draws) - 1)) for param in params]
    direct = prober.compiled(values_of(params, draws)).tables
    patched = vary.patch(prober.base.tables, params, draws)
    for name in set(direct) - {"reaches"}:
        np.testing.assert_array_equal(patched[name], direct[name], name)


def shown_values(env: BatchEnv, row: int) -> dict[str, int]:
    """What an agent is told of the numbers that vary."""
    names = env.spec.feature_names
    tokens = env.observations[row][env.observations[row][:, 1] < len(names)]
    told = {names[feature]: int(value) for _, feature, value in tokens}
    return {name[6:]: told.get(name, 0) for name in names if name.startswith("param:")}


def drawn_values(env: BatchEnv, world: int) -> dict[str, Any]:
    """The draws of a world, read back from what its agents are told."""
    told = [shown_values(env, row) for row in range(world * env.num_agents, (world + 1) * env.num_agents)]
    assert all(values == told[0] for values in told)
    values = {}
    for param in PARAMS:
        vary._tell(param)
        values |= param.draws[param.tokens.index(told[0][param.shown])]
    return values


def played(env: BatchEnv, world: int, num_features: int) -> list[Any]:
    """State of one world, and what its agents are told in the first so many features.

    Not `progress`: it counts to the longest episode that can be drawn.
    """
    progress = env.spec.feature_names.index("progress")
    rows = slice(world * env.num_agents, (world + 1) * env.num_agents)
    view = env.world(world)
    arrays = (view.kinds, view.cells, view.variables, view.rewards, env.action_mask[rows], env.rewards[rows])
    told = [
        tokens[(tokens[:, 1] < num_features) & (tokens[:, 1] != progress)].tolist()
        for tokens in env.observations[rows]
    ]
    return [view.tick, told, *(array.tolist() for array in arrays)]


def test_worlds_play_as_those_of_a_game_with_the_drawn_values():
    """Random numbers depend on their purpose alone: drawing numbers does not disturb the other dice."""
    env = BatchEnv(GAME, num_worlds=6)
    env.reset(3)
    rng = np.random.default_rng(0)
    values = [drawn_values(env, world) for world in range(6)]
    lengths = [drawn["max_steps"] for drawn in values]
    direct = [BatchEnv(walking_game().override_all(drawn)) for drawn in values]
    num_features = len(direct[0].spec.feature_names)
    assert len(set(lengths)) > 2
    assert env.spec.feature_names[:num_features] == direct[0].spec.feature_names
    for world, one in enumerate(direct):
        one.reset(3, streams=np.array([world]))
    for step in range(1, max(lengths) + 1):
        actions = rng.integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32)
        env.step(actions)
        for world, one in enumerate(direct):
            one.step(actions[world * 4 : world * 4 + 4])
            if step < lengths[world]:
                assert played(env, world, num_features) == played(one, 0, num_features)
            if step <= lengths[world]:
                assert env.episode_ended[world] == one.episode_ended[0] == (step == lengths[world])


def test_every_episode_draws_anew_and_agents_are_told_what_holds():
    env = BatchEnv(GAME, num_worlds=8)
    env.reset(0)
    energy = env.spec.variable_names.index("energy")
    seen = []
    for _ in range(60):
        for world in range(env.num_worlds):
            if env.world(world).tick == 0:
                told = shown_values(env, world * 4)
                cap = [told["cap"], 50]  # two bodies: agents 0, 1 and 2, 3
                first = [min(told["variables.energy.initial"], cap[agent // 2]) for agent in range(4)]
                assert env.world(world).variables[:4, energy].tolist() == first
                seen.append(tuple(told.values()))
        env.step(np.zeros(env.num_rows, np.int32))
    assert len(seen) > 16
    assert len(set(seen)) == len(seen)


def test_scales_are_those_of_the_largest_caps():
    game = walking_game(vary={"variables.energy.cap": Uniform(40, 2000), "variables.ore.cap": Uniform(5, 90)})
    spec, wide = (
        compile_game(game).spec,
        compile_game(walking_game().override("variables.energy.cap", 2000)).spec,
    )
    assert spec.feature_scales[spec.feature_names.index("energy")] == 250
    assert wide.feature_scales[wide.feature_names.index("energy")] == 250
    assert spec.feature_scales[spec.feature_names.index("own:ore")] == 90


def test_an_episode_is_at_most_as_long_as_the_longest_that_is_drawn():
    compiled = compile_game(walking_game(vary={"max_steps": Uniform(5, 77)}))
    assert compiled.spec.max_steps == compiled.tables["sizes"][4] == 77
    assert compile_game(walking_game(vary={"verbs.move.price": Uniform(0, 2)})).spec.max_steps == 30


def test_tokens_are_numbers_or_positions():
    shown = {
        "verbs.move.price": Shown(Choice([0, 200, 255]), "small"),
        "variables.energy.cap": Shown(Choice([40, 400, 4000]), "large"),
        "rules.5.when.0.probability": Shown(Uniform(0.0, 1.0), "float"),
        "rules.1.when.0.variable": Shown(Choice(["ore", "team", "gem"], [1, 2, 1]), "name"),
    }
    compiled = compile_game(walking_game(vary=shown))
    tokens = compiled.tables["param_tokens"].tolist()
    assert tokens[:3] == [0, 200, 255]
    assert tokens[3:6] == [0, 23, 255]
    assert (tokens[6], tokens[6 + 1023]) == (0, 255)
    assert tokens[6 + 1024 :] == [0, 1, 1, 2]
    scales = dict(zip(compiled.spec.feature_names, compiled.spec.feature_scales, strict=True))
    assert [scales[f"param:{name}"] for name in ("small", "large", "float", "name")] == [255, 255, 255, 2]


def test_few_compilations_are_needed(monkeypatch: pytest.MonkeyPatch):
    compiled = []
    honest = compiler._compile
    monkeypatch.setattr(
        compiler, "_compile", lambda *game, **more: compiled.append(game) or honest(*game, **more)
    )
    numbers = {"verbs.move.price": Uniform(0, 1000), "rules.2.then.1.amount": Uniform(0.0, 2.0)}
    compile_game(walking_game(vary=numbers))
    assert len(compiled) == 1 + 2 * 5 + 3
    compiled.clear()
    orders = [
        {"rules.1.when.0.amount": a, "rules.3.when.0.amount": b, "rules.7.then.0.amount": c}
        for a in range(1, 5) for b in range(1, 5) for c in range(1, 5)
    ]  # fmt: skip
    compile_game(walking_game(vary={"order": Together(orders)}))
    assert len(compiled) == 1 + 3 * 4 + 3


@given(
    scale=st.sampled_from([1, -1, 1000, 65536, 240, 7]),
    offset=st.integers(-9, 9),
    values=st.lists(st.integers(-99, 99), min_size=5, unique=True),
)
def test_straight_lines_are_found(scale, offset, values):
    points = [(x, scale * x + offset) for x in sorted(values)]
    line = straight_line([points[i] for i in (0, 1, len(points) // 2, -2, -1)])
    assert line is not None
    assert [line(x) for x, _ in points] == [y for _, y in points]


def test_bent_lines_are_not_straight():
    assert straight_line([(x, min(x, 98)) for x in (0, 1, 50, 98, 99)]) is None
    assert straight_line([(x, x * x) for x in (0, 1, 2)]) is None


@pytest.mark.parametrize("bend", [1, 2, 3, 50, 97, 98, 99])
def test_cells_follow_bends_to_the_value(bend):
    base = {"profile_cap": np.array([0])}
    values = list(range(100))
    found = cells.cells_of_values(values, lambda x: {("profile_cap", 0): min(x, bend)} if x else {}, base)
    assert found == {("profile_cap", 0): [min(x, bend) for x in values]}


def arena_numbers() -> GameConfig:
    return make_arena(num_agents=4, max_steps=40).model_copy(
        update={
            "vary": {
                "variables.energy.initial": Uniform(50, 150),
                "bodies.person.caps.energy": Uniform(150, 250),
                "verbs.attack.price": Shown(Uniform(1, 40), "attack_price"),
                "rules.7.then.0.amount": Uniform(20, 100),
                "map.stations.altar": Uniform(1, 9),
            }
        }
    )


def test_the_arena_s_numbers_vary():
    env = BatchEnv(arena_numbers(), num_worlds=4)
    env.reset(0)
    assert "param:attack_price" in env.spec.feature_names
    rng = np.random.default_rng(0)
    for _ in range(100):
        env.step(rng.integers(len(env.spec.action_names), size=env.num_rows, dtype=np.int32))
    assert env.episode_ended.shape == (4,)


def test_a_restored_world_has_the_numbers_that_it_had():
    env = BatchEnv(GAME, num_worlds=3, num_threads=2)
    env.reset(1)
    told = [shown_values(env, world * 4) for world in range(3)]
    saved = env.snapshot(0)
    env.fork(1, 0)
    assert shown_values(env, 0) == told[1] != told[0]
    env.restore(0, saved)
    assert [shown_values(env, world * 4) for world in range(3)] == told
    assert env.snapshot(0) == saved


def test_a_game_that_varies_survives_json():
    again = GameConfig.model_validate_json(GAME.model_dump_json())
    assert again == GAME
    tables = compile_game(GAME).tables
    for name, table in compile_game(again).tables.items():
        np.testing.assert_array_equal(table, tables[name])


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ({"verbs.mvoe.price": Uniform(1, 2)}, "vary: verbs.mvoe.price: verbs has no 'mvoe'; did you mean move?"),
        ({"rules.99.on": Choice(["use"])}, "vary: rules.99.on: rules has no '99'; valid: 0, 1, 2, 3, 4, 5, 6, 7, 8"),
        ({"verbs.move.prize": Uniform(1, 2)}, "vary: verbs.move.prize: verbs.move has no 'prize'; did you mean price?"),
        ({"vary.x": Uniform(1, 2)}, "vary: vary.x: the game has no 'vary'; "),
        ({"max_steps.x": Uniform(1, 2)}, "vary: max_steps.x: max_steps is 30 and has no parts"),
        (
            {"max_steps": Uniform(1, 2), "both": Together([{"max_steps": 3}])},
            "vary: both: max_steps is drawn by 'max_steps' already",
        ),
        (
            {"both": Together([{"max_steps": 3, "map.text": "@"}])},
            "vary: both: what is drawn for each map and for each episode cannot be drawn together",
        ),
        ({"map.text": Shown(Choice(["@"]))}, "vary: map.text: what is drawn for each map cannot be shown"),
        (
            {"max_steps": Shown(Uniform(1, 2), "a"), "verbs.move.price": Shown(Uniform(1, 2), "a")},
            "vary: verbs.move.price: 'max_steps' is shown as 'a' already",
        ),
    ],
)  # fmt: skip
def test_bad_paths_are_refused_when_the_game_is_made(vary, message):
    with pytest.raises(ValueError) as error:
        walking_game().override("vary", vary)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"options": [{"max_steps": 3}, {"num_agents": 2}]},
            "vary.a: options.1: max_steps is set by some options and not by others",
        ),
        (
            {"options": []},
            "vary.a.options: List should have at least 1 item after validation, not 0",
        ),
        ({"options": [{"max_steps": 3}], "weights": [1, 2]}, "vary.a: 2 weights for 1 options"),
    ],
)
def test_options_that_are_drawn_together_are_checked(fields, message):
    with pytest.raises(ValueError) as error:
        walking_game().override("vary", {"a": {"op": "together"} | fields})
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ({"num_agents": Uniform(1, 4)}, "vary.num_agents: num_agents cannot vary: it changes the size of the world"),
        ({"view.height": Choice([5, 7])}, "vary.view.height: view.height cannot vary: it changes what policies see"),
        (
            {"rules.2.then.0.of": Choice(["actor", "target"])},
            "rules.2.then.0.of cannot vary: it changes what a word of a rule is, not its number",
        ),
        (
            {"rules.2.on": Choice(["use", "sing"])},
            "vary.rules.2.on: rules.2.on cannot vary: it changes which rules and words there are",
        ),
        (
            {"rules.7.target": Choice(["mine", "wall"])},
            "vary.rules.7.target: rules.7.target cannot vary: it changes which rules and words there are",
        ),
        ({"bodies.big.share": Choice([1, 2])}, "bodies.big.share cannot vary: it changes which agent has which"),
        ({"bodies.big.radius": Choice([2, 3])}, "bodies.big.radius cannot vary: it changes how far a body sees"),
        ({"variables.energy.offset": Choice([0, 1])}, "variables.energy.offset cannot vary: it changes"),
        (
            {"verbs.move.price": Choice([1, "much"])},
            "vary.verbs.move.price: verbs.move.price = much: verbs.move.price: Input should be a valid integer",
        ),
        (
            {"bodies.small.caps.energ": Uniform(1, 2)},
            "vary.bodies.small.caps.energ: bodies.small.caps.energ = 1: bodies.small: caps: unknown variable "
            "'energ'; did you mean energy?",
        ),
        (
            {"variables.energy.cap": Uniform(10, 50)},
            "vary.variables.energy.cap: variables.energy.cap = 10: variables.energy.initial: 20 is above the cap 10",
        ),
        (
            {"variables.energy.cap": Uniform(20, 50), "variables.energy.initial": Uniform(5, 30)},
            "vary.variables.energy.initial: draws 30, which is above the cap of 20 that 'variables.energy.cap' draws",
        ),
        (
            {"bodies.small.caps.energy": Uniform(10, 40), "variables.energy.initial": Uniform(5, 30)},
            "changes a number that 'bodies.small.caps.energy' changes, too; draw them together (Together)",
        ),
        (
            {"rules.5.when.1.period": Uniform(3, 9), "rules.5.when.1.phase": Uniform(0, 2)},
            None,
        ),
        (
            {"rules.5.when.1.period": Uniform(1, 9), "rules.5.when.1.phase": Uniform(0, 2)},
            "phase 2 never comes; it must be below the period 1; what depends on each other is drawn Together",
        ),
        (
            {"many": Shown(Together([{"max_steps": i, "verbs.move.price": 0} for i in range(1, 300)]))},
            "vary.many: 299 options cannot be shown in one token, at most 256",
        ),
        (
            {"verbs.move.price": Choice(list(range(2000)))},
            "vary.verbs.move.price: options: 2000 options, at most 1024 fit",
        ),
        ({"map.text": Choice([FIELD, FIELD.replace("m", "x")])}, "vary.map.text: with map.text = "),
        (
            {"map.text": Choice([FIELD, "@@@@"])},
            "vary.map.text: map.text cannot vary: all maps of a game have one height and one width",
        ),
    ],
)  # fmt: skip
def test_what_cannot_vary_is_refused_in_one_line(vary, message):
    game = walking_game(vary=vary)
    if message is None:
        compile_game(game)
        return
    with pytest.raises(ValueError) as error:
        compile_game(game)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
