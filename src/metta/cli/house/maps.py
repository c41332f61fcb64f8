"""`metta maps`: lists the scenes that draw maps, shows one in the terminal, draws contact sheets as PNG files."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from metta.cli.house.commands import HOUSE_COMMANDS
from metta.cli.tables import print_json, print_table
from metta.common.errors import EXIT_OK, UserError
from metta.common.parse import parse_scalar, readings
from mettagrid.config.nearest import did_you_mean
from mettagrid.maps.catalogue import draw_example, example, folders, sentence, values_of
from mettagrid.maps.scene import Scene, scene_forms
from mettagrid.maps.show.page import write_picture
from mettagrid.maps.show.picture import contact_sheet, map_picture
from mettagrid.maps.show.terminal import map_legend, map_text

USAGE = """\
metta maps                                  all scenes, with a sentence each; --json for programs
metta maps show SCENE [key=value ...]       one map in the terminal; png=FILE writes a picture instead
metta maps sheet [SCENE] png=FILE [key=value ...]   many seeds of a scene, or one map of each scene

  height, width, seed, cell (pixels), count (maps of a sheet); all other keys are fields of the scene,
  also as scene.KEY: metta maps show compound height=30 scene.height=15"""

_DEFAULTS: dict[str, Any] = {"height": 25, "width": 41, "seed": 0, "png": None, "cell": None, "count": 12}
_LIMITS = {"height": (1, 1024), "width": (1, 1024), "cell": (1, 64), "count": (1, 400)}
_LARGE, _SMALL = 12, 5


def maps(arguments: Sequence[str]) -> int:
    """Run `metta maps ARGUMENTS`; returns 0.

    Raises:
        UserError: an argument cannot be; one line.
    """
    words = [argument for argument in arguments if "=" not in argument]
    settings = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    if words[:1] in (["-h"], ["--help"]):
        print(f"metta maps: {HOUSE_COMMANDS['maps']}\n\n{USAGE}")
    elif words == ["--json"] and not settings:
        print_json([{"scene": form, "summary": sentence(form)} for form in scene_forms()])
    elif not words and not settings:
        _list()
    elif words[:1] == ["show"] and len(words) == 2:
        _show(words[1], settings)
    elif words[:1] == ["sheet"] and len(words) <= 2:
        _sheet(words[1] if len(words) == 2 else None, settings)
    else:
        raise UserError(
            "metta maps: it takes nothing, `show SCENE` or `sheet [SCENE] png=FILE`; metta maps -h"
        )
    return EXIT_OK


def _list() -> None:
    for title, forms in folders().items():
        print_table(title, ["", ""], [(form, sentence(form)) for form in forms])


def _show(form: str, settings: Mapping[str, str]) -> None:
    scene, options = _scene_and_options(form, settings)
    values = values_of(scene)
    grid = _drawn(scene, options, options["seed"], values)
    if options["png"] is not None:
        _write(options["png"], map_picture(grid, values, options["cell"] or _LARGE))
        return
    console = Console(width=max(80, 2 * grid.shape[1] + 1), highlight=False)
    console.print(map_text(grid, values))
    console.print(map_legend(values))


def _sheet(form: str | None, settings: Mapping[str, str]) -> None:
    if form is None:
        pairs = [(name, *_scene_and_options(name, _only_options(settings))) for name in scene_forms()]
        titles = [name for name, _, _ in pairs]
        drawn = [(scene, options, options["seed"]) for _, scene, options in pairs]
    else:
        scene, options = _scene_and_options(form, settings)
        seeds = range(options["seed"], options["seed"] + options["count"])
        titles = [f"seed {seed}" for seed in seeds]
        drawn = [(scene, options, seed) for seed in seeds]
    path = drawn[0][1]["png"]
    if path is None:
        raise UserError("metta maps sheet: needs png=FILE, where the sheet is written")
    pictures = []
    for scene, options, seed in drawn:
        values = values_of(scene)
        pictures.append(map_picture(_drawn(scene, options, seed, values), values, options["cell"] or _SMALL))
    _write(path, contact_sheet(pictures, titles, columns=max(1, round(len(pictures) ** 0.5))))


def _scene_and_options(form: str, settings: Mapping[str, str]) -> tuple[Scene, dict[str, Any]]:
    options, changes = dict(_DEFAULTS), {}
    for key, text in settings.items():
        if key in _DEFAULTS:
            options[key] = text if key == "png" else _whole(key, text)
        else:
            changes[key.removeprefix("scene.")] = readings(text)
    try:
        return example(form).override_all(changes), options
    except ValueError as error:
        raise UserError(f"metta maps: {error}") from None


def _only_options(settings: Mapping[str, str]) -> Mapping[str, str]:
    for key in settings:
        if key not in _DEFAULTS:
            raise UserError(
                f"metta maps sheet: unknown key '{key}' for all scenes; {did_you_mean(key, _DEFAULTS)}"
            )
    return settings


def _whole(key: str, text: str) -> int:
    low, high = _LIMITS.get(key, (0, 2**63))
    number = parse_scalar(text)
    if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
        raise UserError(f"metta maps: {key}={text}: a whole number from {low} to {high} is needed")
    return number


def _drawn(scene: Scene, options: Mapping[str, Any], seed: int, values: Mapping[str, int]) -> np.ndarray:
    try:
        return draw_example(scene, options["height"], options["width"], seed, values)
    except ValueError as error:
        raise UserError(f"metta maps: {scene.form}: {error}") from None


def _write(path: str, picture: np.ndarray) -> None:
    if Path(path).suffix.lower() != ".png":
        raise UserError(f"metta maps: png={path}: the name must end with .png")
    try:
        write_picture(Path(path), picture)
    except OSError as error:
        raise UserError(f"metta maps: png={path}: {error.strerror}") from error
    print(path, file=sys.stdout)
