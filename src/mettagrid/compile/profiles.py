"""Profiles: rows of limits, first values, traits and sight; agents' bodies first, then one for each kind."""

from itertools import cycle, islice
from math import ceil

import numpy as np

from mettagrid.config.game import GameConfig
from mettagrid.config.things import Body, Variable

Tables = dict[str, np.ndarray]


def profile_tables(game: GameConfig) -> Tables:
    """Tables about bodies and kinds, and what each agent starts with."""
    bodies, objects = list(game.bodies), list(game.all_objects())
    of_agents = [bodies.index(body) for body in game.agent_bodies()]
    return {
        "profile_cap": np.array([*_body_caps(game), *_object_caps(game)]),
        "profile_initial": np.array([*_body_initials(game), *_object_initials(game)]),
        "profile_trait": np.array([*_body_traits(game), *_object_traits(game)]),
        "profile_radius": np.array([*_radii(game), *(0 for _ in objects)]),
        "kind_profile": np.array([0, of_agents[0], *(len(bodies) + i for i in range(len(objects)))]),
        "agent_profile": np.array(of_agents),
        "body_draws": np.array(_body_draws(game)),
        "agent_initial": _agent_initials(game),
    }


def _body_caps(game: GameConfig) -> list[list[int]]:
    variables = game.all_variables().items()
    return [
        [body.caps.get(name, v.cap) if v.agents else 0 for name, v in variables]
        for body in game.bodies.values()
    ]


def _body_initials(game: GameConfig) -> list[list[int]]:
    variables = game.all_variables().items()
    return [
        [_first_value(body, name, v) if v.agents else 0 for name, v in variables]
        for body in game.bodies.values()
    ]


def _first_value(body: Body, name: str, variable: Variable) -> int:
    """A body that says nothing has the variable's initial value, or its own cap if that is lower."""
    return body.initial.get(name, min(variable.initial, body.caps.get(name, variable.cap)))


def _body_traits(game: GameConfig) -> list[list[int]]:
    rows = []
    for body in game.bodies.values():
        prices = {f"price_{name}": body.prices.get(name, verb.price) for name, verb in game.verbs.items()}
        values = prices | body.traits
        rows.append([values[trait] for trait in game.trait_names()] or [0])
    return rows


def _object_caps(game: GameConfig) -> list[list[int]]:
    variables = game.all_variables().items()
    return [
        [kind.caps.get(name, v.cap) if name in kind.has else 0 for name, v in variables]
        for kind in game.all_objects().values()
    ]


def _object_initials(game: GameConfig) -> list[list[int]]:
    return [[kind.has.get(name, 0) for name in game.all_variables()] for kind in game.all_objects().values()]


def _object_traits(game: GameConfig) -> list[list[int]]:
    return [
        [kind.traits.get(trait, 0) for trait in game.trait_names()] or [0]
        for kind in game.all_objects().values()
    ]


def _radii(game: GameConfig) -> list[int]:
    whole_view = game.view.max_radius
    return [whole_view if body.radius is None else body.radius for body in game.bodies.values()]


def _body_draws(game: GameConfig) -> list[int]:
    """Bodies as equally likely draws, by their shares; every body with a share at least once."""
    total = sum(body.share for body in game.bodies.values())
    counts = [ceil(240 * body.share / total) for body in game.bodies.values()]
    return [index for index, count in enumerate(counts) for _ in range(count)]


def _agent_initials(game: GameConfig) -> np.ndarray:
    """Array [A, V] of first values: -1 where `starts` says nothing."""
    names = list(game.all_variables())
    table = np.full((game.num_agents, len(names)), -1)
    for name, values in game.starts.items():
        table[:, names.index(name)] = list(islice(cycle(values), game.num_agents))
    return table
