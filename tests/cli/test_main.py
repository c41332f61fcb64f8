"""The real command line in a process of its own: exit codes, one line for mistakes, no traceback."""

import json
import subprocess
import sys

import pytest

from metta.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["train", "farm", "run=a"], "trained a for 20 with 4 rows"),
        (["farm.train", "num_rows=7"], "trained first for 20 with 7 rows"),
        (["recipes.prod.farm.train", "total_timesteps=1.5k"], "trained first for 1500 with 4 rows"),
        (
            ["experiments.recipes.farm.train", "run=001", "system.device=cpu"],
            "trained 001 for 20 with 4 rows",
        ),
        (["eval", "farm", "policy_uri=mock://noop"], "evaluated 'mock://noop'"),
        (["farm.evaluate", "policy_uris=[a, b]"], "evaluated ['a', 'b']"),
        (["experiments.user.my_tasks.my_task", "word='two words'"], "own two words"),
        (["experiments.user.my_tasks.OwnTool"], "own hello"),
        (["train", "farm", "--", "run=b"], "trained b for 20 with 4 rows"),
    ],
)
def test_tools_run_under_all_their_names(metta, arguments, expected):
    done = metta(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, expected + "\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["trian", "farm"], 2, ["farm has no tool 'trian'", "did you mean train?"]),
        (["train", "fram"], 2, ["no recipe or module 'fram'", "did you mean farm?"]),
        (["farm", "train"], 2, ["did you mean metta train farm?"]),
        (["train", "farm", "rnu=1"], 2, ["'rnu'", "did you mean run?"]),
        (["train", "farm", "field.num_row=1"], 2, ["field.num_row", "did you mean num_rows?"]),
        (["train", "farm", "total_timesteps=many"], 2, ["total_timesteps", "integer", "'many'"]),
        (["train", "farm", "field.num_rows=0"], 2, ["field.num_rows", "greater than 0"]),
        (["train", "farm", "num_rows=x"], 2, ["num_rows", "integer"]),
        (["train", "farm", "fast"], 2, ["unexpected 'fast'"]),
        (["train", "farm", "--fast"], 2, ["unknown option --fast"]),
        (["train", "unreadable"], 2, ["recipes.experiment.unreadable", "unreadable.py, line 1"]),
        (["train", "unimportable"], 2, ["recipes.experiment.unimportable", "Toool", "line 1"]),
        (["experiments.user.my_tasks.my_bug"], 2, ["NameError", "wrod", "my_tasks.py"]),
        (["experiments.user.my_tasks.NeedyTool"], 2, ["needs number=..."]),
        (["farm.not_a_tool"], 2, ["returned int, not a Tool"]),
        (["train", "farm", "fail=value"], 2, ["no corn in the field"]),
        (["train", "farm", "fail=file"], 2, ["no/such/file"]),
        (["train", "farm", "fail=guard"], 3, ["farm:v3"]),
        (["train", "farm", "fail=disk"], 4, ["No space left"]),
        (["train", "farm", "fail=memory"], 4, ["MemoryError"]),
        (["train", "farm", "fail=interrupt"], 130, ["interrupted"]),
    ],
)
def test_what_goes_wrong_is_one_line_and_an_exit_code(metta, arguments, code, words):
    done = metta(*arguments)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("metta: ")
    for word in words:
        assert word in done.stderr


def test_termination_is_143(metta):
    assert metta("train", "farm", "fail=terminate").returncode == 143


def test_help_without_a_command(metta):
    done = metta()
    assert done.returncode == 0
    assert "metta TOOL RECIPE" in done.stdout and "metta lint" in done.stdout


def test_a_bug_of_ours_shows_its_traceback(metta, farm_project):
    (farm_project / "recipes/experiment/buggy.py").write_text(
        "from metta.common.tool import Tool\nfrom metta.common.system import SystemConfig\n\n"
        "class CallTool(Tool):\n    def invoke(self) -> int:\n        SystemConfig().run_dir(3)\n\n"
        "def call() -> CallTool:\n    return CallTool()\n"
    )
    done = metta("call", "buggy")
    assert done.returncode == 1
    assert "Traceback" in done.stderr and "please report" in done.stderr


def test_dry_run_prints_settings_that_yaml_can_read(metta):
    done = metta("train", "farm", "--dry-run", "field.seeds.corn.early=2.5", "spare.notes=hi")
    assert done.returncode == 0
    assert "run: first" in done.stdout and "corn.early: 2.5" in done.stdout and "notes: hi" in done.stdout
    as_json = json.loads(metta("train", "farm", "--dry-run", "--json").stdout)
    assert as_json["field"]["num_rows"] == 4


def test_verbose_shows_where_settings_go_and_what_differs(metta):
    done = metta("train", "farm", "--verbose", "--dry-run", "run=x", "total_timesteps=30")
    assert "function argument: run = x" in done.stderr
    assert "setting of the tool: total_timesteps = 30" in done.stderr
    lines = {line.split()[0]: line.split() for line in done.stderr.splitlines() if line.strip()}
    assert lines["total_timesteps"] == ["total_timesteps", "30", "10", "command", "line"]
    assert lines["field.num_rows"] == ["field.num_rows", "4", "3", "recipe"]


def test_verbose_shows_tracebacks_of_the_users_program_only(metta):
    done = metta("train", "farm", "--verbose", "rnu=1")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    done = metta("experiments.user.my_tasks.my_bug", "--verbose")
    assert done.returncode == 2 and "Traceback" in done.stderr and "report" not in done.stderr
    done = metta("train", "unimportable", "-v")
    assert done.returncode == 2 and "Traceback" in done.stderr


def test_listing_imports_neither_torch_nor_pydantic(farm, capsys):
    assert main(["--list"]) == 0
    out = capsys.readouterr().out
    assert "farm" in out and "barn.hay" in out and "BROKEN" in out
    code = "import sys; from metta.cli.main import main; main(['--list']); "
    code += "print({'torch', 'pydantic'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


def test_a_reader_that_is_gone_ends_quietly(farm_project):
    command = f"{sys.executable} -P -m metta --list --json | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=farm_project, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 141) and done.stderr == ""
