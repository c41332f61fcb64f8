"""What the Gymnasium and PettingZoo views of a game share: spaces, names, the end of an episode, pictures."""

from io import StringIO
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import ArrayLike, NDArray
from rich.console import Console

from mettagrid.batch import BatchEnv
from mettagrid.render import SceneReader, WorldPainter, legend_text, scene_text, status_text
from mettagrid.spec import GameSpec

RENDER_MODES = ("rgb_array", "ansi")
RENDER_METADATA = {"render_modes": list(RENDER_MODES), "render_fps": 10}


def observation_space(spec: GameSpec) -> spaces.Space[Any]:
    """Observations of one agent: uint8 [num_tokens, 3], tokens (where, feature, value), 255 where unused."""
    return spaces.Box(0, 255, (spec.num_tokens, 3), np.uint8)


def action_space(spec: GameSpec) -> spaces.Space[Any]:
    """Actions of one agent: ids of `spec.action_names`; 0 is `noop`."""
    return spaces.Discrete(len(spec.action_names))


def checked_action(action: ArrayLike, spec: GameSpec, whose: str) -> int:
    """The action as an id that exists.

    Raises:
        ValueError: it is not a whole number in `0..num_actions-1`.
    """
    if np.ndim(action) > 0 or not np.issubdtype(np.asarray(action).dtype, np.integer):
        raise ValueError(f"action of {whose} is {action!r}, needs one whole number")
    number = int(np.asarray(action))
    if not 0 <= number < len(spec.action_names):
        raise ValueError(f"action of {whose} is {number}, needs 0..{len(spec.action_names) - 1}")
    return number


def masks(batch: BatchEnv) -> NDArray[np.int8]:
    """The batch's own action mask as int8 [N, num_actions], the dtype that `Discrete.sample` asks for."""
    return batch.action_mask.view(np.int8)


def last_mask(spec: GameSpec) -> NDArray[np.int8]:
    """The mask of an agent whose episode is over: int8 [num_actions], only `noop`."""
    mask = np.zeros(len(spec.action_names), dtype=np.int8)
    mask[0] = 1
    return mask


def last_observations(batch: BatchEnv) -> NDArray[np.uint8]:
    """What the agents of a batch of one world saw at the end of the step, also if it ended the episode."""
    return batch.final_observations if batch.episode_ended[0] else batch.observations


def last_statistics(batch: BatchEnv, agent: int) -> dict[str, int]:
    """Statistics of an agent of a batch of one world, of the episode that the last step belonged to."""
    values = batch.episode_stats[agent] if batch.episode_ended[0] else batch.world(0).stats[agent]
    return dict(zip(batch.spec.stat_names, values.tolist(), strict=True))


class Camera:
    """Pictures of a batch's world 0, in one of the `RENDER_MODES`."""

    def __init__(self, batch: BatchEnv, mode: str) -> None:
        """Prepare to draw.

        Raises:
            ValueError: there is no such mode.
        """
        if mode not in RENDER_MODES:
            raise ValueError(f"render_mode is {mode!r}, needs one of {', '.join(RENDER_MODES)} or None")
        self._batch = batch
        self._painter = WorldPainter(batch.game) if mode == "rgb_array" else None
        self._reader = SceneReader(batch.game)

    def draw(self) -> NDArray[np.uint8] | str:
        """The world as it is: uint8 [height, width, 3], or coloured text for a terminal."""
        view = self._batch.world(0)
        if self._painter is not None:
            return self._painter.paint(view)
        scene = self._reader.read(view)
        screen = StringIO()
        console = Console(
            file=screen, force_terminal=True, width=max(80, 2 * scene.width), legacy_windows=False
        )
        console.print(status_text(scene, self._batch.spec.max_steps))
        console.print(scene_text(scene))
        console.print(legend_text(scene))
        return screen.getvalue()
