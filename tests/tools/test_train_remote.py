"""Runs whose checkpoints are copied to a store, from end to end: the stores' own libraries, servers on this machine."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from metta.policy.stores import open_store
from metta.policy.uri import list_checkpoints, load_policy
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.remote_copies import RemoteCopies
from metta.rl.run_folder import RunFolder
from tests.policy.stores.hub_server import READER, REPOSITORY, HubServer, hub_server, use_hub
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
