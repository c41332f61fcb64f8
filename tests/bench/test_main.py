"""The command line of `metta bench`."""

import json
import sys
from typing import Any

import pytest

from metta.bench import main
from metta.common.errors import UserError

BRIEF = ["--worlds", "1", "--seconds", "0.01", "--repeats", "1"]


def test_sim_prints_a_table(capsys: pytest.CaptureFixture[str]):
    assert main(["sim", *BRIEF]) == 0
    output = capsys.readouterr().out
    assert "simulating arena: 1 worlds x 24 agents" in output
    assert "1 thread to the floor" in output
    assert "python 3." in output


def test_sim_prints_json(capsys: pytest.CaptureFixture[str]):
    assert main(["sim", "--json", "--threads", "1", *BRIEF]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["bench"] == "sim"
    assert document["measured"]["num_worlds"] == 1
    assert document["machine"]["python"] == sys.version.split()[0]
    assert document["figures"][0]["name"] == "1 thread"


FACTS = {
    "num_worlds": 3,
    "num_agents": 24,
    "agent_steps_per_epoch": 1000,
    "num_weights": 10,
    "threads": 2,
    "device": "cpu",
    "repeats": 4,
}


def test_train_hands_on_its_settings(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    calls: list[Any] = []

    def bench_train(*arguments: Any) -> tuple[list[Any], dict[str, Any]]:
        calls.append(arguments)
        return [], FACTS

    monkeypatch.setattr("metta.bench.train.bench_train", bench_train)
    assert (
        main(
            [
                "train",
                "--json",
                "--repeats",
                "4",
                "--threads",
                "2",
                "--device",
                "cpu",
                "--worlds",
                "3",
                "--architecture",
                "lstm",
            ]
        )
        == 0
    )
    repeats, system, worlds, architecture = calls[0]
    assert (repeats, system.num_threads, system.device, worlds) == (4, 2, "cpu", 3)
    assert architecture == "lstm"
    assert json.loads(capsys.readouterr().out)["measured"] == FACTS


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "required: sim | train"),
        (["fly"], "invalid choice: 'fly'"),
        (["sim", "--worlds", "0"], "'0' is not a whole number of at least 1"),
        (["sim", "--threads", "1,x"], "'x' is not a whole number of at least 1"),
        (["sim", "--seconds", "-1"], "'-1' is not a number of seconds above 0"),
        (["sim", "--seconds", "nan"], "'nan' is not a number of seconds above 0"),
        (["sim", "--vs", "mettagrid"], "--peer-python PATH belong together; make a peer: python3.12 -m venv"),
        (["sim", "--peer-python", "x"], "belong together"),
        (["sim", "--vs", "mettagrid", "--peer-python", "/no/python"], "no peer interpreter /no/python"),
        (["train", "--repeats", "some"], "'some' is not a whole number"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], complaint: str):
    with pytest.raises(UserError) as error:
        main(arguments)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_help_names_both(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    output = capsys.readouterr().out
    assert "sim" in output
    assert "train" in output
