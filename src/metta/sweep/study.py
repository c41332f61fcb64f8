"""The memory of a sweep: Optuna's journal of trials, and how the next one is chosen.

The journal is JSON lines, written trial by trial, so a killed sweep loses nothing. A sampler draws from a generator
made from the sweep's seed and the trial's number: a sweep that goes on chooses as if it had never stopped.
"""

import os
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, Trial, TrialState

from metta.common.errors import UserError
from metta.sweep.config import SweepConfig
from metta.sweep.space import Choice, Range, grid_of

DONE, PRUNED, FAILED, RUNNING = "done", "pruned", "failed", "running"
_STATES = {
    TrialState.COMPLETE: DONE,
    TrialState.PRUNED: PRUNED,
    TrialState.FAIL: FAILED,
    TrialState.RUNNING: RUNNING,
}
_DEFAULT_TRIALS = 20
_BEGUN, _CHOSEN = b'{"op_code":4,', b'"user_attr":{"run":'
"""In the journal: the first and the last line of choosing a trial."""


@dataclass(frozen=True)
class TrialRecord:
    """A trial as it stands in the journal."""

    number: int
    state: str
    values: dict[str, Any]
    """Settings by dotted path."""
    score: float | None
    cost: float | None
    reports: dict[int, float]
    """Score on the way, by rung."""
    facts: dict[str, Any]
    """`run`, and at the end `seconds`, `agent_steps`, `message`."""
    started_at: datetime | None
    finished_at: datetime | None


class SweepStudy:
    """Trials of one sweep; reads what an earlier session left.

    Args:
        path: of the journal.
        config: of the sweep.
        seed: of the choices.

    Raises:
        UserError: the journal is damaged.
    """

    def __init__(self, path: Path, config: SweepConfig, seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.filterwarnings("ignore", category=ExperimentalWarning)
        self._config = config
        self._seed = seed
        self._distributions = {key: distribution(value) for key, value in config.search_space.items()}
        self._grid = grid_of(config.search_space, config.grid_points) if config.sampler == "grid" else []
        directions: list[Literal["maximize", "minimize"]] = [config.goal]
        if config.is_multi_objective():
            directions.append("minimize")
        _repair(path)
        backend = JournalFileBackend(str(path), lock_obj=JournalFileOpenLock(str(path)))
        try:
            self._study = optuna.create_study(
                study_name=config.sweep_name,
                storage=JournalStorage(backend),
                directions=directions,
                load_if_exists=True,
                pruner=make_pruner(config),
            )
        except (ValueError, KeyError) as error:
            raise UserError(f"{path} is damaged: {' '.join(str(error).split())[:120]}") from error

    def limit(self) -> int:
        """Return how many trials the sweep has in the end."""
        if self._grid:
            return min(len(self._grid), self._config.max_trials or len(self._grid))
        return self._config.max_trials or _DEFAULT_TRIALS

    def ask(self) -> int | None:
        """Begin the next trial and return its number; None if there are enough."""
        trials = self._study.get_trials(deepcopy=False)
        waiting = any(trial.state == TrialState.WAITING for trial in trials)
        number = len(trials) - waiting
        if number >= self.limit():
            return None
        if self._grid and not waiting:
            self._study.enqueue_trial(self._grid[number])
        self._study.sampler = make_sampler(self._config, _trial_seed(self._seed, number))
        trial = self._study.ask(self._distributions)
        trial.set_user_attr("run", f"{self._config.sweep_name}.{trial.number:04d}")
        return trial.number

    def report(self, number: int, rung: int, value: float) -> bool:
        """Note the score on the way; return whether the trial should stop."""
        trial = self._open(number)
        if self._config.is_multi_objective():  # Optuna compares on the way only where one value counts
            return False
        trial.report(value, rung)
        return trial.should_prune()

    def finish(self, number: int, state: str, score: float | None, cost: float | None, **facts: Any) -> None:
        """Write down how a trial ended; a failed one teaches the sampler nothing."""
        trial = self._open(number)
        for name, fact in facts.items():
            trial.set_user_attr(name, fact)
        if score is not None:
            trial.set_user_attr("score", score)
        if cost is not None:
            trial.set_user_attr("cost", cost)
        values = [score, cost] if self._config.is_multi_objective() else [score]
        if state == DONE:
            self._study.tell(number, [float(value) for value in values if value is not None])
        else:
            self._study.tell(number, state=TrialState.PRUNED if state == PRUNED else TrialState.FAIL)

    def records(self) -> list[TrialRecord]:
        """Return all trials that were begun, by number."""
        trials = self._study.get_trials(deepcopy=False)
        return [self._record(trial) for trial in trials if trial.state != TrialState.WAITING]

    def record(self, number: int) -> TrialRecord:
        """Return one trial."""
        return self._record(self._study.get_trials(deepcopy=False)[number])

    def best(self) -> list[int]:
        """Return the numbers of the trials that no other beats, best score first; of one objective, the best."""
        chosen = self._study.best_trials if self._has_finished() else []
        sign = -1.0 if self._config.goal == "maximize" else 1.0
        return [
            trial.number for trial in sorted(chosen, key=lambda trial: (sign * trial.values[0], trial.number))
        ]

    def importances(self) -> dict[str, float]:
        """Return which settings the score depends on, as shares of 1; empty with too few trials."""
        records = [record for record in self.records() if record.state == DONE]
        if len(records) < max(8, 2 * len(self._distributions)) or len({r.score for r in records}) < 2:
            return {}
        evaluator = optuna.importance.PedAnovaImportanceEvaluator()
        target = (lambda trial: trial.values[0]) if self._config.is_multi_objective() else None
        return dict(optuna.importance.get_param_importances(self._study, evaluator=evaluator, target=target))

    def _has_finished(self) -> bool:
        return any(trial.state == TrialState.COMPLETE for trial in self._study.get_trials(deepcopy=False))

    def _open(self, number: int) -> Trial:
        trials = self._study.get_trials(deepcopy=False)
        return Trial(self._study, trials[number]._trial_id)

    def _record(self, trial: FrozenTrial) -> TrialRecord:
        space = self._config.search_space
        facts = {key: value for key, value in trial.user_attrs.items() if key not in ("score", "cost")}
        return TrialRecord(
            number=trial.number,
            state=_STATES[trial.state],
            values={key: space[key].value(trial.params[key]) for key in space if key in trial.params},
            score=trial.user_attrs.get("score"),
            cost=trial.user_attrs.get("cost"),
            reports=dict(trial.intermediate_values),
            facts=facts,
            started_at=trial.datetime_start,
            finished_at=trial.datetime_complete,
        )


def distribution(parameter: Range | Choice) -> BaseDistribution:
    """Return Optuna's distribution of a parameter's coordinate."""
    if isinstance(parameter, Choice):
        return CategoricalDistribution(parameter.coordinates())
    low, high = parameter.coordinates()
    if parameter.scale in ("int", "log_int", "pow2"):
        return IntDistribution(int(low), int(high), log=parameter.scale == "log_int")
    return FloatDistribution(low, high, log=parameter.scale == "log")


def make_sampler(config: SweepConfig, seed: int) -> optuna.samplers.BaseSampler:
    """Return what chooses the next trial."""
    if config.sampler == "tpe":
        return optuna.samplers.TPESampler(n_startup_trials=config.num_random_trials, seed=seed)
    if config.sampler == "gp":
        return optuna.samplers.GPSampler(n_startup_trials=config.num_random_trials, seed=seed)
    return optuna.samplers.RandomSampler(seed=seed)  # of a grid, every trial is set in advance


def make_pruner(config: SweepConfig) -> optuna.pruners.BasePruner:
    """Return what stops trials; steps are rungs, from 1."""
    if config.pruner == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=config.prune_after)
    if config.pruner == "percentile":
        return optuna.pruners.PercentilePruner(25.0, n_startup_trials=config.prune_after)
    if config.pruner == "halving":
        return optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2)
    if config.pruner == "hyperband":
        return optuna.pruners.HyperbandPruner(
            min_resource=1, max_resource=config.num_rungs, reduction_factor=2
        )
    return optuna.pruners.NopPruner()


def _repair(path: Path) -> None:
    """Undo what a kill leaves: half a line, a trial whose settings were not all chosen; it is chosen again.

    Only one sweep at a time has the folder, and chooses one trial at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    Path(f"{path}.lock").unlink(missing_ok=True)
    if path.exists():
        lines = [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        begun = max((at for at, line in enumerate(lines) if line.startswith(_BEGUN)), default=len(lines))
        if not any(_CHOSEN in line for line in lines[begun:]):
            del lines[begun:]
        os.truncate(path, sum(map(len, lines)))


def _trial_seed(seed: int, number: int) -> int:
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
