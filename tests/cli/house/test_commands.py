import json
import sys
from pathlib import Path

import pytest

from metta.cli.house import checkout, checks, install
from metta.cli.house.commands import HOUSE_COMMANDS, run_house_command
from metta.common.errors import MachineError, UserError


@pytest.fixture
def calls(monkeypatch):
    """Records the programs that would run; each succeeds but those in `calls.fail`."""

    class Calls(list):
        fail = ()

    made = Calls()

    def run(command, root, quiet=False):
        made.append([Path(command[0]).name, *command[1:]])
        return int(any(word in command for word in made.fail))

    monkeypatch.setattr(checks, "run_program", run)
    monkeypatch.setattr(install, "run_program", run)
    monkeypatch.setattr(checks, "find_program", lambda name: f"/bin/{name}")
    monkeypatch.setattr(checks, "require_program", lambda name: f"/bin/{name}")
    return made


def test_every_house_command_tells_what_it_does(capsys):
    for name in HOUSE_COMMANDS:
        if name != "bench":
            assert run_house_command(name, ["--help"]) == 0
            assert HOUSE_COMMANDS[name] in capsys.readouterr().out


def test_lint_runs_all_checks_and_reports_any_failure(calls, capsys):
    assert run_house_command("lint", []) == 0
    assert [call[0] for call in calls] == ["ruff", "ruff", "pyright", "lint-imports", "clang-format"]
    assert "--check" in calls[1] and "--dry-run" in calls[4]
    calls.fail = ("--check",)
    assert run_house_command("lint", []) == 1


def test_lint_fixes_and_takes_paths(calls, tmp_path, capsys):
    assert run_house_command("lint", ["--fix", str(tmp_path)]) == 0
    assert calls == [
        ["ruff", "check", "--fix", str(tmp_path)],
        ["ruff", "format", str(tmp_path)],
        ["pyright", str(tmp_path)],
    ]
    with pytest.raises(UserError, match="no file or folder"):
        run_house_command("lint", [str(tmp_path / "nothing")])
    with pytest.raises(UserError, match="unknown option --quick"):
        run_house_command("lint", ["--quick"])


def test_lint_installs_nothing_but_says_what_to_install(calls, monkeypatch, capsys):
    monkeypatch.setattr(checks, "find_program", lambda name: None if name == "pyright" else f"/bin/{name}")
    assert run_house_command("lint", []) == 2
    assert "pyright is not installed: metta install dev" in capsys.readouterr().out
    assert "pyright" not in [call[0] for call in calls]


def test_test_builds_and_runs_the_core_tests_first(calls, capsys):
    assert run_house_command("test", []) == 0
    assert [call[0] for call in calls] == ["cmake", "cmake", "ctest", "python"]
    calls.clear()
    calls.fail = ("--output-on-failure",)
    assert run_house_command("test", []) == 1
    assert [call[0] for call in calls] == ["cmake", "cmake", "ctest"]


def test_test_with_arguments_is_pytest(calls):
    assert run_house_command("test", ["tests/cli", "-k", "x"]) == 0
    assert calls == [["python", "-m", "pytest", "tests/cli", "-k", "x"]]


def test_ci_is_lint_and_test(calls, capsys):
    assert run_house_command("ci", []) == 0
    assert [call[0] for call in calls][-4:] == ["cmake", "cmake", "ctest", "python"]
    with pytest.raises(UserError, match="no arguments"):
        run_house_command("ci", ["fast"])


def test_status_as_json(capsys):
    code = run_house_command("status", ["--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["versions"]["numpy"] and found["devices"][0] == "cpu" and found["threads"]["usable"] >= 1
    assert code == (0 if found["core"]["present"] and all(found["versions"].values()) else 4)
    for part in found["optional"].values():
        assert bool(part["missing"]) == bool(part["install"])


def test_status_as_table(capsys):
    run_house_command("status", [])
    out = capsys.readouterr().out
    assert "compiled core" in out and "optional dev" in out
    with pytest.raises(UserError):
        run_house_command("status", ["--all"])


def test_install_names_the_parts(calls, capsys):
    assert run_house_command("install", []) == 0
    assert "video" in capsys.readouterr().out
    assert run_house_command("install", ["video", "dev"]) == 0
    assert calls == [["install.sh", "--with", "video", "--with", "dev"]]
    with pytest.raises(UserError, match="no optional part 'vido'; did you mean video"):
        run_house_command("install", ["vido"])


def test_commands_for_a_clone_say_so_elsewhere(monkeypatch):
    monkeypatch.setattr(checkout, "checkout_root", lambda: None)
    with pytest.raises(UserError, match="works in a clone"):
        checkout.require_checkout("lint")


def test_programs_are_found_or_told(tmp_path, capfd):
    with pytest.raises(MachineError, match="nosuchprogram is not installed"):
        checkout.require_program("nosuchprogram")
    quiet = [sys.executable, "-c", "print('said'); raise SystemExit(3)"]
    assert checkout.run_program(quiet, tmp_path, quiet=True) == 3
    assert "said" in capfd.readouterr().err
