import json
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from metta.sim.results import PolicyName
from metta.sim.scorecard import (
    PLANNER_URI,
    RANDOM_URI,
    SCRIPTED_URI,
    make_scores,
    scorecard_table,
    scores_json,
)
from tests.sim.results import make_result


def results_of(*hearts: float, scripted_uri: str = SCRIPTED_URI):
    """Three policies (a trained one, random, scripted), 4 episodes of 2 agents with constant hearts."""
    names = (
        PolicyName("run", 5, "run"),
        PolicyName("random", 0, RANDOM_URI),
        PolicyName("scripted", 0, scripted_uri),
    )
    for index, (name, mean) in enumerate(zip(names, hearts, strict=True)):
        metrics = np.zeros((4, 2, 2))
        metrics[..., 1] = mean
        yield make_result(metrics, (name,), result_id=str(index))


def hearts_of(scores, key: str):
    return next(score for score in scores if score.policy == key and score.metric == "heart.gained")


def test_scores_compare_with_the_baselines():
    score = hearts_of(make_scores(results_of(3.0, 0.5, 4.0)), "run")
    assert (score.mean, score.times_random, score.share_of_scripted) == (3.0, 6.0, 0.75)
    assert (score.low, score.high, score.num_episodes, score.num_agents) == (3.0, 3.0, 4, 2)


def test_a_script_that_is_told_something_is_the_scripted_policy():
    told = results_of(3.0, 0.5, 4.0, scripted_uri=f"{SCRIPTED_URI}?difficulty=3&seed=0")
    assert hearts_of(make_scores(told), "run").share_of_scripted == 0.75


def test_a_baseline_of_zero_gives_no_ratio():
    score = hearts_of(make_scores(results_of(3.0, 0.0, 0.0)), "run")
    assert score.times_random is None
    assert score.share_of_scripted is None
    assert (score.random_mean, score.scripted_mean) == (0.0, 0.0)


def test_the_table_calls_more_than_nothing_infinite():
    console = Console(width=200)
    with console.capture() as capture:
        console.print(scorecard_table(make_scores(results_of(3.0, 0.0, 4.0))))
    assert "∞" in capture.get()
    assert "75%" in capture.get()


def test_agents_of_several_policies_are_scored_apart():
    metrics = np.zeros((3, 4, 2))
    metrics[:, :2, 1] = 1.0
    metrics[:, 2:, 1] = 5.0
    scores = make_scores([make_result(metrics, (PolicyName("a"), PolicyName("b")), [0, 0, 1, 1])])
    assert hearts_of(scores, "a").mean == 1.0
    assert hearts_of(scores, "b").mean == 5.0


def test_the_table_shows_policies_ratios_and_intervals():
    console = Console(width=200)
    with console.capture() as capture:
        console.print(scorecard_table(make_scores(results_of(3.0, 0.5, 4.0))))
    text = capture.get()
    for word in ("run:v5", "hearts per agent", "3.000 .. 3.000", "6.0", "75%", "arena/basic"):
        assert word in text


def test_one_episode_has_no_interval_in_table_and_json():
    metrics = np.ones((1, 2, 2))
    scores = make_scores([make_result(metrics)])
    data = json.loads(json.dumps(scores_json(scores), allow_nan=False))
    assert data[0]["low"] is None
    assert data[0]["mean"] == pytest.approx(1.0)


def test_a_planner_among_the_baselines_gets_a_column_of_its_own():
    names = [PolicyName("run", 5, "run"), PolicyName("planner", 0, PLANNER_URI)]
    results = []
    for index, (name, hearts) in enumerate(zip(names, (1.5, 3.0), strict=True)):
        metrics = np.zeros((4, 2, 2))
        metrics[..., 1] = hearts
        results.append(make_result(metrics, (name,), result_id=str(index)))
    scores = make_scores(results)
    assert (hearts_of(scores, "run").share_of_planner, hearts_of(scores, "run").planner_mean) == (0.5, 3.0)
    for shown, expected in ((scores, True), (make_scores(results[:1]), False)):
        console = Console(width=200)
        with console.capture() as capture:
            console.print(scorecard_table(shown))
        assert ("% of planner" in capture.get()) is expected
        assert ("50%" in capture.get()) is expected


def test_a_suite_of_several_simulations_gets_its_mean():
    """Every simulation counts the same, and the ratios are those of the means."""
    results = []
    for uri, hearts in (("run", (3.0, 1.0)), (RANDOM_URI, (0.0, 0.5))):
        for task, mean in zip(("near", "far"), hearts, strict=True):
            metrics = np.zeros((4 if task == "near" else 2, 2, 2))
            metrics[..., 1] = mean
            result = make_result(metrics, (PolicyName(uri, 0, uri),), result_id=uri + task)
            results.append(replace(result, name=f"walk/{task}"))
    hearts = [
        s for s in make_scores(results) if s.simulation == "walk: mean of 2" and s.metric == "heart.gained"
    ]
    assert {(s.policy, s.mean, s.times_random, s.num_episodes, s.low) for s in hearts} == {
        ("run", 2.0, 8.0, 6, None),
        (RANDOM_URI, 0.25, 1.0, 6, None),
    }
    assert not any("mean of" in score.simulation for score in make_scores(results[:1]))
