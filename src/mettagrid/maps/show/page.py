"""docs/maps.md and its pictures: every scene with its sentence, its fields and what it draws."""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pydantic.fields import FieldInfo

from mettagrid.config.base import Config
from mettagrid.maps.catalogue import draw_example, example, folders, scene_class, sentence, values_of
from mettagrid.maps.scene import Child, Scene
from mettagrid.maps.show.picture import contact_sheet, map_picture
from mettagrid.reference.markdown import join, name, table
from mettagrid.whole_file import whole_file

COMMAND = "python -m mettagrid.maps.show"
"""What writes them."""
HEIGHT, WIDTH = 25, 31
"""Cells of the maps in the pictures."""
SEEDS = (0, 1, 2)

_INTRODUCTION = """\
A map is a drawing (`AsciiMap`), a random field (`RandomMap`), or drawn by **scenes** (`SceneMap`). A scene draws
itself into an area and then has its children drawn into areas that it offers; whatever it draws is a function of
its fields, the size of the area and the seed. Map number *i* of a game depends on the seed and on *i* alone.

```python
from mettagrid.maps import Child, MazeKruskal, RandomScene, SceneMap

SceneMap(
    height=31,
    width=31,
    border="wall",
    scene=MazeKruskal(corridor=2, branching=0.1, children=[Child(scene=RandomScene(objects={"altar": 4}))]),
)
```

`GameConfig.map` takes it; `map.scene.corridor=3` changes it on the command line, and `vary={"map.scene.corridor":
...}` draws it anew for every map. Agents that no scene places stand on random empty cells of the largest open
region. With `connected` (the default) every agent can walk to every other and to a cell beside everything that is
not only in the way: things are put where they cut no way, and a map where something is out of reach is drawn again.

    metta maps                                       all scenes
    metta maps show maze_kruskal height=31 seed=3    one of them, in the terminal; png=maze.png for a picture
    metta maps sheet caves png=caves.png             many seeds of one scene; without a name, one of each scene

**Fields of every scene.** `transform` turns or mirrors it (8 ways). `children` are drawn after it, in their order,
each with:
"""

_FILES = """\
## Map files

`AsciiMap(file="field.yaml")` reads a drawing and its legend, `AsciiMap(...).write(path)` writes one. What is wrong
with a file is said in one line with row and column.

```yaml
format: metta-map
version: 1
legend:
  a: altar
map: |-
  #####
  #@.a#
  #####
```
"""


def page() -> str:
    """The text of docs/maps.md."""
    head = f"# Maps\n\n<!-- written by {COMMAND} -->"
    parts = [head, _INTRODUCTION.rstrip(), _child_fields()]
    for title, forms in folders().items():
        parts += [f"## {title}", *(_section(form) for form in forms)]
    return join([*parts, _FILES.rstrip()]) + "\n"


def picture(form: str) -> np.ndarray:
    """What a scene draws with some seeds, side by side; once where seeds change nothing."""
    scene = example(form)
    seeds = SEEDS[:1] if scene.draws_alike and scene.shown_on is None else SEEDS
    values = values_of(scene)
    return contact_sheet(
        [map_picture(draw_example(scene, HEIGHT, WIDTH, seed, values), values) for seed in seeds]
    )


def write_picture(path: Path, image: np.ndarray) -> None:
    """Writes a PNG file of few colours."""
    with whole_file(path) as temporary:
        Image.fromarray(image).quantize(64, dither=Image.Dither.NONE).save(temporary, optimize=True)


def picture_path(docs: Path, form: str) -> Path:
    """Where the picture of a scene lies."""
    return docs / "pictures" / "maps" / f"{form}.png"


def _section(form: str) -> str:
    kind = scene_class(form)
    doc = cleandoc(kind.__doc__ or "")
    rest = " ".join(doc.partition("\n\n")[2].split())
    promises = ["Its open cells form one region."] if kind.joins and kind.shown_on is None else []
    shown = f"![{form}](pictures/maps/{form}.png)"
    return join(
        [f"### {form}", sentence(form), " ".join([rest, *promises]).strip(), shown, _own_fields(kind)]
    )


def _own_fields(kind: type[Scene]) -> str:
    """The fields that only this scene has; those of configs inside it by their dotted paths."""
    fields = {field: info for field, info in kind.model_fields.items() if field not in Scene.model_fields}
    rows = [row for field, info in fields.items() for row in _rows(field, info)]
    return table(("field", "default", ""), rows)


def _rows(path: str, info: FieldInfo) -> Iterator[tuple[str, str, str]]:
    default = info.get_default(call_default_factory=True) if not info.is_required() else None
    yield name(path), name(_short(default)) if not info.is_required() else "", info.description or ""
    if isinstance(default, Config) and not isinstance(default, Scene):
        for inner, inner_info in type(default).model_fields.items():
            if inner != "op" and not _is_distribution(default):
                yield from _rows(f"{path}.{inner}", inner_info)


def _is_distribution(config: Config) -> bool:
    return "op" in type(config).model_fields


def _short(value: Any) -> str:
    """A default as one would write it."""
    if isinstance(value, Scene):
        return value.form
    if isinstance(value, list):
        return "[" + ", ".join(_short(getattr(item, "scene", item)) for item in value) + "]"
    if isinstance(value, Config):
        if not _is_distribution(value):
            return type(value).__name__ + "()"
        given = ", ".join(
            f"{field}={getattr(value, field)!r}" for field in type(value).model_fields if field != "op"
        )
        return f"{type(value).__name__}({given})"
    return repr(value)


def _child_fields() -> str:
    rows = [row for field, info in Child.model_fields.items() for row in _rows(field, info)]
    return table(("field", "default", ""), rows)
