"""Runs whose checkpoints are copied to a store, from end to end: the stores' own libraries, servers on this machine."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import torch

from metta.common.errors import MachineError, UserError
from metta.policy.stores import open_store, s3
from metta.policy.uri import list_checkpoints, load_policy
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.remote_copies import RemoteCopies
from metta.rl.run_folder import RunFolder
from metta.rl.trainer_state_file import read_state
from metta.tools.train import TrainTool
from tests.policy.stores.hub_server import READER, REPOSITORY, HubServer, hub_server, use_hub
from tests.policy.stores.servers import Line
from tests.rl.runs import Listener, echo_trainer
from tests.tools.test_train import small_tool

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=.*:DeprecationWarning")

ON_THE_HUB = {"checkpointer__remote_prefix": f"hf://{REPOSITORY}/runs", "checkpointer__remote_wait_s": 60}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with hub_server() as server:
        use_hub(server.port, tmp_path, monkeypatch)
        yield server


def local_files(data_dir: Path, run: str = "small") -> dict[str, bytes]:
    paths = list_checkpoints(RunFolder(data_dir, run).checkpoints).values()
    return {f"runs/{run}/checkpoints/{path.name}": path.read_bytes() for path in paths}


def test_every_checkpoint_is_on_the_hub_and_loads_from_there(hub: HubServer, tmp_path: Path) -> None:
    tool = small_tool(tmp_path, epochs=3, **ON_THE_HUB)
    assert tool.invoke() == 0
    assert len(hub.files) == 3
    assert hub.files == local_files(tmp_path)
    spec = tool.training_env.build(1, 0).spec
    for version, epoch in (("latest", 3), ("v2", 2)):
        there = load_policy(f"hf://{REPOSITORY}/runs/small:{version}", spec).state_dict()
        here = load_policy(str(RunFolder(tmp_path, "small").checkpoint(epoch)), spec).state_dict()
        assert all(torch.equal(there[name], here[name]) for name in here)


def test_a_hub_that_is_down_does_not_stop_training_and_the_next_session_copies(
    hub: HubServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.busy = lambda request: True
    assert small_tool(tmp_path, **ON_THE_HUB).invoke() == 0
    told = capsys.readouterr().out
    assert told.count("checkpoints are not copied for now, training goes on") == 1
    assert "are not all copied to the store" in told
    assert not hub.files
    hub.busy = lambda request: False
    assert small_tool(tmp_path, **ON_THE_HUB).invoke() == 0
    assert hub.files == local_files(tmp_path)
    assert len(hub.files) == 2


@pytest.mark.parametrize("step", ["tree", "preupload", "batch", "PUT /upload", "commit"])
def test_a_hub_that_is_down_for_a_while_gets_all(hub: HubServer, step: str, tmp_path: Path) -> None:
    hub.busy = lambda request: step in request
    folder, trainer = RunFolder(tmp_path, "run"), echo_trainer(4)
    said, was_told = list[str](), threading.Event()

    def say(text: str) -> None:
        said.append(text)
        was_told.set()

    def mend(report: object) -> None:
        assert was_told.wait(60)
        hub.busy = lambda request: False

    checkpointer = Checkpointer(CheckpointerConfig(epoch_interval=1), folder, trainer, lambda: None)
    store, prefix = open_store(f"hf://{REPOSITORY}/runs/run/checkpoints")
    copies = RemoteCopies(store, prefix, folder.checkpoints, say, last_wait_s=60)
    trainer.train([checkpointer, copies, Listener(mend)])
    failed, again = said
    assert failed.startswith(f"hf://{REPOSITORY}: ")
    assert "503 Service Unavailable" in failed
    assert again.startswith("the store answers again: ")
    assert len(hub.files) == 4
    assert hub.files == local_files(tmp_path, "run")


@pytest.mark.parametrize(
    ("address", "token", "told"),
    [
        ("hf://someone/else", "", "hf://someone/else: there is no such repository, or it is private"),
        (f"hf://{REPOSITORY}", READER, f"hf://{REPOSITORY}: refused (403): HF_TOKEN is missing"),
        (f"hf://{REPOSITORY}", "hf_nobody", f"hf://{REPOSITORY}: refused (401): HF_TOKEN is missing"),
    ],
)
def test_what_the_user_can_mend_is_one_line(
    hub: HubServer,
    address: str,
    token: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    assert small_tool(tmp_path, checkpointer__remote_prefix=address).invoke() == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "hf://" in line]
    assert len(lines) == 1
    assert lines[0].startswith(told)
    assert lines[0].endswith("checkpoints are not copied for now, training goes on")


def machine(data_dir: Path, prefix: str, epochs: int) -> TrainTool:
    """The same command on some machine, which is a data_dir here."""
    changes = {
        "checkpointer__remote_prefix": prefix,
        "checkpointer__remote_state": True,
        "checkpointer__remote_wait_s": 60,
        "trainer__optimizer__schedule": "constant",
    }
    return small_tool(data_dir, epochs=epochs, **changes)


def state_digest(data_dir: Path) -> str:
    """SHA-256 of all that the run's trainer has: weights, optimizer, random states, worlds."""
    newest = RunFolder(data_dir, "small").newest_state()
    assert newest is not None
    return read_state(newest)[0].sha256


def names_in(folder: str) -> set[str]:
    store, key = open_store(folder)
    return set(store.sizes(key))


def test_the_same_command_goes_on_exactly_on_another_machine(
    line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix, run = "s3://bucket/exact", "s3://bucket/exact/small"
    assert small_tool(tmp_path / "whole", epochs=6, trainer__optimizer__schedule="constant").invoke() == 0
    assert machine(tmp_path / "one", prefix, 3).invoke() == 0
    capsys.readouterr()
    assert machine(tmp_path / "two", prefix, 6).invoke() == 0
    told = capsys.readouterr().out
    assert f"took over the state after epoch 3 from {prefix}" in told
    assert "run small goes on after epoch 3" in told
    assert "not bit for bit" not in told
    digest = state_digest(tmp_path / "two")
    assert digest == state_digest(tmp_path / "whole")
    assert names_in(f"{run}/trainer_state") == {f"e00000006-{digest[:16]}.zip"}
    assert names_in(f"{run}/checkpoints") == {f"small:v{epoch}.mpt" for epoch in range(1, 7)}
    assert (
        machine(tmp_path / "one", prefix, 6).invoke() == 0
    )  # the first one comes back: nothing is left to do
    assert "goes on after epoch 6" in capsys.readouterr().out


def test_the_same_through_the_hub(hub: HubServer, tmp_path: Path) -> None:
    prefix = f"hf://{REPOSITORY}"
    for data_dir, epochs in (("one", 2), ("two", 4)):
        assert machine(tmp_path / data_dir, prefix, epochs).invoke() == 0
    small_tool(tmp_path / "whole", epochs=4, trainer__optimizer__schedule="constant").invoke()
    digest = state_digest(tmp_path / "two")
    assert digest == state_digest(tmp_path / "whole")
    assert names_in(f"{prefix}/small/trainer_state") == {f"e00000004-{digest[:16]}.zip"}


def test_a_damaged_state_in_the_store_is_one_line(line: Line, tmp_path: Path) -> None:
    run = "s3://bucket/damaged/small"
    machine(tmp_path / "one", "s3://bucket/damaged", 1).invoke()
    (name,) = names_in(f"{run}/trainer_state")
    store, key = open_store(f"{run}/trainer_state/{name}")
    packed = store.fetch(key)
    assert packed is not None
    (tmp_path / "damaged").write_bytes(packed.read_bytes()[:-1000])
    store.put(tmp_path / "damaged", key)
    with pytest.raises(UserError, match=rf"\A{run}/trainer_state/{name} is damaged: [^\n]+\Z"):
        machine(tmp_path / "two", "s3://bucket/damaged", 2).invoke()


def test_without_an_answer_only_a_machine_that_has_the_run_goes_on(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fresh one would start anew, and replace what is in the store."""
    wait = {name: timedelta(milliseconds=1) for name in ("init_backoff", "max_backoff")}
    monkeypatch.setattr(s3, "_ATTEMPTS", {**s3._ATTEMPTS, "backoff": {**wait, "base": 2}})
    machine(tmp_path / "one", "s3://bucket/silent", 1).invoke()
    line.rule = lambda number, sent: False
    with pytest.raises(MachineError, match=r"\As3://bucket: [^\n]+\Z"):
        machine(tmp_path / "two", "s3://bucket/silent", 2).invoke()
    capsys.readouterr()
    assert machine(tmp_path / "one", "s3://bucket/silent", 2).invoke() == 0
    told = capsys.readouterr().out
    assert "goes on from what this machine has" in told
    assert "run small goes on after epoch 1" in told


def test_a_state_needs_a_place(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"checkpointer\.remote_state=true needs a checkpointer\.remote_prefix"
    ):
        small_tool(tmp_path, checkpointer__remote_state=True).invoke()
