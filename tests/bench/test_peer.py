"""The peer: its protocol, with a stand-in for mettagrid, and what is said when it is not there."""

import sys
from pathlib import Path

import pytest

from metta.bench.peer import Peer
from metta.common.errors import MachineError, UserError

STAND_IN = """#!{python}
import json, os, sys
print(json.dumps({{"core": sys.argv[2], "path": os.environ.get("METTAGRID_OBS_USE_OPTIMIZED")}}), flush=True)
for line in sys.stdin:
    seconds = json.loads(line)["seconds"]
    print(json.dumps({{"agent_steps": 1000, "seconds": seconds, "tokens_used": 30.0}}), flush=True)
"""


def make_stand_in(folder: Path, script: str = STAND_IN) -> str:
    file = folder / "python"
    file.write_text(script.format(python=sys.executable))
    file.chmod(0o755)
    return str(file)


def test_a_peer_measures_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("METTAGRID_OBS_USE_OPTIMIZED", "1")
    with Peer(make_stand_in(tmp_path), {"METTAGRID_OBS_USE_OPTIMIZED": "0"}, core=0) as peer:
        assert peer.description == {"core": "0", "path": "0"}
        assert peer.measure(0.5) == 2000.0
        assert peer.last_answer["tokens_used"] == 30.0
    with Peer(make_stand_in(tmp_path), {}, core=-1) as peer:
        assert peer.description == {"core": "-1", "path": None}


def test_a_missing_interpreter_is_one_line_that_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(UserError, match=r"no peer interpreter .*pip install mettagrid==0\.26\.22") as error:
        Peer(str(tmp_path / "none"), {}, core=0)
    assert "\n" not in str(error.value)


def test_an_interpreter_without_mettagrid_is_one_line_that_says_how_to_make_one():
    with pytest.raises(
        UserError, match=r"cannot import mettagrid .*pip install mettagrid==0\.26\.22"
    ) as error:
        Peer(sys.executable, {}, core=0)
    assert "\n" not in str(error.value)


def test_a_peer_that_ends_early_says_why(tmp_path: Path):
    script = "#!{python}\nimport sys\nsys.exit('out of tokens')\n"
    with pytest.raises(MachineError, match="the peer mettagrid ended: out of tokens"):
        Peer(make_stand_in(tmp_path, script), {}, core=0)
