"""What people see of a run."""

import io

import pytest
from rich.console import Console

from metta.rl.components.progress_display import ProgressDisplay, short_count, short_time
from tests.rl.fakes import EchoBatch
from tests.rl.runs import echo_trainer


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (950, "950"), (12_345, "12.3k"), (4_560_000, "4.56M"), (2e9, "2B")]
)
def test_short_count(number: float, text: str) -> None:
    assert short_count(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(45, "45 s"), (59.7, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_short_time(seconds: float, text: str) -> None:
    assert short_time(seconds) == text


def shown(is_terminal: bool) -> str:
    output = io.StringIO()
    console = Console(file=output, force_terminal=is_terminal, width=200)
    trainer = echo_trainer(epochs=4, env=EchoBatch(max_steps=4))
    display = ProgressDisplay(console, trainer.config.total_timesteps, trainer.env.spec.stat_names)
    trainer.train([display])
    return output.getvalue()


def test_plain_lines_are_few() -> None:
    lines = shown(is_terminal=False).splitlines()
    assert len(lines) == 2  # the first epoch and the last
    assert lines[-1].startswith("256 of 256 agent-steps")
    assert "0 s left  hearts per agent" in lines[-1]
    assert "\x1b" not in lines[-1]


def test_a_terminal_gets_a_bar() -> None:
    assert "256 of 256 agent-steps" in shown(is_terminal=True)
