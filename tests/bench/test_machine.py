"""What a figure says of its machine; staying on a core."""

import os
from pathlib import Path

import pytest

from metta.bench import machine


def test_the_description_names_what_readers_need():
    description = machine.describe_machine()
    assert description["cpu"]
    assert description["cores"] == len(machine.usable_cores())
    assert description["core_build"] in ("debug", "release")
    line = machine.describe_in_a_line(description)
    assert str(description["cpu"]) in line
    assert f"python {description['python']}" in line
    assert "None" not in line


def test_what_is_unknown_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(machine, "_MEMINFO", tmp_path / "none")
    monkeypatch.setattr(machine, "_STATUS", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    description = machine.describe_machine()
    assert description["memory_gib"] is None
    assert description["commit"] is None
    assert machine.resident_bytes() is None


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no affinities")
def test_a_block_stays_on_its_cores_and_then_may_go_everywhere():
    before = os.sched_getaffinity(0)
    core = min(before)
    with pytest.raises(KeyError), machine.on_cores([core]):
        assert os.sched_getaffinity(0) == {core}
        raise KeyError
    assert os.sched_getaffinity(0) == before
    with machine.on_cores([]):
        assert os.sched_getaffinity(0) == before
