"""Components by name, and what all have in common."""

from pathlib import Path
from typing import Any

import pytest

from metta.common.parse import readings
from metta.rl.components.component import COMPONENTS, Component, ComponentContext
from metta.rl.components.gradients import GradientsConfig
from metta.rl.report import EpochReport
from metta.rl.run_folder import RunFolder
from metta.rl.trainer import Trainer
from metta.tools.train import TrainTool
from tests.rl.runs import Listener, echo_trainer


def train_with(kind: str, folder: RunFolder, epochs: int = 2, **settings: Any) -> tuple[Trainer, Listener]:
    """A run with one component of a kind, and a listener behind it."""
    trainer, listener = echo_trainer(epochs=epochs), Listener()
    with folder.lock():
        config = COMPONENTS.resolve({"kind": kind, **settings})
        component = config.build(ComponentContext(trainer, folder, {}))
        try:
            trainer.train([component, listener])
        finally:
            component.close()
    return trainer, listener


def test_the_command_line_adds_one() -> None:
    tool = TrainTool()
    tool.override_all(
        {"components.gradients.epoch_interval": readings("5"), "components.monitor": readings("{}")}
    )
    assert tool.components["gradients"] == GradientsConfig(epoch_interval=5)
    assert list(tool.components) == ["gradients", "monitor"]
    tool.override_all({"components": readings("heartbeat,profiler")})
    assert list(tool.components) == ["heartbeat", "profiler"]


def test_mistakes_are_one_line() -> None:
    with pytest.raises(ValueError, match="unknown component 'gradient'; did you mean gradients"):
        TrainTool().override("components.gradient.epoch_interval", 5)


@pytest.mark.parametrize("kind", sorted(COMPONENTS.known()))
def test_looking_on_changes_nothing(kind: str, tmp_path: Path) -> None:
    plain = echo_trainer(epochs=4)
    plain.train()
    settings = {"epoch_interval": 1} if "epoch_interval" in COMPONENTS.known()[kind].model_fields else {}
    watched, _ = train_with(kind, RunFolder(tmp_path, kind), epochs=4, **settings)
    state = [value for value in plain.policy.state_dict().values()]
    assert all((a == b).all() for a, b in zip(state, watched.policy.state_dict().values(), strict=True))


def test_everything_is_closed_even_after_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.tools.test_train import small_tool  # noqa: PLC0415  (imports much)

    class Failing(Component):
        closed = False

        def on_epoch_end(self, report: EpochReport) -> None:
            raise OSError("no more paper")

        def close(self) -> None:
            Failing.closed = True

    monkeypatch.setattr(GradientsConfig, "build", lambda self, context: Failing())
    with pytest.raises(OSError, match="no more paper"):
        small_tool(tmp_path, components={"gradients": {}}).invoke()
    assert Failing.closed
