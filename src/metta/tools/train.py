"""TrainTool: train a policy in a game, then measure it beside baselines and say where everything is."""

import getpass
import json
from contextlib import ExitStack, nullcontext
from datetime import datetime
from pathlib import Path

import torch
from pydantic import Field, field_validator
from rich.console import Console

from metta.common.errors import EXIT_OK, MachineError, UserError
from metta.common.system import available_cores
from metta.common.tool import Tool
from metta.common.words import command_name
from metta.policy.architecture import ArchitectureField, resolve_architecture
from metta.policy.carry_over import carry_over
from metta.policy.checkpoint import read_checkpoint, read_header
from metta.policy.policy import Policy
from metta.policy.stores import open_store
from metta.policy.uri import resolve_uri
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.component import Component, ComponentContext, ComponentsField
from metta.rl.components.episode_writer import EpisodeWriter
from metta.rl.components.evaluator import Evaluator, EvaluatorConfig
from metta.rl.components.guard import Guard
from metta.rl.components.metrics_writer import MetricsWriter
from metta.rl.components.progress_display import ProgressDisplay, short_count
from metta.rl.components.remote_copies import RemoteCopies
from metta.rl.components.wandb_writer import WandbConfig, WandbWriter
from metta.rl.config import TrainerConfig
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.ranks import (
    RankPlace,
    bytes_of_first,
    is_first_rank,
    joined,
    launch_ranks,
    num_ranks,
)
from metta.rl.remote_state import RemoteState
from metta.rl.run_config import keep_run_config, read_run_config
from metta.rl.run_folder import RunFolder, check_run_name
from metta.rl.stop_signals import StopSignals
from metta.rl.trainer import Trainer
from metta.rl.trainer_state import differences_from_saved, load_trainer_state
from metta.sim.device import torch_device
from metta.sim.processor import set_up_processor
from metta.sim.simulate import SimulationSettings
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from metta.tools.packed import pack_tool
from metta.tools.replay import ReplayTool
from mettagrid.replay_file import SUFFIX

MOST_SIMULATED = 7
"""Of a curriculum's tasks, one more than this is measured if the recipe names no simulations."""

RANK_PROGRAM = "metta.cli.rank"
"""What each of several processes runs; a name, because tools do not know the command line."""


class TrainTool(Tool):
    """Trains a policy; a run of the same name goes on where it stopped."""

    run: str | None = Field(
        default=None, description="name of the run; none = local.<user>.<date>. A known name resumes that run"
    )
    training_env: TrainingEnvironmentConfig = Field(
        default_factory=TrainingEnvironmentConfig, description="the game and how many worlds of it"
    )
    trainer: TrainerConfig = Field(default_factory=TrainerConfig, description="how much is learned from what")
    policy_architecture: ArchitectureField = Field(
        default="fast",
        validate_default=True,
        description="who learns: a name such as fast, a YAML file or a config",
    )
    initial_policy_uri: str | None = Field(
        default=None,
        description="checkpoint whose architecture and weights a new run takes, by name where the games differ",
    )
    checkpointer: CheckpointerConfig = Field(default_factory=CheckpointerConfig, description="when to save")
    evaluator: EvaluatorConfig = Field(
        default_factory=EvaluatorConfig, description="what is measured, and when"
    )
    components: ComponentsField = Field(
        default_factory=dict,
        description="what else looks on, by name: gradients, dormant_units, monitor, profiler, heartbeat ...",
    )
    wandb: WandbConfig = Field(default_factory=WandbConfig, description="metrics to Weights & Biases; off")

    @field_validator("run")
    @classmethod
    def _can_name_a_folder(cls, run: str | None) -> str | None:
        return None if run is None else check_run_name(run)

    def invoke(self) -> int:
        """Trains, evaluates, reports; returns the exit code."""
        place = RankPlace.here()
        if place is None and self.trainer.num_ranks() > 1:
            return self._launch()
        wanted = "cuda" if self.trainer.num_gpus else self.system.device
        device = torch_device(wanted) if place is None else place.device(wanted)
        with joined(place, device, self.trainer.ranks_timeout_s):
            is_first = is_first_rank()
            self.run = bytes_of_first((self.run or automatic_run_name()).encode()).decode()
            folder, console = RunFolder(Path(self.system.data_dir), self.run), Console(quiet=not is_first)
            with folder.lock() if is_first else nullcontext():
                if is_first:
                    self._fetch_state(folder, console)
                self._adopt_architecture(folder)
                if is_first:
                    keep_run_config(folder, self)
                trainer = self._build_trainer(folder, place, device)
                code = self._train(trainer, folder, console)
        return self._finish(trainer, folder, console) if is_first and code == EXIT_OK else code

    def _launch(self) -> int:
        """Trains in several processes of this machine; what each does is `invoke`."""
        count = self.trainer.num_ranks()
        if self.trainer.num_gpus > torch.cuda.device_count():
            raise UserError(
                f"trainer.num_gpus={self.trainer.num_gpus}: this machine has {torch.cuda.device_count()}; "
                "trainer.num_processes is for CPUs"
            )
        self.training_env.worlds_of_each(count)
        self.run = self.run or automatic_run_name()
        return launch_ranks(pack_tool(self), count, RANK_PROGRAM)

    def _finish(self, trainer: Trainer, folder: RunFolder, console: Console) -> int:
        checkpoint = folder.checkpoint(trainer.progress.epoch)
        if self.evaluator.after_training:
            self._evaluate(folder, checkpoint, trainer)
        self._say_where(console, folder, checkpoint, trainer.env.spec.name)
        return EXIT_OK

    def _fetch_state(self, folder: RunFolder, console: Console) -> None:
        """Go on from the store's trainer state if it is newer than this machine's."""
        state = self._remote_state(folder)
        if state is None:
            return
        try:
            epoch = state.fetch_newer()
        except MachineError as error:
            if not folder.is_trained():  # a new run would replace what is in the store
                raise
            console.print(f"{error}; goes on from what this machine has", soft_wrap=True, highlight=False)
            return
        if epoch is not None:
            prefix = self.checkpointer.remote_prefix
            console.print(f"took over the state after epoch {epoch} from {prefix}", soft_wrap=True)

    def _remote_state(self, folder: RunFolder) -> RemoteState | None:
        config = self.checkpointer
        if not config.remote_state:
            return None
        if config.remote_prefix is None:
            raise UserError(
                "checkpointer.remote_state=true needs a checkpointer.remote_prefix, the place to copy to"
            )
        return RemoteState.at(config.remote_prefix, folder)

    def _adopt_architecture(self, folder: RunFolder) -> None:
        """A run that starts from another policy's weights has that policy's architecture."""
        if self.initial_policy_uri is None:
            return
        found = None
        if is_first_rank():
            if folder.is_trained():  # the other policy may be gone by now
                found = read_run_config(folder)["policy_architecture"]
            else:
                found = read_header(resolve_uri(self.initial_policy_uri)).architecture
        self.policy_architecture = resolve_architecture(
            json.loads(bytes_of_first(json.dumps(found).encode()))
        )

    def _build_trainer(self, folder: RunFolder, place: RankPlace | None, device: str) -> Trainer:
        threads = self.system.num_threads or (available_cores() if place is None else place.num_threads())
        set_up_processor(threads)
        torch.manual_seed(self.system.seed)
        tasks = self.training_env.list_tasks(self.system.seed)
        env = self.training_env.build(threads, self.system.seed, tasks, num_ranks())
        policy: Policy = self.policy_architecture.build(env.spec)
        if self.initial_policy_uri is not None and is_first_rank() and not folder.is_trained():
            new = _copy_weights(self.initial_policy_uri, policy)
            if new:
                Console().print(
                    f"{self.initial_policy_uri} has to learn what is new to it: {new}", soft_wrap=True
                )
        seed = self.training_env.seed if self.training_env.seed is not None else self.system.seed
        curriculum = self.training_env.build_curriculum(tasks, env.spec.stat_names, self.system.seed)
        return Trainer(self.trainer, env, policy, device, seed, self.training_env.desync, curriculum)

    def _train(self, trainer: Trainer, folder: RunFolder, console: Console) -> int:
        differences = differences_from_saved(folder.trainer_state, trainer)
        resumed = load_trainer_state(folder.trainer_state, trainer)
        console.print(self._headline(trainer, folder, resumed), soft_wrap=True)
        if resumed and differences:
            console.print(f"goes on, but not bit for bit: {'; '.join(differences)}", soft_wrap=True)
        display = ProgressDisplay(console, self.trainer.total_timesteps, trainer.env.spec.stat_names)
        components = (
            [*self._components(trainer, folder), *self._copies(folder, console), display]
            if is_first_rank()
            else [Checkpointer(self.checkpointer, folder, trainer, before_saving=lambda: None)]
        )
        with ExitStack() as stack:
            for component in components:
                stack.callback(component.close)
            signals = stack.enter_context(StopSignals())
            trainer.train(components, signals.was_asked)
            code = signals.exit_code()
        if code != EXIT_OK:
            console.print(
                f"stopped and saved; the same command with run={folder.run} goes on", soft_wrap=True
            )
        return code

    def _copies(self, folder: RunFolder, console: Console) -> list[Component]:
        """Return what copies checkpoints to a store, if that is asked for."""
        config = self.checkpointer
        if config.remote_prefix is None:
            return []
        store, prefix = open_store(config.remote_prefix)
        below = "/".join(filter(None, [prefix, folder.run, folder.checkpoints.name]))

        def say(text: str) -> None:
            console.print(text, soft_wrap=True, highlight=False)

        state = self._remote_state(folder)
        return [RemoteCopies(store, below, folder.checkpoints, say, config.remote_wait_s, state)]

    def _components(self, trainer: Trainer, folder: RunFolder) -> list[Component]:
        metrics = MetricsWriter(folder.metrics)
        episodes = EpisodeWriter(folder.episodes, trainer.env.spec.stat_names)

        def flush() -> None:
            metrics.flush()
            episodes.flush()

        checkpointer = Checkpointer(self.checkpointer, folder, trainer, before_saving=flush)
        evaluator = Evaluator(
            self.evaluator,
            self._simulations(trainer),
            trainer,
            folder,
            self._settings(trainer),
            add_late=metrics.add,
        )
        run_config = self.model_dump(mode="json")
        context = ComponentContext(trainer, folder, run_config)
        added = {
            is_tracker: [
                config.build(context)
                for config in self.components.values()
                if config.is_tracker is is_tracker
            ]
            for is_tracker in (False, True)
        }
        trackers = added[True]
        if self.wandb.enabled:
            trackers.append(WandbWriter(self.wandb, folder.run, run_config, folder.path))
        return [
            Guard(checkpointer, trainer),
            evaluator,
            *added[False],
            metrics,
            episodes,
            checkpointer,
            *trackers,
        ]

    def _settings(self, trainer: Trainer) -> SimulationSettings:
        return SimulationSettings(self.system.seed, str(trainer.device), self.system.thread_count())

    def _simulations(self, trainer: Trainer) -> list[SimulationConfig]:
        """What the recipe names; else the game, or some of the curriculum's tasks from the first to the last."""
        if self.evaluator.simulations:
            return self.evaluator.simulations
        game = self.training_env.game
        if trainer.tasks is None:
            return [SimulationConfig(suite=game.name, name="training", env=game)]
        tasks = trainer.tasks.curriculum.tasks
        chosen = sorted(
            {round(place * (len(tasks) - 1) / MOST_SIMULATED) for place in range(MOST_SIMULATED + 1)}
        )
        return [
            SimulationConfig(suite=tasks[i].game.name, name=tasks[i].label[:200], env=tasks[i].game)
            for i in chosen
        ]

    def _evaluate(self, folder: RunFolder, checkpoint: Path, trainer: Trainer) -> None:
        """Print the scorecard, write stats.duckdb and record a replay of the first simulation."""
        simulations = self._simulations(trainer)
        EvaluateTool(
            system=self.system,
            simulations=simulations,
            policy_uris=[str(checkpoint)],
            baselines=self.evaluator.baselines,
            stats_dir=str(folder.path),
        ).invoke()
        ReplayTool(
            system=self.system,
            policy_uri=str(checkpoint),
            sim=simulations[0],
            out_dir=str(folder.replays),
            render="none",
        ).invoke()

    def _headline(self, trainer: Trainer, folder: RunFolder, resumed: bool) -> str:
        num_weights = sum(parameter.numel() for parameter in trainer.policy.parameters())
        state = f"goes on after epoch {trainer.progress.epoch}" if resumed else "starts"
        return (
            f"run {folder.run} {state}: {trainer.share.total} worlds x {trainer.env.num_agents} agents, "
            f"{short_count(trainer.num_agent_steps)} agent-steps an epoch, "
            f"{short_count(num_weights)} weights, on {trainer.device.type}"
            f"{f' in {num_ranks()} processes' if num_ranks() > 1 else ''}"
        )

    def _say_where(self, console: Console, folder: RunFolder, checkpoint: Path, recipe: str) -> None:
        """Name what the run left and the command that shows it; recipes are called like their games."""
        metta = command_name()
        rows = [("checkpoint", checkpoint, f"{metta} play {recipe} policy_uri={checkpoint}")]
        if folder.stats.exists():
            rows.append(("statistics", folder.stats, f"{metta} evaluate {recipe} policy_uri={checkpoint}"))
        replays = sorted(folder.replays.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
        if replays:
            rows.append(("replay", replays[-1], f"{metta} replay {recipe} replay_file={replays[-1]}"))
        for name, path, command in rows:
            console.print(f"{name:12}{path}\n{'':12}{command}", soft_wrap=True, highlight=False)


def _copy_weights(uri: str, policy: Policy) -> str:
    """Give a policy the weights at an address; return what of its game they do not know, in words."""
    source, _ = read_checkpoint(resolve_uri(uri))
    match = carry_over(policy, source)
    new = [
        f"{what} {', '.join(pairs.new)}"
        for what, pairs in (("features", match.features), ("actions", match.actions))
        if pairs.new
    ]
    return "; ".join(new)


def automatic_run_name() -> str:
    """Return `local.<user>.<date and time>`, with a user's unusual letters left out."""
    user = "".join(letter for letter in getpass.getuser() if letter.isascii() and letter.isalnum()) or "user"
    return f"local.{user}.{datetime.now():%Y%m%d.%H%M%S}"
