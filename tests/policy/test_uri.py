from pathlib import Path

import pytest

from metta.policy.architectures.fast import FastConfig
from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.policy.policy import Policy
from metta.policy.uri import checkpoint_path, latest_checkpoint, list_checkpoints, load_policy, resolve_uri
from tests.policy.games import make_spec

SPEC = make_spec()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with the versions 5 and 10, and what a crash may leave beside them."""
    run = tmp_path / "first"
    policy = FastConfig(channels=2, hidden=4).build(SPEC)
    for epoch in (10, 5):
        path = checkpoint_path(run / "checkpoints", "first", epoch)
        save_checkpoint(path, policy, CheckpointMetadata(run="first", epoch=epoch))
    (run / "checkpoints/.first:v11.mpt.77.tmp").write_bytes(b"half")
    (run / "checkpoints/notes.txt").write_text("hello")
    return run


@pytest.mark.parametrize(
    ("address", "version"),
    [
        ("{run}/checkpoints/first:v5.mpt", 5),
        ("{run}/checkpoints/first:v5", 5),
        ("{run}/checkpoints/first:v5.pt", 5),
        ("{run}/checkpoints/first:latest", 10),
        ("{run}/checkpoints", 10),
        ("{run}/checkpoints:latest", 10),
        ("{run}/checkpoints/", 10),
        ("{run}/checkpoints:v5", 5),
        ("{run}", 10),
        ("{run}:latest", 10),
        ("{run}:v5", 5),
        ("file://{run}:v5", 5),
        ("file://{run}/checkpoints/first:v10.mpt", 10),
        ("file://{run}/checkpoints", 10),
    ],
)
def test_addresses(run: Path, address: str, version: int) -> None:
    found = resolve_uri(address.format(run=run))
    assert found == run / f"checkpoints/first:v{version}.mpt"


def test_relative_file_address(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.parent)
    assert resolve_uri("file://./first/checkpoints").name == "first:v10.mpt"


def test_listing(run: Path, tmp_path: Path) -> None:
    assert list(list_checkpoints(run)) == [5, 10]
    assert list_checkpoints(run, run="second") == {}
    assert list_checkpoints(tmp_path / "missing") == {}
    assert latest_checkpoint(run).name == "first:v10.mpt"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("{run}:v7", "no version 7 of run 'first'; there are v5, v10"),
        ("{run}/checkpoints:v7", "no version 7 of run 'first'; there are v5, v10"),
        ("{run}/checkpoints/first:v7", "no version 7 of run 'first'; there are v5, v10"),
        ("{run}/checkpoints/second:v7", "there is no checkpoint of run 'second'"),
        ("{run}/../fisrt", "did you mean first?"),
        ("{run}/../fisrt:v5", "did you mean first?"),
        ("{run}/missing/deeper/x.mpt", "missing/deeper does not exist"),
        ("{run}/..", "holds no checkpoint"),
        ("s3://", "not an address in a store"),
        ("hf://someone", "needs an owner and a name"),
        ("http://somewhere/x", "unknown kind of address 'http'"),
        ("mock://randm", "did you mean random?"),
        ("", "is empty"),
    ],
)
def test_mistakes_are_one_line_with_what_exists(run: Path, address: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as caught:
        load_policy(address.format(run=run), SPEC)
    assert message in str(caught.value)


def test_a_scripted_policy_has_no_file() -> None:
    with pytest.raises(ValueError, match="has no file"):
        resolve_uri("mock://random")


@pytest.mark.parametrize("name", ["noop", "random"])
def test_scripted_policies_load_by_name(name: str) -> None:
    assert isinstance(load_policy(f"mock://{name}", SPEC), Policy)


def test_loading_adapts_to_the_game(run: Path) -> None:
    spec = SPEC.model_copy(update={"action_names": ["noop", "act_4"]})
    policy = load_policy(str(run), spec)
    assert policy.spec == spec
    assert not policy.training
