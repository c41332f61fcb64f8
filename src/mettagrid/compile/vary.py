"""vary_numbers: the tables of a game some of whose numbers are drawn in every episode.

Each entry of `GameConfig.vary` becomes a row of `params`: the core draws one of its equally likely values, writes the
cells that follow it (`patches`), and tells the agents the value if it is shown (`param_tokens`).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mettagrid.compile.cells import MAX_STEPS, PATCHED, Cell, Prober, accepts, cells_of_values, changed
from mettagrid.compile.compiled import Compile, CompiledGame, Frame
from mettagrid.config.game import GameConfig
from mettagrid.config.vary import MOST_DRAWS, Assignment, Together, shown_name, source

_FIXED = {
    "name": "the name of the game",
    "num_agents": "the size of the world",
    "initial_agents": "the number of places on the map",
    "view": "what policies see",
    "kinship": "matrices that are drawn in every episode as it is",
}
_MOST_SHOWN = 256
_CHECKED_DRAWS = 3
"""Random draws of everything at once that are compared with a game that has these values."""


@dataclass
class Param:
    """One entry of `GameConfig.vary`, and what becomes of the tables for each of its draws."""

    key: str
    draws: list[Assignment]
    """What each of the equally likely draws writes into the game."""
    shown: str | None = None
    """Name under which it is shown."""
    tokens: list[int] = field(default_factory=list)
    """Value of the token for each draw, if it is shown."""
    cells: dict[Cell, list[int]] = field(default_factory=dict)
    """What each cell becomes for each draw."""


def vary_numbers(game: GameConfig, compile_game: Compile) -> CompiledGame:
    """Compile a game whose numbers vary.

    The compiled numbers are those of the game without drawing; but scales are made for the largest caps that are
    drawn, and `max_steps` is the largest.

    Raises:
        ValueError: one line that begins with `vary.<key>`: something cannot be drawn, and why.
    """
    if not game.vary:
        return compile_game(game, None)
    plain = game.model_copy(update={"vary": {}})
    params = [_at(key, _draw, plain, key, varied) for key, varied in game.vary.items()]
    told = {
        f"param:{param.shown}": _at(param.key, _tell, param) for param in params if param.shown is not None
    }
    frame = Frame(highest=_highest_caps(params), told=told)
    prober = Prober(plain, compile_game, frame)
    for param in params:
        param.cells = _at(param.key, _cells, param, prober)
    _check_apart(params)
    _check_caps(params)
    _check_draws(params, prober)
    return _assemble(params, prober.base, frame)


def vary_tables(params: list[Param], features: list[str]) -> dict[str, np.ndarray]:
    """The core's four tables about numbers that vary; `features` names the ids of features."""
    rows, tokens, patches, values = [], [], [], []
    for index, param in enumerate(params):
        feature = -1 if param.shown is None else features.index(f"param:{param.shown}")
        rows.append((len(param.draws), feature, len(tokens), 0))
        tokens += param.tokens
        for (table, cell), numbers in param.cells.items():
            patches.append((index, PATCHED[table], 0 if table == "sizes" else cell, len(values)))
            values += numbers
    return {
        "params": np.array(rows).reshape(-1, 4),
        "param_tokens": np.array(tokens, int),
        "patches": np.array(patches, int).reshape(-1, 4),
        "patch_values": np.array(values, int),
    }


def _at(key: str, make: Any, *values: Any) -> Any:
    """What `make` gives; a ValueError gets the entry's place in front."""
    try:
        return make(*values)
    except ValueError as error:
        raise ValueError(f"vary.{key}: {error}") from None


def _draw(game: GameConfig, key: str, varied: Any) -> Param:
    drawn = source(varied)
    positions = drawn.values(MOST_DRAWS)
    if isinstance(drawn, Together):
        draws: list[Assignment] = [drawn.options[position] for position in positions]
    else:
        draws = [{key: value} for value in _fitting(game, key, positions)]
    for path in draws[0]:
        if (head := path.split(".")[0]) in _FIXED:
            raise ValueError(f"{path} cannot vary: it changes {_FIXED[head]}")
    return Param(key, draws, shown_name(key, varied))


def _fitting(game: GameConfig, path: str, values: list[Any]) -> list[Any]:
    """The values, rounded if the game takes only whole numbers there."""
    broken = [value for value in values if isinstance(value, float) and value != int(value)]
    if not broken or accepts(game, {path: broken[0]}):
        return values
    return [round(value) if isinstance(value, float) else value for value in values]


def _tell(param: Param) -> float:
    """Writes the tokens of a param that is shown, and gives the scale of its feature.

    Whole numbers from 0 to 255 are shown as they are, other numbers as 0 to 255 from the least to the greatest, names
    and options by their position. An option that sets the same number everywhere is shown as that number.
    """
    values = [tuple(draw.values()) for draw in param.draws]
    numbers = [value[0] for value in values] if all(len(set(value)) == 1 for value in values) else []
    if numbers and all(isinstance(number, int) and 0 <= number <= 255 for number in numbers):
        param.tokens = numbers
        return float(max(1, *numbers))
    if numbers and not any(isinstance(number, str) for number in numbers):
        low, high = min(numbers), max(numbers)
        param.tokens = [round(255 * (number - low) / max(high - low, 1e-9)) for number in numbers]
        return 255.0
    options = list(dict.fromkeys(values))
    if len(options) > _MOST_SHOWN:
        raise ValueError(f"{len(options)} options cannot be shown in one token, at most {_MOST_SHOWN}")
    param.tokens = [options.index(value) for value in values]
    return float(max(1, len(options) - 1))


def _highest_caps(params: list[Param]) -> dict[str, int]:
    """The largest cap that is drawn for each variable: `variables.<name>.cap` and `<thing>.caps.<name>`."""
    highest: dict[str, int] = {}
    for param in params:
        for path in param.draws[0]:
            parts = path.split(".")
            is_general = parts[0] == "variables" and parts[-1] == "cap"
            if is_general or parts[-2:-1] == ["caps"]:
                name = parts[1] if is_general else parts[-1]
                highest[name] = max(highest.get(name, 0), *(int(draw[path]) for draw in param.draws))
    return highest


def _cells(param: Param, prober: Prober) -> dict[Cell, list[int]]:
    """What each cell becomes for each draw of a param."""
    base = prober.base.tables
    paths = list(param.draws[0])
    if len(paths) > 1 and (apart := _cells_of_each_path(param, paths, prober)) is not None:
        return apart
    if len(paths) == 1:
        values = [draw[paths[0]] for draw in param.draws]
        return cells_of_values(values, lambda value: prober.cells({paths[0]: value}), base)
    options = [tuple(draw.items()) for draw in param.draws]
    return cells_of_values(options, lambda option: prober.cells(dict(option)), base)


def _cells_of_each_path(param: Param, paths: list[str], prober: Prober) -> dict[Cell, list[int]] | None:
    """The same for paths that are drawn together, one by one; None if they cannot be looked at apart."""
    found: dict[Cell, list[int]] = {}
    for path in paths:
        values = [draw[path] for draw in param.draws]
        try:
            cells = cells_of_values(
                values, lambda value, path=path: prober.cells({path: value}), prober.base.tables
            )
        except ValueError:
            return None
        if found.keys() & cells.keys():
            return None
        found |= cells
    return found


def _check_apart(params: list[Param]) -> None:
    """Refuses two params that change the same number."""
    owners: dict[Cell, str] = {}
    for param in params:
        for cell in param.cells:
            if cell in owners:
                raise ValueError(
                    f"vary.{param.key}: changes a number that '{owners[cell]}' changes, too; "
                    "draw them together (Together)"
                )
            owners[cell] = param.key


def _check_caps(params: list[Param]) -> None:
    """Refuses first values above their caps, where two params draw the one and the other."""
    caps = {
        cell: (min(values), param.key)
        for param in params
        for (table, cell), values in param.cells.items()
        if table == "profile_cap"
    }
    for param in params:
        for (table, cell), values in param.cells.items():
            least, other = caps.get(cell, (max(values), param.key))
            if table == "profile_initial" and other != param.key and max(values) > least:
                raise ValueError(
                    f"vary.{param.key}: draws {max(values)}, which is above the cap of {least} that "
                    f"'{other}' draws; draw them together (Together)"
                )


def _check_draws(params: list[Param], prober: Prober) -> None:
    """Looks at draws of everything at once.

    With each param at one end and all others at the other, there must be such a game; with a few draws, the tables
    must be those of a game that has these values.
    """
    for one in params:
        for first, last in ((0, -1), (-1, 0)):
            corner = _values([(param, first if param is one else last) for param in params])
            _jointly(corner, changed, prober.game, corner)
    rng = np.random.default_rng(0)
    for _ in range(_CHECKED_DRAWS):
        draws = [int(rng.integers(len(param.draws))) for param in params]
        values = _values(list(zip(params, draws, strict=True)))
        direct = _jointly(values, prober.compiled, values).tables
        patched = patch(prober.base.tables, params, draws)
        for name, table in direct.items():
            if name != "reaches" and not np.array_equal(table, patched[name]):
                raise ValueError(f"vary: {_said(values)}: what depends on each other is drawn Together")


def _values(draws: list[tuple[Param, int]]) -> dict[str, Any]:
    return {path: value for param, draw in draws for path, value in param.draws[draw].items()}


def _jointly(values: Assignment, make: Any, *arguments: Any) -> Any:
    """What `make` gives; a ValueError gets the values in front that do not go together."""
    try:
        return make(*arguments)
    except ValueError as error:
        raise ValueError(
            f"vary: {_said(values)}: {error}; what depends on each other is drawn Together"
        ) from None


def _said(values: Assignment) -> str:
    return ", ".join(f"{path} = {value}" for path, value in values.items())


def patch(tables: dict[str, np.ndarray], params: list[Param], draws: list[int]) -> dict[str, np.ndarray]:
    """The tables of an episode: what the core makes of them if these are its draws."""
    patched = {name: table.copy() if name in PATCHED else table for name, table in tables.items()}
    for param, draw in zip(params, draws, strict=True):
        for (table, cell), values in param.cells.items():
            patched[table].flat[cell] = values[draw]
    return patched


def _assemble(params: list[Param], base: CompiledGame, frame: Frame) -> CompiledGame:
    """The base with what varies; its `max_steps` is the largest, as far as the core keeps count."""
    tables = base.tables | vary_tables(params, base.spec.feature_names)
    tables["reaches"] = np.array(list(frame.reaches)).reshape(-1, 6)
    lengths = [max(param.cells[cell]) for param in params if (cell := ("sizes", MAX_STEPS)) in param.cells]
    max_steps = max(lengths, default=base.spec.max_steps)
    tables["sizes"] = tables["sizes"].copy()
    tables["sizes"][MAX_STEPS] = max_steps
    compact = {name: np.ascontiguousarray(table, dtype=np.int32) for name, table in tables.items()}
    return CompiledGame(compact, base.spec.model_copy(update={"max_steps": max_steps}), base.rule_sources)
