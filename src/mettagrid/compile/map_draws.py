"""Maps whose numbers vary: each map of the pool draws its own, from the seed and its place in the pool."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mettagrid.config.game import GameConfig
from mettagrid.config.vary import MAP, MOST_DRAWS, Assignment, Together, is_of_maps, source


def build_varied_maps(game: GameConfig, num_maps: int, seed: int) -> np.ndarray:
    """Build maps: int32 [num_maps, height, width]. Map i depends on the seed and i alone."""
    draws = [draws for _, draws in _map_draws(game)]
    maps = []
    for index in range(num_maps):
        rng = np.random.default_rng([index, seed % 2**64])
        drawn = [options[rng.integers(len(options))] for options in draws]
        one = _changed(game, {path: value for option in drawn for path, value in option.items()})
        maps.append(one.build(1, int(rng.integers(2**62)), game.num_starting, game.map_values()))
    return np.concatenate(maps)


def largest_map(game: GameConfig) -> GameConfig:
    """The game with the map of most objects that can be drawn, and without what varies of maps.

    Raises:
        ValueError: one line that begins with `vary.<key>`: a map that cannot be, or of another size.
    """
    largest: dict[str, Any] = {}
    for key, draws in _map_draws(game):
        try:
            largest |= max(draws, key=lambda draw: _count(game, draw))
        except ValueError as error:
            raise ValueError(f"vary.{key}: {error}") from None
    rest = {key: varied for key, varied in game.vary.items() if not is_of_maps(key, varied)}
    if len(rest) == len(game.vary):
        return game
    try:
        biggest = game.model_copy(update={"vary": rest, "map": _changed(game, largest)})
        biggest.check()
    except ValueError as error:
        raise ValueError(f"vary: with {_said(largest)}: {error}") from None
    return biggest


def _map_draws(game: GameConfig) -> Iterator[tuple[str, list[Assignment]]]:
    """Each entry of `vary` that is about maps, with the distinct or equally likely values that it writes."""
    for key, varied in game.vary.items():
        if not is_of_maps(key, varied):
            continue
        drawn = source(varied)
        if isinstance(drawn, Together):
            yield key, [drawn.options[i] for i in drawn.values(MOST_DRAWS)]
        else:
            yield key, [{key: value} for value in _fitting(game, key, drawn.values(MOST_DRAWS))]


def _fitting(game: GameConfig, path: str, values: list[Any]) -> list[Any]:
    """The values, rounded if the map takes only whole numbers there."""
    broken = [value for value in values if isinstance(value, float) and value != int(value)]
    try:
        _changed(game, {path: broken[0]} if broken else {})
    except ValueError:
        return [round(value) if isinstance(value, float) else value for value in values]
    return values


def _changed(game: GameConfig, values: Assignment) -> Any:
    changes = {path.removeprefix(MAP): value for path, value in values.items()}
    return game.map.model_copy().override_all(changes)


def _count(game: GameConfig, draw: Assignment) -> int:
    """Objects on a map with these values."""
    try:
        one = _changed(game, draw)
        one.check(game.num_starting, game.map_values())
    except ValueError as error:
        raise ValueError(f"with {_said(draw)}: {error}") from None
    if one.shape != game.map.shape:
        raise ValueError(f"{next(iter(draw))} cannot vary: all maps of a game have one height and one width")
    return one.count_objects()


def _said(values: Assignment) -> str:
    return ", ".join(f"{path} = {value!r}" for path, value in values.items())
