"""The catalogue: every scene with a sentence, an example, and the names that it needs."""

from collections.abc import Iterable, Mapping
from inspect import cleandoc

import numpy as np

from mettagrid.config.nearest import did_you_mean
from mettagrid.maps.canvas import AGENT, KINDS
from mettagrid.maps.scene import Scene, read_scene, scene_forms
from mettagrid.maps.stream import Stream

GROUNDS = ("water", "sand", "grass", "mud", "road")
"""Names that examples use for grounds; all other names are kinds."""


TITLES = {
    "place": "Things",
    "mazes": "Mazes",
    "rooms": "Rooms and areas",
    "biomes": "Landscapes",
    "terrain": "Terrain",
    "compose": "Scenes that work with others",
}
"""A title for each folder of scenes, in the order in which they are listed."""


def folders() -> dict[str, list[str]]:
    """The scenes by the titles of their folders; those that others have added come last."""
    found: dict[str, list[str]] = {title: [] for title in TITLES.values()}
    for form, kind in scene_forms().items():
        found.setdefault(TITLES.get(kind.__module__.split(".")[-2], "Others"), []).append(form)
    return {title: forms for title, forms in found.items() if forms}


def sentence(form: str) -> str:
    """What a scene draws, in one sentence."""
    return cleandoc(scene_class(form).__doc__ or "").partition("\n")[0]


def example(form: str) -> Scene:
    """The scene as the catalogue shows it."""
    kind = scene_class(form)
    return kind.model_validate(kind.example)


def draw_example(
    scene: Scene, height: int, width: int, seed: int, values: Mapping[str, int] | None = None
) -> np.ndarray:
    """Draws a scene as the catalogue shows it, on what it is shown on: int32 [height, width].

    Raises:
        ValueError: it cannot be drawn in that size; one line.
    """
    values = values_of(scene) if values is None else values
    grid = np.zeros((height, width), np.int32)
    stream = Stream(seed % 2**64)
    if scene.shown_on is not None:
        read_scene(scene.shown_on).draw(grid, stream.child(1), values, 0)
    scene.draw(grid, stream.child(0), values, 0)
    return grid


def scene_class(form: str) -> type[Scene]:
    """The class of a scene; ValueError with the nearest names if there is none of that form."""
    forms = scene_forms()
    if form not in forms:
        raise ValueError(f"unknown scene '{form}'; {did_you_mean(form, forms)}")
    return forms[form]


def values_for(names: Iterable[str]) -> dict[str, int]:
    """Values of cells for names, as a game would have them: kinds from 2 on, grounds as multiples of 256."""
    values, grounds = {"empty": 0, "agent": AGENT}, 0
    for name in names:
        if name in values:
            continue
        if name in GROUNDS:
            grounds += 1
            values[name] = KINDS * grounds
        else:
            values[name] = len(values) - grounds
    return values


def values_of(scene: Scene) -> dict[str, int]:
    """Values of cells for all names in a scene and in what it is shown on."""
    scenes = [scene] if scene.shown_on is None else [scene, read_scene(scene.shown_on)]
    return values_for(name for one in scenes for _, name, _ in one.names())
