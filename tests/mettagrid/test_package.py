"""`import mettagrid` is light, and gives what it promises when that is asked for."""

import subprocess
import sys

import gymnasium
import pytest

import mettagrid
from mettagrid.registration import register_environments

CHECK = """
import resource, sys
before = resource.getrusage(resource.RUSAGE_SELF)
import mettagrid
after = resource.getrusage(resource.RUSAGE_SELF)
loaded = [name for name in ("torch", "mettagrid._core", "mettagrid.games", "pydantic") if name in sys.modules]
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, *loaded)
"""


def test_the_import_is_light():
    """Processor time, which other programs on the machine do not stretch; neither core, games nor PyTorch."""
    seconds, *loaded = subprocess.check_output([sys.executable, "-c", CHECK], text=True).split()
    assert loaded == []
    assert float(seconds) < 0.3


@pytest.mark.parametrize("name", sorted(mettagrid._HOMES))
def test_promised_names_are_there(name):
    assert getattr(mettagrid, name).__name__ == name
    assert name in dir(mettagrid)


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="module 'mettagrid' has no attribute 'BatchEnvs'"):
        _ = mettagrid.BatchEnvs


def test_environments_are_registered_once():
    register_environments()
    assert {"metta/arena-v0", "metta/game-v0"} <= set(gymnasium.registry)
