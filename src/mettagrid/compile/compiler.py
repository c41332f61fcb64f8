"""compile_game: puts all tables of a game together, in the form that `core/colony/tables.hpp` reads."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from mettagrid.compile.compiled import CompiledGame, Frame
from mettagrid.compile.features import (
    GLOBAL_FEATURES,
    Features,
    ground_rows,
    kind_tokens,
    placeless_tokens,
    relation_features,
    self_tokens,
)
from mettagrid.compile.map_draws import build_varied_maps, largest_map
from mettagrid.compile.profiles import profile_tables
from mettagrid.compile.rulebook import RuleBook
from mettagrid.compile.society import society_tables
from mettagrid.compile.vary import vary_numbers
from mettagrid.config.game import GROUP, SIGHT, WORLD, GameConfig
from mettagrid.config.vary import is_of_maps
from mettagrid.rules import Spawn
from mettagrid.spec import GameSpec

MAX_FEATURES = 255
MAX_TOKENS_OF_A_KIND = 10


def compile_game(game: GameConfig, highest: Mapping[str, int] | None = None) -> CompiledGame:
    """Turn a game into tables.

    Args:
        game: rules, people and map.
        highest: caps that variables have in other games beside this one; scales of tokens are made for the largest.

    Raises:
        ValueError: the game contradicts itself or is too large for the core; one line.
    """
    game.check()
    compiler = partial(_compile, highest=highest)
    if not game.vary:
        return compiler(game, None)
    return vary_numbers(largest_map(game), compiler)


def _compile(
    game: GameConfig, frame: Frame | None = None, highest: Mapping[str, int] | None = None
) -> CompiledGame:
    """Tables of a game as it stands, whatever of it varies."""
    highest = highest or {}
    features = Features(highest=highest)
    if frame is not None:
        drawn = {name: max(cap, highest.get(name, 0)) for name, cap in frame.highest.items()}
        features = Features(highest={**highest, **drawn}, told=frame.told)
    tables = {**_token_tables(game, features), **_statistic_tables(game)}
    book = RuleBook(game, frame)
    tables |= profile_tables(game) | book.tables() | society_tables(game, frame)
    tables |= dict.fromkeys(("params", "param_tokens", "patches", "patch_values"), np.zeros(0))
    tables["sizes"] = np.array(_sizes(game, len(features.scales)))
    compact = {name: np.ascontiguousarray(table, dtype=np.int32) for name, table in tables.items()}
    return CompiledGame(compact, _spec(game, features), tuple(book.sources))


def build_maps(game: GameConfig, num_maps: int, seed: int) -> np.ndarray:
    """Build maps: int32 [num_maps, height, width] of kind ids + 256 * grounds. Map i depends on the seed and i alone.

    Raises:
        ValueError: the map does not fit the game, or `num_maps` is below 1.
    """
    if num_maps < 1:
        raise ValueError(f"num_maps must be at least 1, got {num_maps}")
    if any(is_of_maps(key, varied) for key, varied in game.vary.items()):
        return build_varied_maps(game, num_maps, seed)
    return game.map.build(num_maps, seed, game.num_starting, game.map_values())


def _token_tables(game: GameConfig, features: Features) -> dict[str, np.ndarray]:
    shown = kind_tokens(game, features)
    for name, rows in zip(game.kind_names(), shown, strict=True):
        if len(rows) > MAX_TOKENS_OF_A_KIND:
            most = f"at most {MAX_TOKENS_OF_A_KIND} fit: show fewer variables to all"
            raise ValueError(f"'{name}' shows {len(rows)} tokens, {most}")
    own = self_tokens(game, features)
    told = [features.id(name, scale) for name, scale in GLOBAL_FEATURES.items()]
    world = placeless_tokens(game, WORLD, game.world, features)
    group = placeless_tokens(game, GROUP, game.group, features)
    actions = [features.id(f"last_action:{action.name}") for action in game.actions()]
    relations = relation_features(game, features)
    grounds = ground_rows(game, features)
    traces = [features.id(f"trace:{name}", 255.0) for name in game.traces]
    for name, scale in features.told.items():
        features.id(name, scale)
    if len(features.scales) > MAX_FEATURES:
        number = f"{len(features.scales)} features (kinds, shown variables, actions)"
        raise ValueError(f"the game has {number}, at most {MAX_FEATURES} fit")
    return {
        "kind_tokens_begin": np.cumsum([0, *(len(rows) for rows in shown)]),
        "kind_tokens": np.array([row for rows in shown for row in rows]),
        "self_tokens": np.array(own, int).reshape(-1, 4),
        "world_tokens": np.array(world, int).reshape(-1, 4),
        "group_tokens": np.array(group, int).reshape(-1, 4),
        "global_features": np.array([*told, *relations]),
        "grounds": np.array(grounds),
        "trace_features": np.array([-1, *traces]),
        "last_action_features": np.array(actions),
    }


def _statistic_tables(game: GameConfig) -> dict[str, np.ndarray]:
    names = game.stat_names()
    variables = game.all_variables().items()
    actions = [f"action.{action.verb_name}" for action in game.actions()]

    def counters(end: str) -> np.ndarray:
        return np.array(
            [names.index(f"{name}.{end}") if variable.counted else -1 for name, variable in variables]
        )

    return {
        "var_countdown": np.array([variable.countdown for _, variable in variables]),
        "var_stat_gained": counters("gained"),
        "var_stat_lost": counters("lost"),
        "action_stats": np.array(
            [[names.index(f"{action}.{end}") for end in ("success", "failed")] for action in actions]
        ),
    }


def _sizes(game: GameConfig, num_features: int) -> list[int]:
    height, width = game.map.shape
    spawns = any(isinstance(effect, Spawn) for rule in game.rules for effect in rule.then)
    kinds, variables = game.kind_names(), list(game.all_variables())
    num_placeless = (game.world is not None) + game.num_groups
    return [
        game.num_agents,
        height,
        width,
        game.num_agents + num_placeless + game.map.count_objects() + (game.spare_objects if spawns else 0),
        game.max_steps,
        game.view.num_tokens,
        game.view.height,
        game.view.width,
        game.view.heading_up,
        num_features,
        len(game.stat_names()),
        game.shuffle_spawns,
        game.num_starting,
        kinds.index(WORLD) if game.world is not None else -1,
        kinds.index(GROUP) if game.group is not None else -1,
        game.num_groups,
        -1 if game.group_variable is None else variables.index(game.group_variable),
        variables.index(SIGHT) if SIGHT in variables else -1,
        game.sample_bodies,
    ]


def _spec(game: GameConfig, features: Features) -> GameSpec:
    return GameSpec(
        name=game.name,
        num_agents=game.num_agents,
        max_steps=game.max_steps,
        view_height=game.view.height,
        view_width=game.view.width,
        num_tokens=game.view.num_tokens,
        feature_names=list(features.scales),
        feature_scales=list(features.scales.values()),
        action_names=[action.name for action in game.actions()],
        stat_names=game.stat_names(),
        kind_names=game.kind_names(),
        variable_names=list(game.all_variables()),
    )
