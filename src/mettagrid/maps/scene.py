"""Scene: a part of a map that draws itself and then has its children drawn into areas that it offers.

To add a scene, write one file: a final class with a `form` of its own (its name in files and on the command line),
fields with a string under each, and `paint`, which draws into `canvas.grid` with the canvas's random numbers and
nothing else, and offers areas. Then import it in the `__init__` of its folder. Names of things are fields of type
`Kind` (`Wall`, where they are only in the way), so that a name that the game lacks is refused before anything is
drawn. The catalogue, the command line, the pictures, the page and the tests of all scenes find it there; a test of its
own says what else it promises.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import isabstract
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

import numpy as np
from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError

from mettagrid.config.base import Config, PlacedError, explain
from mettagrid.config.nearest import did_you_mean
from mettagrid.maps.canvas import Area, Canvas
from mettagrid.maps.stream import Stream
from mettagrid.maps.transform import Transform, laid


@dataclass(frozen=True)
class Role:
    """What a name in a scene's field is for."""

    is_wall: bool


Kind = Annotated[str, Role(is_wall=False)]
"""Name of a kind that agents want to reach, `agent`, or a ground."""
Wall = Annotated[str, Role(is_wall=True)]
"""Name of a kind (or a ground) that is only in the way."""
Counts = dict[Kind, Annotated[int, Field(ge=0, le=60000)]]
"""How many of each kind."""

Name = tuple[str, str, bool]
"""Where a name stands, the name, and whether the field is for walls."""
Reader = Callable[[str, Any, list[Name]], None]
"""Adds the names in a value that stands at a path."""

_FORMS: dict[str, type["Scene"]] = {}


class Scene(Config):
    """A part of a map. What it draws is a function of its fields, the area's size and the random numbers."""

    form: Any
    """Which scene it is: a literal of its own in every class."""
    transform: Transform = "identity"
    """How it is laid on its area: turned by quarters or mirrored."""
    children: list["Child"] = Field(default_factory=list)
    """What is drawn after it into the areas that it offers, in this order."""

    example: ClassVar[dict[str, Any]] = {}
    """Fields with which the catalogue shows the scene, where the defaults would show little."""
    shown_on: ClassVar[dict[str, Any] | None] = None
    """Scene that the catalogue draws before it, where it works on what others have drawn."""
    joins: ClassVar[bool] = False
    """Whether it promises that the open cells of its area, drawn empty and without children, form one region."""
    draws_alike: ClassVar[bool] = False
    """Whether its random numbers change nothing."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Enters the scene into the catalogue under its `form`."""
        super().__pydantic_init_subclass__(**kwargs)
        form = cls.model_fields["form"].default
        if not isabstract(cls) and isinstance(form, str):
            if form in _FORMS and _FORMS[form].__qualname__ != cls.__qualname__:
                raise TypeError(
                    f"the scenes {_FORMS[form].__qualname__} and {cls.__qualname__} are both '{form}'"
                )
            _FORMS[form] = cls

    @abstractmethod
    def paint(self, canvas: Canvas) -> None:
        """Draws itself and offers areas.

        Raises:
            ValueError: it cannot be drawn with these random numbers; one line.
        """

    def parts(self) -> Iterator[tuple[str, "Scene"]]:
        """The scenes inside of it, with their paths; the children, unless a scene has others, too."""
        for index, child in enumerate(self.children):
            yield f"children.{index}.scene", child.scene

    def is_fixed(self) -> bool:
        """Whether random numbers change nothing, neither of it nor of the scenes inside."""
        inside = (part.is_fixed() for _, part in self.parts())
        return self.draws_alike and all(child.is_ordered() for child in self.children) and all(inside)

    def draw(self, grid: np.ndarray, stream: Stream, values: Mapping[str, int], num_agents: int) -> None:
        """Draws itself and its children into a view of a map.

        Args:
            grid: int32 view [height, width].
            stream: random numbers.
            values: value of each name.
            num_agents: agents that the map is for.

        Raises:
            ValueError: it cannot be drawn; one line that begins with the path of the scene.
        """
        view = grid if self.transform == "identity" else laid(grid, self.transform)
        canvas = Canvas(view, stream, values, num_agents, bool(self.children))
        self.paint(canvas)
        if not self.children:
            return
        locked: set[tuple[str, int]] = set()
        for index, child in enumerate(self.children):
            own = stream.child(index)
            for number, area in enumerate(child.chosen(canvas, own, locked)):
                try:
                    child.scene.draw(area.grid, own.child(number), values, num_agents)
                except ValueError as error:
                    raise ValueError(f"children.{index}.scene: {error}") from None

    def names(self) -> list[Name]:
        """All names of things in it and in the scenes inside: path, name, whether the field is for walls."""
        found: list[Name] = []
        _names_of("", self, found)
        for path, part in self.parts():
            found += [(f"{path}.{place}", name, is_wall) for place, name, is_wall in part.names()]
        return found


def read_scene(value: Any) -> Any:
    """A scene from a mapping with its `form`, or from only that; a scene stays what it is.

    Raises:
        ValueError: there is no such scene, or its fields cannot be; one line.
    """
    if isinstance(value, Scene):
        return value
    if isinstance(value, str):
        value = {"form": value}
    if not isinstance(value, Mapping) or "form" not in value:
        raise ValueError(f"a scene needs its `form`; {did_you_mean('', _FORMS)}")
    kind = _FORMS.get(str(value["form"]))
    if kind is None:
        hint = did_you_mean(str(value["form"]), _FORMS)
        raise PlacedError(f"form: unknown form {value['form']!r}; {hint}")
    try:
        return kind.model_validate(dict(value))
    except ValidationError as error:
        reason = explain(error)
        raise (PlacedError if ": " in reason else ValueError)(reason) from None


AnyScene = Annotated[SerializeAsAny[Scene], BeforeValidator(read_scene)]
"""Any scene: an object, a mapping with its `form`, or only the form's name."""


class Child(Config):
    """A scene that is drawn into areas of its parent."""

    scene: AnyScene
    """What is drawn."""
    where: Literal["full"] | list[str] = "full"
    """`full` for all of the parent, or tags: every area that has all of them."""
    order: Literal["random", "first", "last"] = "random"
    """In which order areas are taken: shuffled, as the parent offers them, or the other way round."""
    offset: Annotated[int, Field(ge=0)] = 0
    """Areas that are left out at the beginning."""
    limit: Annotated[int, Field(ge=0)] | None = None
    """How many areas are drawn into; None for all."""
    lock: str | None = None
    """Areas that a child with this lock has drawn into are not given to another child with the same lock."""

    def is_ordered(self) -> bool:
        """Whether no random numbers choose its areas."""
        return self.where == "full" or self.order != "random"

    def chosen(self, canvas: Canvas, stream: Stream, locked: set[tuple[str, int]]) -> list[Area]:
        """The areas that the scene is drawn into, in that order; notes in `locked` what the lock closes."""
        if self.where == "full":
            return [Area(canvas.grid, frozenset(), 0, 0)]
        wanted = set(self.where)
        numbers = [number for number, area in enumerate(canvas.areas) if wanted <= area.tags]
        if self.lock is not None:
            numbers = [number for number in numbers if (self.lock, number) not in locked]
        if self.order == "last":
            numbers.reverse()
        elif self.order == "random":
            numbers = [numbers[i] for i in stream.order(len(numbers))]
        end = None if self.limit is None else self.offset + self.limit
        numbers = numbers[self.offset : end]
        if self.lock is not None:
            locked.update((self.lock, number) for number in numbers)
        return [canvas.areas[number] for number in numbers]


Scene.model_rebuild()


def scene_forms() -> dict[str, type[Scene]]:
    """All scenes by their forms, sorted."""
    return dict(sorted(_FORMS.items()))


def _names_of(path: str, config: Config, found: list[Name]) -> None:
    for field, read in _fields_with_names(type(config)):
        read(path + field, getattr(config, field), found)


@cache
def _fields_with_names(kind: type[Config]) -> list[tuple[str, Reader]]:
    """The fields that can hold names of things, each with what finds them in its value."""
    fields = []
    for field, info in kind.model_fields.items():
        role = next((item for item in info.metadata if isinstance(item, Role)), None)
        if read := _reader(info.annotation, role):
            fields.append((field, read))
    return fields


def _reader(annotation: Any, role: Role | None = None) -> Reader | None:
    """What finds the names in values of an annotation, by the `Role` in it; None if there can be none.

    Scenes inside have names of their own, which are asked from them.
    """
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _reader(
            inner[0], next((item for item in annotation.__metadata__ if isinstance(item, Role)), role)
        )
    if origin in (Union, UnionType):
        return _union_reader([read for branch in inner if (read := _reader(branch, role))])
    if annotation is str and role is not None:
        return _text_reader(role.is_wall)
    if isinstance(annotation, type) and issubclass(annotation, Config) and not issubclass(annotation, Scene):
        return _config_reader(annotation) if _fields_with_names(annotation) else None
    return _container_reader(origin, [_reader(part) for part in inner])


def _text_reader(is_wall: bool) -> Reader:
    def read(path: str, value: Any, found: list[Name]) -> None:
        if isinstance(value, str):
            found.append((path, value, is_wall))

    return read


def _config_reader(kind: type[Config]) -> Reader:
    def read(path: str, value: Any, found: list[Name]) -> None:
        if isinstance(value, kind):
            _names_of(path + ".", value, found)

    return read


def _union_reader(reads: list[Reader]) -> Reader | None:
    def read_all(path: str, value: Any, found: list[Name]) -> None:
        for read in reads:
            read(path, value, found)

    return reads[0] if len(reads) == 1 else read_all if reads else None


def _container_reader(origin: Any, reads: list[Reader | None]) -> Reader | None:
    """For the items of a list, or the keys and values of a dict."""
    if origin is list and reads[0]:
        return _list_reader(reads[0])
    if origin is dict and any(reads):
        return _dict_reader(*reads)
    return None


def _list_reader(read: Reader) -> Reader:
    def read_all(path: str, value: Any, found: list[Name]) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                read(f"{path}.{index}", item, found)

    return read_all


def _dict_reader(read_key: Reader | None, read_item: Reader | None) -> Reader:
    def read_all(path: str, value: Any, found: list[Name]) -> None:
        if not isinstance(value, Mapping):
            return
        for key, item in value.items():
            if read_key:
                read_key(path, key, found)
            if read_item:
                read_item(f"{path}.{key}", item, found)

    return read_all
