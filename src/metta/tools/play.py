"""PlayTool: watch a policy play, in the browser or in the terminal."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table

from metta.common.errors import EXIT_INTERRUPTED, EXIT_OK
from metta.common.tool import Tool
from metta.rollout import Rollout, Seat
from metta.sim.device import torch_device
from metta.sim.policies import load_named_policy
from metta.sim.processor import set_up_processor
from metta.sim.simulate import SimulationSettings, map_seed
from metta.sim.simulation_config import SimulationConfig
from metta.tools.viewer_config import ViewerConfig
from mettagrid.batch import BatchEnv
from mettagrid.render import Scene, SceneReader, agent_table, legend_text, scene_text, status_text
from mettascope.branches import Branches


class PlayTool(Tool):
    """Opens a world in the browser, where policies, scripts and people play; or plays one episode in the terminal."""

    policy_uri: str = Field(
        default="mock://random", min_length=1, description="who plays: file, folder, run:v5, mock://scripted"
    )
    sim: SimulationConfig = Field(default_factory=SimulationConfig, description="what is played")
    render: Literal["browser", "unicode", "log", "none"] = Field(
        default="browser",
        description="browser: the page; unicode: live map in the terminal; log: a line per step; none: only the result",
    )
    viewer: ViewerConfig = Field(default_factory=ViewerConfig, description="where the page is served")
    max_steps: int = Field(
        default=1000, ge=1, description="in the terminal: stop after this many steps, or at the episode's end"
    )
    speed: float = Field(
        default=8.0,
        ge=0.0,
        le=1000.0,
        description="in the terminal: steps per second; 0 = as fast as possible",
    )

    def invoke(self) -> int:
        """Plays until the episode ends, `max_steps` or Ctrl-C; the page stays until Ctrl-C. Returns the exit code."""
        set_up_processor(1)  # one world is too little to share
        if self.render == "browser":
            return self.viewer.show(self._begin, Path(self.system.data_dir) / "replays")
        show = _Show(self)
        try:
            show.run()
        except KeyboardInterrupt:
            show.say_result()
            return EXIT_INTERRUPTED
        show.say_result()
        return EXIT_OK

    def _begin(self, branches: Branches) -> None:
        branches.begin(self.sim.env, self.policy_uri, self.system.seed, self.sim.full_name)


class _Show:
    """One episode on its way: owns the world, the rollout and what was seen last."""

    def __init__(self, tool: PlayTool) -> None:
        self._tool = tool
        game, seed = tool.sim.env, tool.system.seed
        settings = SimulationSettings(seed, torch_device(tool.system.device), tool.system.thread_count())
        self._env = BatchEnv(game, num_worlds=1, num_threads=1, map_seed=map_seed(seed))
        named = load_named_policy(tool.policy_uri, self._env.spec, settings.device)
        self._rollout = Rollout(self._env, [Seat(named.policy)], settings.device, seed=seed)
        self._reader = SceneReader(game)
        self._rollout.reset(seed)
        self._label = named.name.label
        self._returns = dict.fromkeys(range(self._env.num_agents), 0.0)
        self._scene = self._reader.read(self._env.world(0))
        self._hearts = self._scene.hearts
        self._num_steps = 0
        # A file or pipe has no width; a map must not be cut in it.
        width = None if sys.stdout.isatty() else 2 * self._reader.width + 80
        self._console = Console(width=width)

    def run(self) -> None:
        """Steps and shows until something says stop."""
        if self._tool.render == "unicode" and self._console.is_terminal:
            with Live(self._picture(), console=self._console, auto_refresh=False) as live:
                for _ in self._steps():
                    live.update(self._picture(), refresh=True)
            return
        self._show_plainly()
        for _ in self._steps():
            self._show_plainly()

    def say_result(self) -> None:
        """The last line."""
        hearts = "" if self._hearts is None else f", {self._hearts} hearts"
        mean = sum(self._returns.values()) / len(self._returns)
        print(f"{self._label}: {self._num_steps} steps{hearts}, reward per agent {mean:.3f}", flush=True)

    def _steps(self) -> Iterator[None]:
        """Plays step by step; yields after each one that left the episode running."""
        pause = 1 / self._tool.speed if self._tool.speed and sys.stdout.isatty() else 0.0
        for _ in range(self._tool.max_steps):
            began = time.monotonic()
            self._rollout.step()
            for agent, reward in enumerate(self._env.rewards.tolist()):
                self._returns[agent] += reward
            self._num_steps += 1
            if self._env.episode_ended[0]:  # the world shows the next episode already
                self._hearts = self._reader.hearts_in(self._env.episode_stats)
                return
            self._scene = self._reader.read(self._env.world(0))
            self._hearts = self._scene.hearts
            yield
            time.sleep(max(0.0, pause - (time.monotonic() - began)))

    def _picture(self) -> RenderableType:
        map_and_agents = Table.grid(padding=(0, 2))
        map_and_agents.add_row(scene_text(self._scene), agent_table(self._scene, self._returns))
        return Group(
            status_text(self._scene, self._env.spec.max_steps), map_and_agents, legend_text(self._scene)
        )

    def _show_plainly(self) -> None:
        if self._tool.render == "unicode":
            self._console.print(self._picture())
        elif self._tool.render == "log":
            print(_log_line(self._scene, self._returns), flush=True)


def _log_line(scene: Scene, returns: dict[int, float]) -> str:
    num_frozen = sum(thing.frozen > 0 for thing in scene.agents)
    hearts = "" if scene.hearts is None else f"  hearts {scene.hearts}"
    return f"tick {scene.tick}{hearts}  reward {sum(returns.values()):.3f}  frozen {num_frozen}"
