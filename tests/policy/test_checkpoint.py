import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from metta.common.errors import MachineError
from metta.policy.adapted import adapt_policy
from metta.policy.architectures.fast import FastConfig
from metta.policy.checkpoint import (
    FORMAT_VERSION,
    CheckpointMetadata,
    read_checkpoint,
    read_header,
    save_checkpoint,
)
from metta.policy.policy import Policy
from metta.policy.scripted.random import RandomPolicy
from tests.policy.games import make_spec, random_mask, random_observations

SPEC = make_spec()
METADATA = CheckpointMetadata(run="first", epoch=5, agent_steps=1234)
HEADER, WEIGHTS = "policy.json", "weights.safetensors"


@pytest.fixture
def policy() -> Policy:
    return FastConfig(channels=2, hidden=4).build(SPEC)


@pytest.fixture
def path(policy: Policy, tmp_path: Path) -> Path:
    return save_checkpoint(tmp_path / "first:v5.mpt", policy, METADATA)


def refusal(path: Path) -> str:
    """Read a file that must be refused; return the one line that says why."""
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as caught:
        read_checkpoint(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def rewrite(
    path: Path, change: Callable[[dict[str, bytes]], object], compression: int = zipfile.ZIP_STORED
) -> None:
    """Write the file anew with its members changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def change_header(path: Path, **fields: object) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[HEADER] = json.dumps({**json.loads(members[HEADER]), **fields}).encode()

    rewrite(path, change)


def test_round_trip_gives_equal_outputs_and_header(policy: Policy, path: Path) -> None:
    loaded, header = read_checkpoint(path)
    assert (header.run, header.epoch, header.agent_steps) == ("first", 5, 1234)
    assert header.game == SPEC == loaded.spec
    assert loaded.architecture == policy.architecture
    args = (
        random_observations(SPEC, 3),
        random_mask(SPEC, 3),
        policy.initial_state(3),
        torch.zeros(3).bool(),
    )
    assert torch.equal(loaded(*args).logits, policy(*args).logits)
    assert read_header(path) == header


def test_same_policy_same_bytes(policy: Policy, path: Path, tmp_path: Path) -> None:
    again = save_checkpoint(tmp_path / "again.mpt", policy, METADATA)
    assert again.read_bytes() == path.read_bytes()


def test_saving_leaves_nothing_else_behind(path: Path) -> None:
    assert os.listdir(path.parent) == [path.name]


def test_failed_saving_keeps_the_old_file(
    policy: Policy, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(MachineError, match="No space left on device"):
        save_checkpoint(path, policy, METADATA)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_adapted_policy_is_saved_in_its_own_names(policy: Policy, tmp_path: Path) -> None:
    spec = SPEC.model_copy(update={"action_names": ["noop", "act_2"]})
    path = save_checkpoint(tmp_path / "x.mpt", adapt_policy(policy, spec), METADATA)
    assert read_checkpoint(path)[0].spec == SPEC


def test_scripted_policies_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="RandomPolicy has no architecture"):
        save_checkpoint(tmp_path / "x.mpt", RandomPolicy(SPEC), METADATA)


def test_every_cut_is_refused(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    cut = tmp_path / "cut.mpt"
    for length in range(0, len(data), max(1, len(data) // 200)):
        cut.write_bytes(data[:length])
        refusal(cut)


def test_bit_flips_are_refused_or_harmless(policy: Policy, path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    weights_at = data.index(save({name: t.contiguous() for name, t in policy.state_dict().items()}))
    flipped = tmp_path / "flipped.mpt"
    # Every byte of the zip's own structure, and some of the members' contents.
    ends = [*range(60), *range(weights_at - 60, weights_at + 8), *range(len(data) - 220, len(data))]
    for position in ends + list(range(60, len(data) - 220, 97)):
        changed = bytearray(data)
        changed[position] ^= 1 << position % 8
        flipped.write_bytes(changed)
        try:
            loaded, _ = read_checkpoint(flipped)
        except ValueError as error:
            assert "\n" not in str(error)
        else:  # a date or another field that says nothing about the contents
            assert all(
                torch.equal(a, b) for a, b in zip(loaded.parameters(), policy.parameters(), strict=True)
            )


def test_damaged_weights_are_named(path: Path) -> None:
    def flip(members: dict[str, bytes]) -> None:
        members[WEIGHTS] = members[WEIGHTS][:-1] + bytes([members[WEIGHTS][-1] ^ 1])

    rewrite(path, flip)
    assert "weights are damaged" in refusal(path)


def test_other_versions_are_refused(path: Path) -> None:
    change_header(path, format_version=2, something_new=1)
    assert "format version 2 is not known; this program reads 1" in refusal(path)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"epoch": -1}, "epoch"),
        ({"architecture": {"name": "fats"}}, "did you mean fast"),
        ({"architecture": {"name": "fast", "hidden": 10**9}}, "hidden"),
        ({"architecture": {"name": "fast", "channels": 2, "hidden": 8}}, "do not fit the architecture"),
        ({"game": {}}, "game"),
        ({"weights_sha256": "0" * 64}, "weights are damaged"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_wrong_headers_are_refused(path: Path, fields: dict[str, object], reason: str) -> None:
    change_header(path, **fields)
    assert reason in refusal(path)


@pytest.mark.parametrize("scale", [0.0, -1.0, 1e999])
def test_wrong_scales_are_refused(path: Path, scale: float) -> None:
    game = SPEC.model_dump()
    game["feature_scales"][0] = scale
    change_header(path, game=game)
    refusal(path)


def test_compression_is_refused(path: Path) -> None:
    rewrite(path, lambda members: None, zipfile.ZIP_DEFLATED)
    assert "without compression" in refusal(path)


def test_other_members_are_refused(path: Path) -> None:
    rewrite(path, lambda members: members.update({"../../evil": b"x"}))
    assert "expected the members" in refusal(path)


def test_huge_headers_are_refused(path: Path) -> None:
    rewrite(path, lambda members: members.update({HEADER: b" " * (5 << 20)}))
    assert "larger than 4 MiB" in refusal(path)


@pytest.mark.parametrize("header", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"format_version": 1}'])
def test_headers_that_are_none_are_refused(path: Path, header: bytes) -> None:
    rewrite(path, lambda members: members.update({HEADER: header}))
    assert HEADER in refusal(path) or "version" in refusal(path)


@pytest.mark.parametrize("weights", [b"", b"\xff" * 64, save({"other": torch.zeros(2)})])
def test_weights_of_something_else_are_refused(path: Path, weights: bytes) -> None:
    rewrite(path, lambda members: members.update({WEIGHTS: weights}))
    change_header(path, weights_sha256=hashlib.sha256(weights).hexdigest())
    refusal(path)


def test_missing_files_folders_and_other_files_are_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "missing.mpt")
    assert "not a file" in refusal(tmp_path)
    (tmp_path / "text.mpt").write_text("hello")
    assert "not a checkpoint" in refusal(tmp_path / "text.mpt")


def test_files_of_every_version_are_read() -> None:
    """`samples/` has a file of each, written by the program of its time."""
    samples = Path(__file__).parent / "samples"
    assert [path.name for path in samples.iterdir()] == [f"version_{FORMAT_VERSION}.mpt"]
    loaded, header = read_checkpoint(samples / "version_1.mpt")
    assert (header.run, header.epoch, header.agent_steps) == ("old", 3, 99)
    total = sum(float(value.double().abs().sum()) for value in loaded.state_dict().values())
    assert total == pytest.approx(176.818728783619, rel=1e-12)
