"""Previews: the map with which an episode begins, and what a scene draws, as grids of numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metta.common.parse import readings
from metta.sim.simulate import map_seed
from mettagrid.batch import WorldView
from mettagrid.config.game import GameConfig
from mettagrid.maps.canvas import KINDS
from mettagrid.maps.catalogue import draw_example, example, folders, scene_class, sentence
from mettagrid.maps.scene import Scene, read_scene
from mettagrid.replay import Origin
from mettascope.worlds.palette import Palettes, game_of_names
from mettascope.worlds.patience import within
from mettascope.worlds.settings import Node, setting_nodes

MOST_CELLS = 512 * 512
MOST_CELLS_OF_A_SCENE = 256 * 256
_PATIENCE = 20.0  # seconds for a map to be drawn
_SCENE_FIELDS = ("transform", "children")
_NUM_MAPS = 64  # of which an episode takes one

Grid = NDArray[np.int64]
"""[rows, columns]: number of a kind + 256 times the number of a ground."""


def preview_game(game: GameConfig, seed: int, palettes: Palettes) -> dict[str, Any]:
    """The map on which `system.seed=SEED` begins.

    Raises:
        ValueError: it is too large, cannot be drawn, or takes too long; one line.
    """
    rows, columns = game.map.shape
    if rows * columns > MOST_CELLS:
        raise ValueError(
            f"a map of {rows} x {columns} cells is too large to be shown; {MOST_CELLS} cells are not"
        )
    grid = within(_PATIENCE, "drawing the map", lambda: _first_map(game, seed))
    return palettes.describe(game) | grid_json(grid)


def preview_scene(
    form: str, changes: Mapping[str, str], size: tuple[int, int], seed: int, palettes: Palettes
) -> dict[str, Any]:
    """What a scene draws with some of its fields changed.

    Raises:
        ValueError: there is no such scene or field, or it cannot be drawn; one line.
    """
    height, width = size
    if height * width > MOST_CELLS_OF_A_SCENE:
        raise ValueError(
            f"a map of {height} x {width} cells is too large; {MOST_CELLS_OF_A_SCENE} cells are not"
        )
    scene = example(form).override_all({path: readings(text) for path, text in changes.items()})
    game = game_of_names(_names_in(scene))
    values = game.map_values()
    grid = within(_PATIENCE, f"drawing {form}", lambda: draw_example(scene, height, width, seed, values))
    return palettes.describe(game) | grid_json(grid.astype(np.int64))


def scene_list() -> list[dict[str, Any]]:
    """All scenes by the titles of their folders, each with a sentence and its settings."""
    return [
        {"title": title, "scenes": [_described(form) for form in forms]} for title, forms in folders().items()
    ]


def grid_json(grid: Grid) -> dict[str, Any]:
    """A grid as the page takes it: cells row by row."""
    return {"height": grid.shape[0], "width": grid.shape[1], "cells": grid.ravel().tolist()}


def _described(form: str) -> dict[str, Any]:
    scene = example(form)
    nodes: Sequence[Node] = setting_nodes(scene)
    own = [node for node in nodes if node["name"] not in _SCENE_FIELDS]
    shared = [node for node in nodes if node["name"] == "transform"]
    command = sorted(scene.model_fields_set - {"form"})
    return {
        "form": form,
        "sentence": sentence(form),
        "about": " ".join((scene_class(form).__doc__ or "").partition("\n\n")[2].split()),
        "settings": [*own, *shared],
        "given": command,
    }


def _names_in(scene: Scene) -> list[str]:
    scenes = [scene] if scene.shown_on is None else [scene, read_scene(scene.shown_on)]
    return [name for one in scenes for _, name, _ in one.names()]


def _first_map(game: GameConfig, seed: int) -> Grid:
    """The world at the first tick of an episode, as `metta play` begins it."""
    env = Origin(game, seed, num_maps=_NUM_MAPS, map_seed=map_seed(seed)).start()
    return grid_of(env.world(0))


def grid_of(view: WorldView) -> Grid:
    """What stands where in a world."""
    grid = np.zeros(view.height * view.width, np.int64)
    if view.ground.size:  # a game without grounds has none
        grid += view.ground.astype(np.int64).ravel() * KINDS
    on_map = view.cells >= 0
    grid[view.cells[on_map]] += view.kinds[on_map]
    return grid.reshape(view.height, view.width)
