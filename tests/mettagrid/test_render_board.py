"""The board is repainted only where it changes: it must look as if it was painted anew each time."""

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.builder.envs import make_arena
from mettagrid.config.game import GameConfig
from mettagrid.games.builders import make_builders
from mettagrid.games.prey_predator import make_prey_predator
from mettagrid.render import WorldPainter
from mettagrid.render.scene import Scene, SceneReader, Thing

GAMES = [make_arena(num_agents=6, size=(12, 15)), make_builders(), make_prey_predator()]
SIZE = 12


def play(game: GameConfig, num_steps: int, seed: int = 1):
    """The world after each of some random steps."""
    env = BatchEnv(game, num_maps=1)
    env.reset(seed=seed)
    rng = np.random.default_rng(seed)
    for _ in range(num_steps):
        env.actions[:] = rng.integers(0, len(env.spec.action_names), env.num_rows)
        env.step()
        yield env.world(0)


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_a_painter_that_saw_the_past_paints_as_one_that_did_not(game: GameConfig):
    kept = WorldPainter(game, SIZE)
    for view in play(game, 40):
        seasoned = kept.paint_scene(kept.reader.read(view))
        assert np.array_equal(seasoned, WorldPainter(game, SIZE).paint_scene(SceneReader(game).read(view)))


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_kept_things_are_those_that_a_new_reader_sees(game: GameConfig):
    kept = SceneReader(game)
    for view in play(game, 40):
        assert kept.read(view) == SceneReader(game).read(view)


def test_a_window_shows_the_part_of_the_whole_picture_around_the_agent():
    game = GAMES[0]
    whole = WorldPainter(game, SIZE, legend=False, status=False)
    part = WorldPainter(game, SIZE, legend=False, status=False, window=(5, 7))
    for view in play(game, 60):
        scene = whole.reader.read(view)
        agent = scene.agents[2]
        padded = np.pad(whole.paint_scene(scene), ((3 * SIZE, 3 * SIZE), (3 * SIZE, 3 * SIZE), (0, 0)))
        left, top = agent.column * SIZE, (agent.row + 1) * SIZE  # (row - 2, column - 3), 3 cells further in
        expected = padded[top : top + 5 * SIZE, left : left + 7 * SIZE]
        shown = part.paint_scene(scene, follow=2)[: 5 * SIZE, : 7 * SIZE]
        on_map = expected.any(axis=-1)
        assert np.array_equal(shown[on_map], expected[on_map])
        assert on_map.mean() > 0.4


def test_an_agent_that_is_not_on_the_map_leaves_the_window_where_it_was():
    painter = WorldPainter(GAMES[0], SIZE, legend=False, status=False, window=(3, 3))
    box = Thing("box", "box", 2, 4)

    def scene(*agents: Thing) -> Scene:
        return Scene(0, 12, 15, (*agents, box), 6, kinds=("empty", "agent", "box"))

    painter.paint_scene(scene(Thing("agent", "agent", 2, 5, agent=1)), follow=1)
    gone = painter.paint_scene(scene(), follow=1)
    never_there = WorldPainter(GAMES[0], SIZE, legend=False, status=False).paint_scene(scene())
    assert np.array_equal(gone, never_there[SIZE : 4 * SIZE, 4 * SIZE : 7 * SIZE])


@pytest.mark.parametrize("cell_size", [2, 3, 5, 7])
def test_tiny_cells_can_be_painted(cell_size: int):
    for game in GAMES:
        (view,) = play(game, 1)
        picture = WorldPainter(game, cell_size).paint(view)
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 20
