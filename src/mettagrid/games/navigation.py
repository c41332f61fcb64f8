"""Navigation: altars stand somewhere, each gives one heart; find the way to all of them in time.

After Metta's navigation tasks: 25 named maps with budgets, from a room in which all is visible to mazes.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.config.distribution import Uniform
from mettagrid.config.game import GameConfig
from mettagrid.config.things import ObjectKind, Variable
from mettagrid.config.verb import Ahead, Verb, directions
from mettagrid.maps import (
    Candidate,
    Child,
    Choice,
    MapConfig,
    MazeKruskal,
    RandomObjects,
    RandomScene,
    Scene,
    SceneMap,
    VariedTerrain,
)
from mettagrid.rules import Add, Argument, AtLeast, Reward, Rule, Set, Step, Take
from mettagrid.tasks import find_task
from mettagrid.tasks.navigation import NAVIGATION_TASKS

HEART_REWARD = 0.333
"""What a heart pays: a map has three."""


Style = Literal["scattered", "sparse", "balanced", "dense", "maze", "corridors"]


class Terrain(Config):
    """The maps on which navigation is trained: every map is in one of several styles of walls."""

    height: Annotated[int, Field(ge=9, le=250)] = 21
    """Rows inside the border."""
    width: Annotated[int, Field(ge=9, le=250)] = 21
    """Columns inside the border."""
    altars: Annotated[int, Field(ge=1, le=1000)] = 3
    """Altars on a map."""
    styles: Annotated[tuple[Style, ...], Field(min_length=1)] = get_args(Style)
    """How walls stand: single ones scattered, varied terrain from sparse to a maze, or corridors with loops."""

    def map(self) -> SceneMap:
        """The maps; every altar can be reached."""
        scene = Choice(
            candidates=[Candidate(scene=_walls(style)) for style in self.styles],
            children=[Child(scene=RandomScene(objects={"altar": self.altars}))],
        )
        return SceneMap(height=self.height, width=self.width, scene=scene)


def _walls(style: Style) -> Scene:
    if style == "scattered":
        return RandomObjects(shares={"wall": Uniform(0.05, 0.3)}, keep_ways=False)
    if style == "corridors":
        return MazeKruskal(corridor=Uniform(1, 3), branching=0.2)
    return VariedTerrain(style=style)


def make_navigation(
    task: str | None = None,
    map: MapConfig | None = None,
    max_steps: int | None = None,
    num_agents: int | None = None,
) -> GameConfig:
    """Make the game of finding altars.

    Args:
        task: one of `NAVIGATION_TASKS`, for its map and budget; None for generated terrain.
        map: another map, of `wall` and `altar`.
        max_steps: steps in an episode; None for the task's budget, or 250.
        num_agents: agents in a world; None for the task's, or 1.

    Raises:
        ValueError: there is no such task.
    """
    chosen = None if task is None else find_task(task, NAVIGATION_TASKS)
    return GameConfig(
        name="navigation",
        num_agents=num_agents or (chosen.num_agents if chosen else 1),
        max_steps=max_steps or (chosen.max_steps if chosen else 250),
        variables={
            "heart": Variable(cap=255, shown="self", counted=True),
            "stock": Variable(cap=1, shown="all", agents=False),
        },
        verbs={
            "move": Verb(choices=directions(aimed=True), always=[Set("heading", Argument())]),
            "use": Verb(aim=Ahead()),
        },
        objects={"wall": ObjectKind(), "altar": ObjectKind(has={"stock": 1})},
        rules=[
            Rule(on="move", target="empty", then=[Step()]),
            Rule(
                on="use",
                target="altar",
                when=[AtLeast("stock", 1, of="target")],
                then=[Take("stock", 1, of="target"), Add("heart"), Reward(HEART_REWARD)],
            ),
        ],
        map=map or (chosen.map if chosen else Terrain().map()),
    )
