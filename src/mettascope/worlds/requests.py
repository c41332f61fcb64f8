"""What the worlds page may ask by POST: small JSON objects, checked in full."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from mettagrid.maps import AsciiMap

MOST_BYTES = 1 << 20
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Path = Annotated[str, Field(min_length=1, max_length=300)]
_Changes = Annotated[
    dict[_Path, Annotated[str, Field(max_length=20_000)]], Field(default_factory=dict, max_length=200)
]
_Seed = Annotated[int, Field(ge=0, lt=2**53)]
_Side = Annotated[int, Field(ge=1, le=1024)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class OfRecipe(_Asked):
    """A tool that a recipe makes, with settings as one would type them, and one of its games."""

    recipe: _Name
    maker: _Name | None = None
    changes: _Changes
    game: _Path | None = None


class PreviewRecipe(OfRecipe):
    """Draw the map with which an episode begins."""

    seed: _Seed = 0


class PreviewScene(_Asked):
    """Draw what a scene draws."""

    scene: _Name
    changes: _Changes
    height: _Side = 25
    width: _Side = 41
    seed: _Seed = 0


class Drawn(_Asked):
    """A map that somebody drew."""

    text: Annotated[str, Field(max_length=600_000)]
    legend: Annotated[dict[str, _Name], Field(default_factory=dict, max_length=300)]

    def drawing(self) -> AsciiMap:
        """The map; ValueError with one line if it is none."""
        return AsciiMap(text=self.text, legend=self.legend)


class PlayMap(OfRecipe):
    """Open a world: of a game as it is, or on a drawn map."""

    map: Drawn | None = None
    policy_uri: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    seed: _Seed = 0


class ExportMap(OfRecipe):
    """Write a drawn map as a map file and as a recipe."""

    map: Drawn
    name: _Name = "own_map"


class ReadMap(_Asked):
    """Read the text of a map file."""

    text: Annotated[str, Field(max_length=MOST_BYTES)]


A = TypeVar("A", bound=_Asked)


async def read_body(request: Request, kind: type[A]) -> A:
    """What the body of a request asks.

    Raises:
        ValueError: it is too large or asks nothing of this kind; one line.
    """
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            raise ValueError(f"a request has at most {MOST_BYTES >> 20} MiB")
    try:
        return kind.model_validate_json(bytes(data))
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else str(first["msg"])) from None
