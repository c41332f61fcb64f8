"""SweepTool: many runs of a recipe with other settings, to find out which are best."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from metta.common.errors import EXIT_OK, UserError
from metta.common.tool import Tool
from metta.common.words import command_name
from metta.rl.stop_signals import StopSignals
from metta.sweep.config import EVALUATION, SCORECARD, SweepConfig
from metta.sweep.folder import SweepFolder
from metta.sweep.recipe import TrainRecipe, check_space, value_at
from metta.tools.table_tool import TableTool
from metta.tools.train import automatic_run_name

_STEPS = "trainer.total_timesteps"


class SweepTool(SweepConfig, TableTool):
    """Trains a recipe with one setting after the other; a sweep of the same name goes on where it stopped."""

    def invoke(self) -> int:
        """Runs the trials that are missing, prints the best ones; returns the exit code."""
        if not self.search_space:
            raise UserError(
                "search_space is empty; name what varies: "
                "search_space.trainer.optimizer.learning_rate=1e-4..1e-2:log"
            )
        self._check_together()
        self.sweep_name = self.sweep_name or automatic_run_name().replace("local.", "sweep.", 1)
        recipe = TrainRecipe(self.recipe_module, self.train_entrypoint)
        fixed = self._fixed_settings(recipe)
        tools = check_space(recipe, self.search_space, fixed)
        self._check_tools(tools)
        folder = SweepFolder(Path(self.system.data_dir), self.sweep_name)
        with folder.lock():
            folder.keep_settings(self.model_dump(mode="json", serialize_as_any=True))
            return self._run(folder, recipe, fixed, max(_total_steps(tool) for tool in tools))

    def _run(self, folder: SweepFolder, recipe: TrainRecipe, fixed: dict[str, Any], horizon: int) -> int:
        from metta.sweep.display import SweepDisplay  # noqa: PLC0415  (Optuna is an extra)
        from metta.sweep.results import write_results  # noqa: PLC0415
        from metta.sweep.study import SweepStudy  # noqa: PLC0415
        from metta.sweep.tracker import SweepPlan, Tracker  # noqa: PLC0415

        study = SweepStudy(folder.journal, self, self.system.seed)
        console = Console(stderr=self.json)
        before = len(study.records())
        began = f"goes on after {before} trials" if before else "starts"
        console.print(f"sweep {folder.name} {began}, {study.limit()} in all: {folder.path}", soft_wrap=True)
        tracker = Tracker(SweepPlan(self, folder, recipe, fixed, horizon, self.system.seed), study)
        with StopSignals() as signals, SweepDisplay(console, self, study, horizon) as display:
            self._launcher()(tracker, display, signals.was_asked)
        write_results(folder, self, study, self.system.seed)
        self._report(folder, study, console)
        if signals.was_asked():
            console.print(f"stopped; the same command with sweep_name={folder.name} goes on", soft_wrap=True)
        return signals.exit_code() or EXIT_OK

    def _launcher(self) -> Callable[..., None]:
        if self.launcher == "ray":
            from metta.sweep.ray_tune import run_on_ray  # noqa: PLC0415  (Ray is an extra)

            return run_on_ray
        from metta.sweep.local import run_locally  # noqa: PLC0415

        return run_locally

    def _report(self, folder: SweepFolder, study: Any, console: Console) -> None:
        from metta.sweep.display import ranked, results_table  # noqa: PLC0415

        records = ranked(self, study)
        best = set(study.best())
        trials = [
            {
                "trial": record.number,
                "state": record.state,
                "score": record.score,
                "cost": record.cost,
                "is_best": record.number in best,
                "settings": record.values,
                "run": str(folder.runs / record.facts.get("run", "")),
            }
            for record in records
        ]
        self.print_result(results_table(self, study), {"sweep": folder.name, "trials": trials})
        console.print(f"results: {folder.results}", soft_wrap=True, highlight=False)
        if best:
            settings = {**self.train_overrides, **records[0].values}
            again = TrainRecipe(self.recipe_module, self.train_entrypoint).command(settings)
            run = folder.runs / records[0].facts["run"]
            play = f"{command_name()} play {self.recipe_module} policy_uri={run}"
            console.print(
                f"best run: {run}\n  {play}\n  {again}", soft_wrap=True, highlight=False, markup=False
            )

    def _fixed_settings(self, recipe: TrainRecipe) -> dict[str, Any]:
        """Return what all trials are given: seed and threads of the sweep, no more output than needed."""
        threads = max(1, self.system.thread_count() // self.max_parallel_jobs)
        fixed: dict[str, Any] = {
            "system.seed": self.system.seed,
            "system.num_threads": threads,
            "system.device": self.system.device,
        }
        if value_at(recipe.build({}), "evaluator.after_training") is not None:
            fixed["evaluator.after_training"] = self.metric.startswith(SCORECARD)
        fixed.update(self.train_overrides)
        return {key: value for key, value in fixed.items() if key not in self.search_space}

    def _check_together(self) -> None:
        uses_ray = self.launcher == "ray"
        needed = {"optuna": True, "scipy": self.sampler == "gp", "ray": uses_ray, "pandas": uses_ray}
        for module, is_needed in needed.items():
            if is_needed and importlib.util.find_spec(module) is None:
                extra = "ray" if module in ("ray", "pandas") else "sweep"
                raise UserError(f"this sweep needs {module}: pip install 'metta[{extra}]'")
        if self.pruner != "none" and self.is_multi_objective():
            raise UserError(
                f"pruner={self.pruner} compares one score, but cost={self.cost} makes two; set one of them to none"
            )
        if self.pruner != "none" and self.metric.startswith(SCORECARD):
            raise UserError(f"pruner={self.pruner} needs a metric of training; {self.metric} comes after it")
        twice = sorted({*self.search_space} & {*self.train_overrides})
        if twice:
            raise UserError(f"{twice[0]} is in search_space and also fixed, by train_overrides")
        own = {"run", "system.data_dir"} & {*self.search_space, *self.train_overrides}
        if own:
            raise UserError(f"{sorted(own)[0]} belongs to the sweep: it names and places the runs itself")

    def _check_tools(self, tools: list[Tool]) -> None:
        if self.pruner != "none" and not _total_steps(tools[0]):
            raise UserError(f"pruner={self.pruner} needs a recipe with {_STEPS}")
        if self.metric.startswith(EVALUATION) and value_at(tools[0], "evaluator.epoch_interval") == 0:
            raise UserError(
                f"metric={self.metric} is only written with evaluator.epoch_interval; "
                "e.g. train_overrides.evaluator.epoch_interval=50"
            )


def _total_steps(tool: Tool) -> int:
    return int(value_at(tool, _STEPS) or 0)


def sweep_of(module: str, entrypoint: str = "train") -> Callable[[], SweepTool]:
    """Return the function `sweep` that a recipe has although it does not write it."""

    def sweep() -> SweepTool:
        """Find good settings: search_space.KEY=LOW..HIGH[:log], metric=..., max_trials=..."""
        return SweepTool(recipe_module=module, train_entrypoint=entrypoint)

    return sweep
