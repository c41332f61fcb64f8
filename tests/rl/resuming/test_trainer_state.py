"""Resuming: n epochs, saved, restored, and n more are 2n epochs, bit for bit; damage is one clear line."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save

from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from tests.rl.fakes import EchoBatch
from tests.rl.runs import Listener, echo_trainer, weights


def saved_state(folder: Path, epochs: int = 2) -> Path:
    trainer = echo_trainer(epochs=4)
    listener = Listener()
    trainer.train([listener], lambda: len(listener.epochs) == epochs)
    return save_trainer_state(folder, trainer)


def test_a_resumed_run_equals_one_that_never_stopped(tmp_path: Path) -> None:
    whole = echo_trainer(epochs=4)
    whole_reports = Listener()
    whole.train([whole_reports])
    saved_state(tmp_path)
    torch.manual_seed(99)
    resumed = echo_trainer(epochs=4)
    assert load_trainer_state(tmp_path, resumed)
    resumed_reports = Listener()
    resumed.train([resumed_reports])
    assert resumed_reports.epochs == [3, 4]
    assert torch.equal(weights(whole), weights(resumed))
    for old, new in zip(whole_reports.reports[2:], resumed_reports.reports, strict=True):
        assert {k: v for k, v in old.metrics.items() if not k.startswith("time/")} == {
            k: v for k, v in new.metrics.items() if not k.startswith("time/")
        }


def test_the_worlds_go_on_with_the_maps_of_their_step(tmp_path: Path) -> None:
    saved_state(tmp_path)
    resumed = echo_trainer(epochs=4)
    load_trainer_state(tmp_path, resumed)
    assert resumed.env.maps_continued_at == resumed.progress.num_agent_steps / resumed.env.num_rows > 0


def test_nothing_to_resume(tmp_path: Path) -> None:
    assert not load_trainer_state(tmp_path, echo_trainer())


def test_only_the_newest_state_stays(tmp_path: Path) -> None:
    saved_state(tmp_path, 1)
    (tmp_path / ".e00000009.77.writing").mkdir()
    newest = saved_state(tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir()] == [newest.name]


def test_saving_the_same_epoch_again_replaces_it(tmp_path: Path) -> None:
    saved_state(tmp_path, 1)
    saved_state(tmp_path, 1)
    assert load_trainer_state(tmp_path, echo_trainer())


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("state.safetensors", b"x", "is damaged: its SHA-256"),
        ("state.json", b"{", "is damaged"),
        ("state.json", b'{"version": 3}', "has version 3; this program reads 1 to 2"),
    ],
)
def test_damage_is_named(tmp_path: Path, file: str, content: bytes, message: str) -> None:
    (saved_state(tmp_path) / file).write_bytes(content)
    with pytest.raises(ValueError, match=message):
        load_trainer_state(tmp_path, echo_trainer())


def test_other_worlds_are_refused(tmp_path: Path) -> None:
    saved_state(tmp_path)
    with pytest.raises(ValueError, match=r"another training_env.num_worlds \(4 then, 2 now\)"):
        load_trainer_state(tmp_path, echo_trainer(env=EchoBatch(num_worlds=2)))
    with pytest.raises(ValueError, match=r"another training_env\.game"):
        load_trainer_state(tmp_path, echo_trainer(env=EchoBatch(max_steps=9)))


def test_another_learning_rate_holds_after_resuming(tmp_path: Path) -> None:
    saved_state(tmp_path)
    trainer = echo_trainer(epochs=4, optimizer__learning_rate=0.5, optimizer__eps=0.25)
    load_trainer_state(tmp_path, trainer)
    assert trainer.optimizer.parts[0].param_groups[0]["eps"] == 0.25


def test_the_manifest_is_readable(tmp_path: Path) -> None:
    manifest = json.loads((saved_state(tmp_path) / "state.json").read_text())
    assert manifest["progress"]["epoch"] == 2
    assert manifest["format"] == "metta.trainer_state"


def test_states_of_version_1_are_read(tmp_path: Path) -> None:
    """As it was: one optimizer, whose moments have no part number; no schedules, no centre."""
    whole = echo_trainer(epochs=4)
    whole.train()
    state = saved_state(tmp_path)
    tensors = load((state / "state.safetensors").read_bytes())
    del tensors["reward_centre"]
    old = save({name.replace("optimizer.0.", "optimizer."): value for name, value in tensors.items()})
    (state / "state.safetensors").write_bytes(old)
    manifest = json.loads((state / "state.json").read_text())
    manifest.update(
        version=1, optimizer_groups=manifest["optimizer_groups"][0], sha256=hashlib.sha256(old).hexdigest()
    )
    del manifest["schedules"]
    (state / "state.json").write_text(json.dumps(manifest))
    resumed = echo_trainer(epochs=4)
    assert load_trainer_state(tmp_path, resumed)
    resumed.train()
    assert torch.equal(weights(whole), weights(resumed))


def test_the_running_mean_of_rewards_is_kept(tmp_path: Path) -> None:
    trainer = echo_trainer(epochs=4, advantage__center_rewards=0.1)
    trainer.train([], lambda: trainer.progress.epoch == 2)
    save_trainer_state(tmp_path, trainer)
    resumed = echo_trainer(epochs=4, advantage__center_rewards=0.1)
    load_trainer_state(tmp_path, resumed)
    assert resumed.reward_centre.item() == trainer.reward_centre.item() > 0
