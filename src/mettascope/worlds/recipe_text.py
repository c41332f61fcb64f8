"""A recipe as Python text: the games of another recipe on a map that somebody drew."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from metta.common.discover import Recipe
from mettagrid.builder.on_map import on_map
from mettagrid.config.base import Config
from mettagrid.config.game import GameConfig
from mettagrid.maps import AsciiMap
from mettascope.worlds.library import Library, Made

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_SAFE = re.compile(r"""[!-~ ]""")  # printable; quotes and backslashes are refused below
_UNSAFE = "\"'\\"

_HEAD = '''\
"""{title}: {base} on a map of its own.

Save it as recipes/experiment/{name}.py; then: metta play {name}, metta train {name}
"""

'''
_MAP = '''
MAP = AsciiMap(
    legend={legend},
    text="""
{rows}
""",
)
{changes}

def changed(game: GameConfig) -> GameConfig:
    """The game on this map, with as many agents as it has places."""
    return {body}
'''
_MAKER = '''

def {kind}({parameters}) -> {tool}:
    """{about} on this map."""
    tool = {base}.{maker}()
    return tool.override_all(
        {{
{lines}
        }}
    )
'''
_ABOUT = {"play": "Watch a policy", "train": "Train"}


def recipe_text(
    library: Library, made: Made, drawing: AsciiMap, name: str, changes: Mapping[str, Any]
) -> str:
    """The text of a module with the makers `play` and `train`, as far as the recipe has such.

    Args:
        library: makes the tools of the other recipe.
        made: a tool of the recipe whose games are played.
        drawing: the map.
        name: of the new recipe.
        changes: values inside the game, by dotted path.

    Raises:
        ValueError: no such name can be, or the map has characters that cannot stand in a program.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: {name!r} must be lower case letters, digits and _, and begin with a letter")
    _check_characters(drawing)
    makers = _makers(library, made.recipe, drawing)
    package, _, base = made.recipe.module.rpartition(".")
    head = _HEAD.format(title=name.replace("_", " ").capitalize(), base=base, name=name)
    return (
        head
        + "\n".join([*_imports(makers), f"from {package} import {base}"])
        + "\n"
        + _map_text(drawing, changes)
        + "".join(_maker_text(kind, base, maker, paths) for kind, (maker, paths) in makers.items())
    )


def value_at(config: Any, path: str) -> Any:
    """The value at a dotted path of a config, as plain data."""
    for part in path.split("."):
        if isinstance(config, Config):
            config = getattr(config, part)
        elif isinstance(config, Mapping):
            config = config[next(key for key in config if str(key) == part)]
        else:
            config = config[int(part)]
    return config.model_dump(mode="json") if isinstance(config, Config) else config


def _check_characters(drawing: AsciiMap) -> None:
    for character in {*drawing.legend, *"".join(drawing.rows())}:
        if not _SAFE.fullmatch(character) or character in _UNSAFE:
            raise ValueError(f"legend: {character!r} cannot stand in a recipe; use letters, digits and signs")


def _makers(library: Library, recipe: Recipe, drawing: AsciiMap) -> dict[str, tuple[str, list[str]]]:
    """For `play` and `train`: the maker of the recipe, and the paths of the games on which the map fits."""
    found: dict[str, tuple[str, list[str]]] = {}
    for kind in _ABOUT:
        maker = next((maker.name for maker in recipe.makers if maker.tool == kind), None)
        if maker is not None:
            games = library.make(recipe.name, maker).games
            found[kind] = maker, [path for path, game in games.items() if _fits(game, drawing)]
    return found


def _fits(game: GameConfig, drawing: AsciiMap) -> bool:
    try:
        on_map(game, drawing)
    except ValueError:
        return False
    return True


def _imports(makers: Mapping[str, Any]) -> Sequence[str]:
    tools = [f"from metta.tools.{kind} import {kind.capitalize()}Tool" for kind in makers]
    return [
        *tools,
        "from mettagrid.builder.on_map import on_map",
        "from mettagrid.config.game import GameConfig",
        "from mettagrid.maps import AsciiMap",
    ]


def _map_text(drawing: AsciiMap, changes: Mapping[str, Any]) -> str:
    rows = "\n".join(drawing.rows())
    named = f"CHANGES = {dict(changes)!r}\n" if changes else ""
    body = "on_map(game, MAP).override_all(CHANGES)" if changes else "on_map(game, MAP)"
    return _MAP.format(legend=dict(drawing.legend), rows=rows, changes=named, body=body)


def _maker_text(kind: str, base: str, maker: str, paths: Sequence[str]) -> str:
    lines = [f'            "{path}": changed({_expression("tool", path)}),' for path in paths]
    if kind == "play":
        lines.insert(0, '            "policy_uri": policy_uri,')
    parameters = 'policy_uri: str = "mock://random"' if kind == "play" else ""
    return _MAKER.format(
        kind=kind,
        parameters=parameters,
        tool=f"{kind.capitalize()}Tool",
        about=_ABOUT[kind],
        base=base,
        maker=maker,
        lines="\n".join(lines),
    )


def _expression(name: str, path: str) -> str:
    """A dotted path as Python: `evaluator.simulations.0.env` -> `tool.evaluator.simulations[0].env`."""
    return name + "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in path.split("."))
