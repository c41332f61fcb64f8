"""Names of runs and the lock of a run's folder."""

import os
from pathlib import Path

import pytest

from metta.rl.run_folder import RunFolder, check_run_name


@pytest.mark.parametrize("name", ["first", "local.me.1", "a", "2026-11-21_x"])
def test_names_that_are_right(name: str) -> None:
    assert check_run_name(name) == name


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", ".hidden", "a:v1", "é", "x" * 101, "a\n"])
def test_names_that_cannot_be_folders(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a folder"):
        check_run_name(name)


def test_a_wrong_name_gets_a_suggestion() -> None:
    with pytest.raises(ValueError, match="for example 'my_run'"):
        check_run_name("my run")


def test_a_second_process_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "first")
    with (
        folder.lock(),
        pytest.raises(ValueError, match=f"another process \\(pid {os.getpid()}"),
        folder.lock(),
    ):
        pass
    with folder.lock():
        assert folder.checkpoint(5) == tmp_path / "first" / "checkpoints" / "first:v5.mpt"


def test_what_a_killed_session_left_goes_and_all_else_stays(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "first")
    with folder.lock():
        pass
    names = ["checkpoints/.first:v5.77.part.mpt", "metrics/.part-1-2.77.part.parquet", ".config.77.part.yaml"]
    kept = ["checkpoints/first:v4.mpt", "checkpoints/notes.part.txt", "replays/.x.77.part.replay"]
    for name in names + kept:
        (folder.path / name).write_text("half")
    with folder.lock():
        assert not [name for name in names if (folder.path / name).exists()]
        assert all((folder.path / name).exists() for name in kept)


def test_a_state_that_was_half_written_goes_and_the_only_one_stays(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "first")
    with folder.lock():
        pass
    for name in (".e00000009.77.writing", ".e00000006.old"):
        (folder.trainer_state / name).mkdir()
    with folder.lock():
        assert [path.name for path in folder.trainer_state.iterdir()] == [".e00000006.old"]
    (folder.trainer_state / "e00000009").mkdir()
    with folder.lock():
        assert [path.name for path in folder.trainer_state.iterdir()] == ["e00000009"]
