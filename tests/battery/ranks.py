"""D1: of two ranks that train together one is killed: while they start, train, save, or the other waits for it.

The whole job stops, it is told which rank was killed, nothing is left over, and the same command goes on. In the end
the run is bit for bit the one that nobody killed.
"""

import random
import re
import time
from pathlib import Path

import duckdb
import numpy as np
from safetensors.numpy import load_file

from metta.rl.run_folder import RunFolder
from metta.rl.trainer_state_file import TENSORS
from tests.battery.file_operations import MOST_OPERATIONS
from tests.battery.rank_recipe import BEGUN, EPOCH, JOINING, SAVING
from tests.battery.rank_session import RankSession
from tests.battery.sessions import leftovers, saved_epoch

PATIENCE_S = 30.0
MOMENTS = ("save", "collective", "collective of a save", "start", "any")
COMPARED_FROM = 10
"""Kills from which on the run is compared with one that nobody killed: that takes as long as another kill."""
_STEPS_PER_EPOCH = 64


def run(count: int, seed: int, folder: Path) -> str:
    """Kill the one rank and the other by turns; after every ten kills torchrun or our launcher takes over."""
    moments, run = random.Random(seed), RunFolder(folder / "runs", "broken")
    longest, acknowledged, most_left = 0.0, 0, 0
    for kill in range(count):
        rank, moment, launcher = kill % 2, MOMENTS[kill // 2 % 5], ("metta", "torchrun")[kill // 10 % 2]
        told = f"kill {kill}, of rank {rank} at {moment}, {launcher}"
        session = _killed(run, rank, moment, launcher, moments)
        code, seconds = session.end(PATIENCE_S)
        printed = session.printed()
        assert session.died_at is not None, f"{told}: it was not killed, but ended with {code}:\n{printed}"
        _check_printed(launcher, rank, code, printed, told)
        _check_resumed(acknowledged, printed, told)
        left, kept = saved_epoch(run), max(acknowledged, session.saved)
        assert left >= kept, f"{told}: {kept} was acknowledged, {left} is left"
        most_left = max(most_left, len(leftovers(run)))
        assert most_left <= 1, f"{told}: {leftovers(run)}"
        longest, acknowledged = max(longest, seconds), left
    epochs = acknowledged + 5
    _finish(run, epochs, acknowledged)
    told = f"{count} kills: each named, all over after at most {longest:.1f} s, no process left; all went on, none lost"
    if count < COMPARED_FROM:
        return told
    straight = RunFolder(folder / "straight", "straight")
    _finish(straight, epochs, 0)
    _check_same(run, straight, epochs)
    return f"{told}; after {epochs} epochs bit for bit the run that nobody killed"


def _killed(run: RunFolder, rank: int, moment: str, launcher: str, moments: random.Random) -> RankSession:
    """Start a session and kill one of its ranks; return it while it ends."""
    if moment == "collective":
        return RankSession(run, launcher, moment=f"{rank}:collective:{moments.randrange(150)}")
    if moment == "collective of a save":
        return RankSession(run, launcher, moment=f"{rank}:save:{moments.randrange(20)}")
    if moment == "save" and rank == 0:  # who writes it
        return RankSession(run, launcher, moment=f"0:file:{moments.randrange(MOST_OPERATIONS)}")
    if moment == "start" and moments.random() < 0.3:
        return RankSession(run, launcher, moment=f"{rank}:join:0")
    session = RankSession(run, launcher)
    kind, reports, seconds = {
        "save": (SAVING, moments.randint(1, 3), moments.expovariate(1 / 0.004)),
        "start": (moments.choice([BEGUN, JOINING]), 1, moments.expovariate(1 / 0.03)),
        "any": (EPOCH, moments.randint(1, 9), moments.expovariate(1 / 0.02)),
    }[moment]
    assert session.wait_for(kind, rank, reports), session.printed()
    time.sleep(seconds)
    session.kill(rank)
    return session


def _check_printed(launcher: str, rank: int, code: int, printed: str, told: str) -> None:
    """One line says which rank was killed; torchrun has its own words and exit code."""
    if launcher == "metta":
        lines = [line for line in printed.splitlines() if line.startswith("metta: ")]
        wanted = f"metta: rank {rank} of 2 was killed by SIGKILL; all ranks were ended"
        assert len(lines) == 1 and lines[0].startswith(wanted), f"{told}:\n{printed}"
        assert "Traceback" not in printed and "terminate called" not in printed, f"{told}:\n{printed}"
        assert code == 4, f"{told}: ended with {code}:\n{printed}"
        return
    cause = re.search(r"Root Cause.*?rank\s*: (\d).*?exitcode\s*: (-?\d+)", printed, re.DOTALL)
    assert cause is not None and cause.groups() == (str(rank), "-9"), f"{told}:\n{printed}"
    assert code == 1, f"{told}: ended with {code}:\n{printed}"


def _check_resumed(epoch: int, printed: str, told: str) -> None:
    """A session that came so far says from where it goes on: exactly what was left."""
    said = re.search(r"run \w+ (starts|goes on after epoch (\d+))", printed)
    assert said is None or int(said[2] or 0) == epoch, f"{told}: {epoch} was left:\n{printed}"
    assert "not bit for bit" not in printed, f"{told}:\n{printed}"


def _finish(run: RunFolder, epochs: int, left: int) -> None:
    session = RankSession(run, "metta", [f"trainer.total_timesteps={epochs * _STEPS_PER_EPOCH}"])
    code, _ = session.end(PATIENCE_S)
    assert code == 0, session.printed()
    _check_resumed(left, session.printed(), "the last session")
    assert not leftovers(run), leftovers(run)
    assert saved_epoch(run) == epochs
    query = f"SELECT epoch FROM '{run.metrics}/*.parquet' WHERE name = 'loss/total' ORDER BY epoch"
    assert duckdb.sql(query).fetchall() == [(epoch + 1,) for epoch in range(epochs)]


def _check_same(run: RunFolder, straight: RunFolder, epoch: int) -> None:
    found, wanted = (
        load_file(folder.trainer_state / f"e{epoch:08d}" / TENSORS) for folder in (run, straight)
    )
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        np.testing.assert_array_equal(found[name], value, name)
