"""The 12 in-context tasks: `<converters>c_<sinks>s_<size>[_<terrain>]`, after the names of Metta's ordered chains."""

from mettagrid.maps import Child, RandomObjects, RandomScene, SceneMap, VariedTerrain
from mettagrid.tasks.task import Task

_SINKS = 2
_SIZES = {"medium": (25, False), "large": (35, False), "large_dense": (35, True)}
"""Rows and columns inside the border, and whether walls stand in the way."""


def _map(objects: int, size: int, dense: bool) -> SceneMap:
    converters = RandomScene(objects={f"converter_{number}": 1 for number in range(1, objects + 1)})
    child = Child(scene=converters)
    walls = VariedTerrain(style="dense", wall="border", children=[child])
    scene = walls if dense else RandomObjects(children=[child])
    return SceneMap(height=size, width=size, border="border", scene=scene)


def _task(length: int, size: int, dense: bool) -> Task:
    objects = length + _SINKS
    where = "among many walls" if dense else "on an open field"
    return Task(
        max_steps=256 if objects <= 4 else 512,
        tests=f"Finds out an order of {length} among {objects} converters {where} of {size} x {size} cells.",
        map=_map(objects, size, dense),
        settings={"length": length, "distractors": _SINKS},
    )


CHAIN_TASKS: dict[str, Task] = {
    f"{length}c_{_SINKS}s_{name}": _task(length, size, dense)
    for length in (2, 3, 4, 5)
    for name, (size, dense) in _SIZES.items()
}
"""The tasks by name."""
