"""Seeing worlds without a window: pictures, movies and coloured text, all drawn by our own code."""

from mettagrid.render.picture import WorldPainter, render_world
from mettagrid.render.scene import Scene, SceneReader, Thing
from mettagrid.render.text import agent_table, legend_text, scene_text, status_text

__all__ = [
    "Scene",
    "SceneReader",
    "Thing",
    "WorldPainter",
    "agent_table",
    "legend_text",
    "render_world",
    "scene_text",
    "status_text",
]
