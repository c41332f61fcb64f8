"""Scorecard: policy x simulation x metric with intervals and ratios to baselines. Measures nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from rich.table import Table

from metta.sim.results import REWARD, PolicyName, SimulationResult
from metta.sim.statistics import bootstrap_interval, episode_means, ratio

HEARTS = "heart.gained"
MAIN_METRICS = (HEARTS, REWARD)
RANDOM_URI, SCRIPTED_URI, PLANNER_URI = "mock://random", "mock://scripted", "mock://planner"
ALL_BASELINES = [RANDOM_URI, SCRIPTED_URI, PLANNER_URI]
"""Chance, a script with the agent's own sight, and full knowledge of the world (for games that can be planned)."""
_COLUMN_NAMES = {HEARTS: "hearts per agent", REWARD: "reward per agent"}


@dataclass(frozen=True)
class Score:
    """One metric of one policy in one simulation: mean per agent and episode."""

    policy: str
    policy_version: int
    policy_uri: str
    simulation: str
    metric: str
    mean: float
    low: float | None  # ends of the 95% interval of the mean; None with fewer than two episodes
    high: float | None
    num_episodes: int
    num_agents: int
    random_mean: float | None = None  # of the random policy in the same simulation
    scripted_mean: float | None = None  # of the scripted policy
    times_random: float | None = None  # mean / random_mean; None where that is missing or not above 0
    share_of_scripted: float | None = None  # mean / scripted_mean
    planner_mean: float | None = None  # of the policy that knows the whole world
    share_of_planner: float | None = None  # mean / planner_mean


def make_scores(results: Iterable[SimulationResult], seed: int = 0) -> list[Score]:
    """The scores of all metrics that were recorded, and their means over the simulations of each suite.

    Baselines among the policies are used for the ratios.

    Args:
        results: any number of simulations by any policies.
        seed: of the resampling behind the intervals.
    """
    scores = [score for result in results for score in _scores_of(result, seed)]
    scores += _suite_scores(scores)
    means = {(_address(score), score.simulation, score.metric): score.mean for score in scores}
    return [_with_ratios(score, means) for score in scores]


def scorecard_table(scores: Sequence[Score], metrics: Sequence[str] = MAIN_METRICS) -> Table:
    """A row for each policy and simulation, with the columns of `metrics` that anybody recorded."""
    shown = [metric for metric in metrics if any(score.metric == metric for score in scores)]
    table = Table(header_style="bold")
    table.add_column("simulation")
    table.add_column("policy")
    for metric in shown:
        table.add_column(_COLUMN_NAMES.get(metric, metric), justify="right")
        table.add_column("95% interval", justify="right")
    if HEARTS in shown:
        table.add_column("x random", justify="right")
        table.add_column("% of scripted", justify="right")
    has_planner = _has_planner(scores)
    if HEARTS in shown and has_planner:
        table.add_column("% of planner", justify="right")
    table.add_column("episodes", justify="right")
    for rows in _grouped(scores).values():
        first = next(iter(rows.values()))
        planned = _planner_cell(rows) if HEARTS in shown and has_planner else []
        table.add_row(
            first.simulation, _label(first), *_cells(rows, shown), *planned, str(first.num_episodes)
        )
    return table


def scores_json(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """The scores as plain data; missing numbers are null."""
    return [asdict(score) for score in scores]


def _scores_of(result: SimulationResult, seed: int) -> Iterable[Score]:
    for index, name in enumerate(result.policies):
        agents = result.agents_of(index)
        if not agents.any():
            continue
        means = episode_means(result.metrics, agents)  # [E, M]
        for column, metric in enumerate(result.metric_names):
            yield _score(result, name, metric, means[:, column], int(agents.sum()), seed)


def _score(
    result: SimulationResult, name: PolicyName, metric: str, values: np.ndarray, num_agents: int, seed: int
) -> Score:
    low, high = bootstrap_interval(values, seed)
    has_interval = len(values) > 1
    return Score(
        policy=name.key,
        policy_version=name.version,
        policy_uri=name.uri,
        simulation=result.name,
        metric=metric,
        mean=float(values.mean()),
        low=low if has_interval else None,
        high=high if has_interval else None,
        num_episodes=len(values),
        num_agents=num_agents,
    )


def _with_ratios(score: Score, means: dict[tuple[str, str, str], float]) -> Score:
    random = means.get((RANDOM_URI, score.simulation, score.metric))
    scripted = means.get((SCRIPTED_URI, score.simulation, score.metric))
    planner = means.get((PLANNER_URI, score.simulation, score.metric))
    return replace(
        score,
        random_mean=random,
        scripted_mean=scripted,
        times_random=ratio(score.mean, random),
        share_of_scripted=ratio(score.mean, scripted),
        planner_mean=planner,
        share_of_planner=ratio(score.mean, planner),
    )


def _suite_scores(scores: Sequence[Score]) -> list[Score]:
    """Means over the simulations of each suite, every simulation counting the same; none for a single one.

    They have no interval: simulations are not drawn from anything.
    """
    groups: dict[tuple[str, str, int, str, str], list[Score]] = {}
    for score in scores:
        suite = score.simulation.partition("/")[0]
        key = (suite, score.policy, score.policy_version, score.policy_uri, score.metric)
        groups.setdefault(key, []).append(score)
    return [_suite_score(key[0], group) for key, group in groups.items() if len(group) > 1]


def _suite_score(suite: str, scores: Sequence[Score]) -> Score:
    return replace(
        scores[0],
        simulation=f"{suite}: mean of {len(scores)}",
        mean=float(np.mean([score.mean for score in scores])),
        low=None,
        high=None,
        num_episodes=sum(score.num_episodes for score in scores),
    )


def _has_planner(scores: Iterable[Score]) -> bool:
    return any(score.policy_uri == PLANNER_URI for score in scores)


def _address(score: Score) -> str:
    """The policy's address without its options: a script that is told something is the scripted policy, too."""
    is_script = score.policy_uri.startswith(f"{SCRIPTED_URI}?")
    return SCRIPTED_URI if is_script else score.policy_uri


def _grouped(scores: Iterable[Score]) -> dict[tuple[str, str, int, str], dict[str, Score]]:
    """(simulation, policy) -> metric -> score, in the order of appearance."""
    groups: dict[tuple[str, str, int, str], dict[str, Score]] = {}
    for score in scores:
        key = (score.simulation, score.policy, score.policy_version, score.policy_uri)
        groups.setdefault(key, {})[score.metric] = score
    return groups


def _cells(rows: dict[str, Score], shown: Sequence[str]) -> list[str]:
    cells = []
    for metric in shown:
        score = rows.get(metric)
        cells += [f"{score.mean:.3f}", _interval(score)] if score else ["-", "-"]
    if HEARTS in shown:
        hearts = rows.get(HEARTS)
        if hearts is None:
            return [*cells, "-", "-"]
        cells.append(_ratio_text(hearts.mean, hearts.random_mean, hearts.times_random, "{:.1f}"))
        cells.append(_ratio_text(hearts.mean, hearts.scripted_mean, hearts.share_of_scripted, "{:.0%}"))
    return cells


def _planner_cell(rows: dict[str, Score]) -> list[str]:
    hearts = rows.get(HEARTS)
    return [
        "-"
        if hearts is None
        else _ratio_text(hearts.mean, hearts.planner_mean, hearts.share_of_planner, "{:.0%}")
    ]


def _ratio_text(mean: float, baseline: float | None, value: float | None, pattern: str) -> str:
    """A ratio; infinite where the baseline reaches nothing at all, `-` where there is nothing to compare."""
    if value is not None:
        return pattern.format(value)
    return "∞" if baseline == 0 and mean > 0 else "-"


def _interval(score: Score) -> str:
    return "-" if score.low is None or score.high is None else f"{score.low:.3f} .. {score.high:.3f}"


def _label(score: Score) -> str:
    return PolicyName(score.policy, score.policy_version).label
