"""The set-up in bash, with a fake Python that records what is asked of it instead of downloading anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FAKE_PYTHON = f"""#!/usr/bin/env bash
case "$*" in
  *fcntl*) exec {sys.executable} "$@" ;;
  -c*tomllib*) echo "buildtool>=1" ;;
  -c*) ;;
  "-m venv"*) mkdir -p "${{@: -1}}/bin" && cp "$0" "${{@: -1}}/bin/python" ;;
  "-m pip"*)
    sleep "${{FAKE_SLEEP:-0}}"
    echo "$*" >>"$FAKE_LOG"
    [ -z "${{FAKE_FAIL:-}}" ] || {{ echo "ERROR: no disk" && exit 1; }}
    ;;
  *) echo "ran $*" ;;
esac
"""


@pytest.fixture
def clone(tmp_path):
    """A folder that looks like a fresh clone of the repository."""
    root = tmp_path / "a clone"
    (root / "tools").mkdir(parents=True)
    (root / "core").mkdir()
    (root / "src").mkdir()
    for name in ("metta", "install.sh", "tools/setup.sh", "tools/run.py"):
        shutil.copy(ROOT / name, root / name)
    for name in ("pyproject.toml", "constraints.txt", "CMakeLists.txt", "core/world.cpp"):
        (root / name).write_text("1\n")
    fake = tmp_path / "python-fake"
    fake.write_text(FAKE_PYTHON)
    fake.chmod(0o755)
    return root


def environment(clone, **changes):
    log = clone.parent / "pip.log"
    return {**os.environ, "METTA_PYTHON": str(clone.parent / "python-fake"), "FAKE_LOG": str(log), **changes}


def start(clone, *command, **changes):
    words = [str(clone / command[0]), *command[1:]]
    return subprocess.run(
        words,
        env=environment(clone, **changes),
        cwd=clone.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def pip_calls(clone):
    log = clone.parent / "pip.log"
    calls = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return calls


def test_first_use_sets_up_and_later_ones_do_not(clone):
    done = start(clone, "metta", "train", "arena", "notes=two words")
    assert (done.returncode, done.stdout) == (0, "ran -P -m metta train arena notes=two words\n")
    assert "Setting Metta up" in done.stderr
    tools, everything = pip_calls(clone)
    assert "buildtool>=1" in tools
    assert "--no-build-isolation" in everything and everything.endswith(f"constraints.txt -e {clone}")
    again = start(clone, "tools/run.py", "train", "arena")
    assert (again.returncode, again.stdout, again.stderr) == (0, "ran -P -m metta train arena\n", "")
    assert pip_calls(clone) == []


def test_a_changed_core_is_compiled_and_a_changed_pin_installed(clone):
    start(clone, "metta")
    pip_calls(clone)
    (clone / "core/world.cpp").write_text("2\n")
    assert "compiling the core" in start(clone, "metta").stderr
    assert [call.split()[3:5] for call in pip_calls(clone)] == [["--no-build-isolation", "--no-deps"]]
    (clone / "src/moved.py").write_text("")
    start(clone, "metta")
    assert len(pip_calls(clone)) == 1
    (clone / "constraints.txt").write_text("2\n")
    start(clone, "metta")
    assert len(pip_calls(clone)) == 2


def test_tests_bring_their_extra_which_stays(clone):
    start(clone, "metta")
    pip_calls(clone)
    start(clone, "metta", "test")
    assert pip_calls(clone)[-1].endswith("[dev]")
    start(clone, "install.sh", "--with", "video", "--profile", "external")
    assert pip_calls(clone)[-1].endswith("[dev,video]")
    start(clone, "metta", "test")
    assert pip_calls(clone) == []


def test_a_failure_is_one_line_and_the_next_start_tries_again(clone):
    done = start(clone, "metta", FAKE_FAIL="1")
    assert done.returncode == 4
    last = done.stderr.splitlines()[-1]
    assert last.startswith("metta: set-up failed while installing the build tools (ERROR: no disk)")
    assert last.endswith(".metta-setup.log")
    assert start(clone, "metta").returncode == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"METTA_PYTHON": "no-such-python"}, "Metta needs Python 3.11 or newer"),
        ({"CXX": "no-such-compiler"}, "Metta needs a C++ compiler"),
    ],
)
def test_what_the_machine_lacks_is_one_line(clone, changes, message):
    done = start(clone, "metta", **changes)
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1 and message in done.stderr


def test_two_at_once_set_up_once(clone):
    both = [
        subprocess.Popen(
            [str(clone / "metta"), name],
            env=environment(clone, FAKE_SLEEP="0.3"),
            stdout=-1,
            stderr=-1,
            text=True,
        )
        for name in ("one", "two")
    ]
    outputs = [process.communicate() for process in both]
    assert sorted(out for out, _ in outputs) == ["ran -P -m metta one\n", "ran -P -m metta two\n"]
    assert len(pip_calls(clone)) == 2, "the build tools and the installation, once"
    assert sum("another set-up is running" in err for _, err in outputs) == 1


def test_a_link_to_metta_works_from_anywhere(clone):
    link = clone.parent / "link"
    link.symlink_to("a clone/metta")
    done = subprocess.run(
        [str(link), "x"], env=environment(clone), cwd="/", capture_output=True, text=True, check=False
    )
    assert done.stdout == "ran -P -m metta x\n"


def test_the_installer_ends_by_saying_what_to_run(clone):
    for _ in range(2):
        done = start(clone, "install.sh")
        assert done.returncode == 0 and "./metta train arena run=first" in done.stdout
    assert start(clone, "install.sh", "--help").stdout.startswith("Usage")
    assert start(clone, "install.sh", "--wiht").returncode == 2
