"""The worlds page: recipes and their settings, scenes, previews of maps, and worlds on maps that people drew."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from metta.common.words import canonical_tool, command_name
from mettagrid.builder.on_map import on_map
from mettagrid.config.game import GameConfig
from mettagrid.maps import AsciiMap
from mettagrid.maps.map_file import MapFileError, read_map
from mettascope.viewer import Viewer
from mettascope.worlds import requests as ask
from mettascope.worlds.library import Library, Made, shown_makers
from mettascope.worlds.palette import Palettes
from mettascope.worlds.preview import MOST_CELLS, preview_game, preview_scene, scene_list
from mettascope.worlds.recipe_text import recipe_text, value_at
from mettascope.worlds.settings import argument_nodes, setting_nodes


class Workshop:
    """What the worlds page's routes share."""

    def __init__(self, library: Library | None = None) -> None:
        self.library = library or Library()
        self.palettes = Palettes()


def world_routes() -> list[Route]:
    """All routes of the worlds page; they find a `Workshop` in `app.state.workshop`."""
    return [
        Route("/api/recipes", _list_recipes),
        Route("/api/recipes/{name}", _describe_recipe),
        Route("/api/scenes", _list_scenes),
        Route("/api/atlases/{key}.png", _atlas),
        Route("/api/maps/preview", _preview, methods=["POST"]),
        Route("/api/maps/scene", _preview_scene, methods=["POST"]),
        Route("/api/maps/read", _read_map, methods=["POST"]),
        Route("/api/maps/export", _export_map, methods=["POST"]),
        Route("/api/worlds/play", _play, methods=["POST"]),
    ]


def _workshop(request: Request) -> Workshop:
    workshop: Workshop = request.app.state.workshop
    return workshop


async def _list_recipes(request: Request) -> Response:
    recipes = await asyncio.to_thread(_workshop(request).library.recipes)
    described = [
        {
            "name": recipe.name,
            "module": recipe.module,
            "summary": recipe.summary,
            "error": recipe.error,
            "makers": [
                {"name": maker.name, "tool": maker.tool, "summary": maker.summary} for maker in recipe.makers
            ],
        }
        for recipe in recipes
    ]
    return JSONResponse({"recipes": described, "command": command_name()})


async def _describe_recipe(request: Request) -> Response:
    """The settings of a recipe's tool (`?maker=train`)."""
    library, name = _workshop(request).library, request.path_params["name"]
    maker = request.query_params.get("maker")

    def describe() -> dict[str, Any]:
        made = library.make(name, maker)
        chosen = made.target.name.rpartition(".")[2]
        return {
            "recipe": name,
            "maker": chosen,
            "tool": canonical_tool(made.tool.tool_name()),
            "makers": shown_makers(made.recipe),
            "arguments": argument_nodes(made.target),
            "settings": setting_nodes(made.tool),
            "games": list(made.games),
        }

    return JSONResponse(await asyncio.to_thread(describe))


async def _list_scenes(request: Request) -> Response:
    return JSONResponse({"groups": await asyncio.to_thread(scene_list)})


async def _atlas(request: Request) -> Response:
    """An atlas that a preview named; its name tells what is in it, so that it can be kept."""
    png = _workshop(request).palettes.atlas(request.path_params["key"])
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


async def _preview(request: Request) -> Response:
    asked, workshop = await ask.read_body(request, ask.PreviewRecipe), _workshop(request)

    def draw() -> dict[str, Any]:
        path, game = _made(workshop, asked).game(asked.game)
        return preview_game(game, asked.seed, workshop.palettes) | {"game": path}

    return JSONResponse(await asyncio.to_thread(draw))


async def _preview_scene(request: Request) -> Response:
    asked = await ask.read_body(request, ask.PreviewScene)
    size = asked.height, asked.width
    palettes = _workshop(request).palettes
    drawn = await asyncio.to_thread(preview_scene, asked.scene, asked.changes, size, asked.seed, palettes)
    return JSONResponse(drawn)


async def _read_map(request: Request) -> Response:
    """A map file's drawing and legend."""
    asked = await ask.read_body(request, ask.ReadMap)
    rows, legend = await asyncio.to_thread(_read_text, asked.text)
    return JSONResponse({"text": rows, "legend": legend})


async def _export_map(request: Request) -> Response:
    asked, workshop = await ask.read_body(request, ask.ExportMap), _workshop(request)

    def export() -> dict[str, str]:
        made, drawing = _made(workshop, asked), _checked(asked.map.drawing())
        path, game = made.game(asked.game)
        on_map(game, drawing)
        inside = [key.removeprefix(f"{path}.") for key in asked.changes if key.startswith(f"{path}.")]
        changes = {key: value_at(game, key) for key in inside if not key.startswith("map")}
        text = recipe_text(workshop.library, made, drawing, asked.name, changes)
        return {"map_file": _file_text(drawing), "recipe": text}

    return JSONResponse(await asyncio.to_thread(export))


async def _play(request: Request) -> Response:
    """Opens a world as asked and answers with the number of its branch."""
    asked, workshop = await ask.read_body(request, ask.PlayMap), _workshop(request)
    viewer: Viewer = request.app.state.viewer

    def begin() -> int:
        made = _made(workshop, asked)
        _, game = made.game(asked.game)
        title = asked.recipe
        if asked.map is not None:
            game, title = _on_drawing(game, asked.map), f"{asked.recipe} on an own map"
        uri = asked.policy_uri or str(getattr(made.tool, "policy_uri", None) or "mock://random")
        return viewer.branches.begin(game, uri, asked.seed, title).number

    number = await asyncio.to_thread(begin)
    viewer.tell_list()
    return JSONResponse({"branch": number})


def _made(workshop: Workshop, asked: ask.OfRecipe) -> Made:
    return workshop.library.make(asked.recipe, asked.maker, asked.changes)


def _on_drawing(game: GameConfig, drawn: ask.Drawn) -> GameConfig:
    return on_map(game, _checked(drawn.drawing()))


def _checked(drawing: AsciiMap) -> AsciiMap:
    if drawing.height * drawing.width > MOST_CELLS:
        raise ValueError(f"a map of {drawing.height} x {drawing.width} cells is too large")
    return drawing


def _read_text(text: str) -> tuple[str, dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return read_map(path)
        except MapFileError as error:
            raise ValueError(str(error).replace(str(path), "the map file")) from None


def _file_text(drawing: AsciiMap) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.yaml"
        drawing.write(path)
        return path.read_text(encoding="utf-8")
