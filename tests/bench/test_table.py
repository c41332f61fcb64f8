"""Figures: medians, ratios, targets, and how they are shown."""

import json

import pytest

from metta.bench.table import Figure, print_figures, print_json, ratio, short_number


def test_a_figure_is_the_median_of_its_repeats():
    figure = Figure("speed", (3.0, 1.0, 2.0))
    assert figure.median == 2.0
    assert figure.holds is None


@pytest.mark.parametrize(
    ("at_least", "target", "holds"),
    [(True, 2.0, True), (True, 2.1, False), (False, 2.0, True), (False, 1.9, False)],
)
def test_targets_bound_the_median(at_least: bool, target: float, holds: bool):
    assert Figure("speed", (1.0, 2.0, 3.0), target=target, at_least=at_least).holds is holds


def test_a_ratio_is_that_of_the_medians_and_keeps_those_of_the_rounds():
    figure = ratio("faster", Figure("a", (10.0, 20.0, 60.0)), Figure("b", (1.0, 4.0, 3.0)), target=5.0)
    assert figure.median == pytest.approx(20 / 3)
    assert figure.values == (10.0, 5.0, 20.0)
    assert figure.holds


@pytest.mark.parametrize(
    ("value", "text"),
    [(2_345_678, "2.35M"), (54_500, "54.5k"), (9_999, "9,999"), (24, "24"), (0.1834, "0.183"), (3e9, "3G")],
)
def test_numbers_are_short(value: float, text: str):
    assert short_number(value) == text


def test_the_table_shows_medians_ranges_targets_and_the_machine(capsys: pytest.CaptureFixture[str]):
    figures = [
        Figure("speed", (1e6, 2e6, 3e6), target=4e6),
        Figure("share", (0.05,), "%", target=0.1, at_least=False),
    ]
    print_figures("a title", figures, "a machine")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a title"
    assert lines[2].split() == [
        "speed",
        "2M",
        "1M",
        "..",
        "3M",
        "agent-steps/s",
        "at",
        "least",
        "4M:",
        "MISSED",
    ]
    assert lines[3].split() == ["share", "5.0%", "at", "most", "10.0%:", "yes"]
    assert lines[4] == "a machine"


def test_json_holds_everything(capsys: pytest.CaptureFixture[str]):
    print_json("sim", [Figure("speed", (1.0, 3.0))], {"cpu": "x"}, measured={"num_worlds": 2})
    document = json.loads(capsys.readouterr().out)
    assert document["bench"] == "sim"
    assert document["machine"] == {"cpu": "x"}
    assert document["measured"] == {"num_worlds": 2}
    assert document["figures"][0]["median"] == 2.0
    assert document["figures"][0]["values"] == [1.0, 3.0]
