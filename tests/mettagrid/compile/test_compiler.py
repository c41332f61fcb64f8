import numpy as np
import pytest

from mettagrid.compile import build_maps, compile_game
from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, numbered
from mettagrid.games.arena import ArenaNumbers, make_arena
from mettagrid.maps import AsciiMap
from mettagrid.rules import Add, AtLeast, Rule, Set, Spawn

ARENA = compile_game(make_arena())


def changed(game: GameConfig, **fields) -> GameConfig:
    return game.model_copy(update=fields)


def rows(name: str) -> np.ndarray:
    return ARENA.tables[name]


def test_tables_are_compact_and_of_the_core_s_type():
    for table in ARENA.tables.values():
        assert table.dtype == np.int32
        assert table.flags.c_contiguous


def test_tables_have_the_shapes_that_the_core_reads():
    spec = ARENA.spec
    variables, kinds, actions = len(spec.variable_names), len(spec.kind_names), len(spec.action_names)
    profiles, agents = rows("profile_radius").size, spec.num_agents
    shapes = {
        "sizes": (19,),
        "var_countdown": (variables,),
        "var_stat_gained": (variables,),
        "var_stat_lost": (variables,),
        "profile_cap": (profiles, variables),
        "profile_initial": (profiles, variables),
        "profile_trait": (profiles, 8),  # damage and seven prices
        "kind_profile": (kinds,),
        "agent_profile": (agents,),
        "agent_initial": (agents, variables),
        "kind_tokens_begin": (kinds + 1,),
        "global_features": (5,),
        "last_action_features": (actions,),
        "actions": (actions, 3),
        "action_stats": (actions, 2),
        "action_conditions_begin": (actions + 1,),
        "action_costs": (actions, 2),
        "action_rules": (actions, kinds, 2),
        "step_rules": (kinds, 2),
    }
    assert {name: rows(name).shape for name in shapes} == shapes
    columns = {"kind_tokens": 4, "self_tokens": 4, "rules": 4, "filters": 8, "effects": 8}
    assert {name: rows(name).shape[1] for name in columns} == columns


def test_every_index_points_at_something():
    spec = ARENA.spec
    features, stats, variables = len(spec.feature_names), len(spec.stat_names), len(spec.variable_names)
    bounds = {
        "var_stat_gained": (rows("var_stat_gained"), -1, stats),
        "action_stats": (rows("action_stats"), 0, stats),
        "kind_profile": (rows("kind_profile"), 0, rows("profile_radius").size),
        "token variables": (rows("kind_tokens")[:, 0], -1, variables),
        "token features": (rows("kind_tokens")[:, 1], 0, features),
        "last actions": (rows("last_action_features"), 0, features),
        "conditions": (rows("conditions"), 0, len(rows("filters"))),
        "conditions of actions": (rows("action_conditions"), 0, rows("conditions").size),
        "ends of conditions": (rows("action_conditions_begin"), 0, rows("action_conditions").size + 1),
        "ends of costs": (rows("action_costs").sum(axis=1), 0, len(rows("effects")) + 1),
        "ends of action rules": (rows("action_rules").sum(axis=2), 0, len(rows("rules")) + 1),
        "ends of step rules": (rows("step_rules").sum(axis=1), 0, len(rows("rules")) + 1),
        "ends of filters": (rows("rules")[:, :2].sum(axis=1), 0, len(rows("filters")) + 1),
        "ends of effects": (rows("rules")[:, 2:].sum(axis=1), 0, len(rows("effects")) + 1),
        "filter variables": (rows("filters")[:, 2], -1, variables),
        "effect variables": (rows("effects")[:, 2], -1, variables),
    }
    for name, (values, low, high) in bounds.items():
        assert ((values >= low) & (values < high)).all(), name


def test_a_policy_knows_the_arena_by_these_names():
    spec = ARENA.spec
    assert spec.kind_names[:4] == ["empty", "agent", "border", "wall"]
    assert spec.variable_names[0] == "heading"
    assert spec.action_names[:5] == ["noop", "move_north", "move_east", "move_south", "move_west"]
    assert spec.action_names[10:19] == [f"attack_{number}" for number in range(1, 10)]
    assert spec.action_names[19:] == [
        *("shield", "give_energy", "give_red", "give_blue"),
        *("mark_0", "mark_1", "mark_2", "mark_3"),
    ]
    wanted = {"kind:agent", "kind:altar", "heading", "frozen", "shield", "mark", "cooldown"}
    wanted |= {"own:energy", "own:red", "own:blue", "own:heart", "progress", "reward", "penalty"}
    wanted |= {f"last_action:{name}" for name in spec.action_names}
    assert wanted <= set(spec.feature_names)
    assert len(spec.feature_scales) == len(spec.feature_names)
    assert {"heart.gained", "action.use.success", "action.use.failed", "attack.hit"} <= set(spec.stat_names)


def test_scales_bring_values_to_about_one():
    scales = dict(zip(ARENA.spec.feature_names, ARENA.spec.feature_scales, strict=True))
    assert scales["kind:altar"] == scales["shield"] == 1
    assert (scales["heading"], scales["frozen"], scales["own:energy"], scales["own:red"]) == (4, 10, 250, 5)
    assert (scales["progress"], scales["reward"]) == (255, 100)
    hearts = rows("self_tokens")[3].tolist()
    assert hearts[2] == 4  # a cap of 1000 fits into a byte if four hearts are one
    assert scales["own:heart"] == 250


def test_noop_is_always_possible_and_always_succeeds():
    begin, count = rows("action_rules")[0, 1]
    assert rows("action_conditions_begin")[1] == 0
    assert rows("action_costs")[0, 1] == 0
    assert count == 1
    assert rows("rules")[begin, [1, 3]].tolist() == [0, 0]


def test_equal_lists_of_rules_and_equal_conditions_are_stored_once():
    spec = ARENA.spec
    move, attack = spec.action_names.index("move_north"), spec.action_names.index("attack_1")
    nine = rows("action_rules")[attack : attack + 9]
    assert (nine == nine[0]).all()
    begins = rows("action_conditions_begin")
    conditions = rows("action_conditions")
    of_moves = [conditions[begins[a] : begins[a + 1]].tolist() for a in range(move, move + 4)]
    assert of_moves == [of_moves[0]] * 4


def test_bodies_set_caps_prices_and_first_values_of_their_agents():
    game, numbers = make_arena(num_agents=4), ArenaNumbers()
    small = Body(share=1, caps={"energy": 60}, prices={"attack": 61}, traits={"damage": 3}, radius=2)
    compiled = compile_game(
        changed(game, bodies={"big": Body(share=3, traits={"damage": 9}), "small": small})
    )
    tables, names = compiled.tables, game.names()
    energy = names.variable("energy")
    assert tables["agent_profile"].tolist() == [0, 0, 0, 1]
    assert tables["profile_cap"][:2, energy].tolist() == [numbers.energy_cap, 60]
    assert tables["profile_initial"][:2, energy].tolist() == [numbers.initial_energy, 60]  # what fits
    assert tables["profile_radius"][:2].tolist() == [5, 2]
    assert tables["profile_trait"][:2, names.trait("damage")].tolist() == [9, 3]
    assert tables["profile_trait"][:2, names.trait("price_attack")].tolist() == [numbers.attack_price, 61]


def test_objects_have_what_their_kind_lists():
    names = make_arena().names()
    profile = rows("kind_profile")[names.kind("wall")]
    hp, cooldown = names.variable("hp"), names.variable("cooldown")
    assert rows("profile_initial")[profile, [hp, cooldown]].tolist() == [10, 0]
    assert rows("profile_cap")[profile, cooldown] == 0
    assert rows("profile_cap")[0, hp] == 0


def test_starts_go_round_among_the_agents():
    tables = compile_game(changed(make_arena(num_agents=5), starts={"mark": [1, 3]})).tables
    assert tables["agent_initial"][:, make_arena().names().variable("mark")].tolist() == [1, 3, 1, 3, 1]
    assert (tables["agent_initial"][:, 0] == -1).all()


def test_arguments_are_numbers_of_the_action():
    game = GameConfig(
        variables={"mark": Variable(cap=9)},
        verbs={"mark": Verb(choices=numbered(0, 9))},
        rules=[Rule(on="mark_7", then=[Set("mark", 9)]), Rule(on="mark", then=[Add("mark", 1)])],
    )
    tables = compile_game(game).tables
    assert tables["action_rules"][1:, 1, 1].tolist() == [1] * 7 + [2] + [1] * 2


def test_room_for_objects_is_kept_only_where_rules_spawn():
    building = Rule(on="build", target="empty", then=[Spawn("box")])
    game = GameConfig(
        objects={"box": ObjectKind()},
        verbs={"build": Verb(aim=Ahead())},
        map=AsciiMap(text="@.B", legend={"B": "box"}),
        spare_objects=5,
    )
    assert compile_game(game).tables["sizes"][3] == 2
    assert compile_game(changed(game, rules=[building])).tables["sizes"][3] == 7


def test_sizes_of_the_arena_on_other_fields():
    for num_agents, size in ((5, (25, 25)), (60, (40, 40)), (1, (12, 15))):
        game = make_arena(num_agents=num_agents, size=size)
        sizes = compile_game(game).tables["sizes"]
        assert sizes[:3].tolist() == [num_agents, size[0] + 2, size[1] + 2]
        maps = build_maps(game, 2, 0)
        assert maps.shape == (2, size[0] + 2, size[1] + 2)
        assert ((maps == 1).sum(axis=(1, 2)) == num_agents).all()
        assert ((maps != 0).sum(axis=(1, 2)) <= sizes[3]).all()


@pytest.mark.parametrize(
    "numbers", [ArenaNumbers(num_marks=16), ArenaNumbers(generator_stock=9, renewal_period=7)]
)
def test_other_numbers_make_games_too(numbers):
    compile_game(make_arena(numbers=numbers))


@pytest.mark.parametrize(
    ("game", "message"),
    [
        (
            GameConfig(variables={f"v{i}": Variable(shown="all") for i in range(9)}),
            r"^'agent' shows 11 tokens, at most 10 fit",
        ),
        (
            GameConfig(verbs={"say": Verb(choices=numbered(0, 250))}),
            r"^the game has 257 features \(kinds, shown variables, actions\), at most 255 fit$",
        ),
        (
            GameConfig(
                variables={"v": Variable()},
                verbs={f"verb_{i}": Verb(requires=[AtLeast("v", i)]) for i in range(65)},
            ),
            r"^verbs: 65 different requirements, at most 64 can be tested$",
        ),
    ],
)
def test_games_that_are_too_large_for_the_core_are_refused(game, message):
    with pytest.raises(ValueError, match=message):
        compile_game(game)


def test_at_least_one_map_is_built():
    with pytest.raises(ValueError, match=r"^num_maps must be at least 1, got 0$"):
        build_maps(make_arena(), 0, 0)


def test_compiling_twice_gives_the_same_tables():
    game = GameConfig.model_validate_json(make_arena(shaped=True).model_dump_json())
    again = compile_game(game).tables
    for name, table in compile_game(make_arena(shaped=True)).tables.items():
        np.testing.assert_array_equal(table, again[name])
