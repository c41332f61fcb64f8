"""Trains in child processes that are killed at random moments; run by `test_kill.py` in a process of its own.

A fork of this warm process starts in milliseconds, where a new interpreter would spend seconds on imports.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import torch

from metta.policy.checkpoint import read_checkpoint
from metta.policy.uri import list_checkpoints
from metta.rl.components.checkpointer import Checkpointer, CheckpointerConfig
from metta.rl.components.episode_writer import EpisodeWriter
from metta.rl.components.guard import Guard
from metta.rl.components.metrics_writer import MetricsWriter
from metta.rl.run_folder import RunFolder
from metta.rl.trainer import Trainer
from metta.rl.trainer_state import load_trainer_state
from tests.rl.runs import Listener, echo_trainer, weights

NUM_KILLS = 20
INTERVAL = 3
EPOCHS = 100_000  # more than all sessions together get done


def train(folder: RunFolder, report_to: int, until: int = EPOCHS) -> Trainer:
    """One session of the run, up to an epoch; writes each finished epoch's number to a pipe."""
    with folder.lock():
        trainer = echo_trainer(EPOCHS)
        load_trainer_state(folder.trainer_state, trainer)
        metrics, episodes = (
            MetricsWriter(folder.metrics),
            EpisodeWriter(folder.episodes, trainer.env.spec.stat_names),
        )
        checkpointer = Checkpointer(
            CheckpointerConfig(epoch_interval=INTERVAL),
            folder,
            trainer,
            lambda: (metrics.flush(), episodes.flush()),
        )
        listener = Listener(lambda report: os.write(report_to, report.progress.epoch.to_bytes(4, "big")))
        components = [Guard(checkpointer, trainer), metrics, episodes, checkpointer, listener]
        trainer.train(components, lambda: trainer.progress.epoch >= until)
    return trainer


def killed_session(folder: RunFolder, num_epochs: int, seconds: float) -> int:
    """Start a session, kill it some time after its n-th epoch, return the last epoch that it finished (0 = none).

    Epochs, not seconds, say when: so the test tests the same on a machine that is busy.
    """
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        train(folder, writable)
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        epochs = pipe.read(4 * num_epochs)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        epochs += pipe.read()
    return int.from_bytes(epochs[-4:], "big")


def saved_epoch(folder: RunFolder) -> int:
    """Read everything that the run left; return the epoch from which it goes on."""
    for path in (
        list_checkpoints(folder.checkpoints).values() if any(folder.checkpoints.glob("*.mpt")) else ()
    ):
        read_checkpoint(path)
    for part in [*folder.metrics.glob("part-*"), *folder.episodes.glob("part-*")]:
        pq.read_table(part)
    trainer = echo_trainer(EPOCHS)
    load_trainer_state(folder.trainer_state, trainer)
    return trainer.progress.epoch


def main(data_dir: Path) -> None:
    """Kill and resume, then finish and compare with a run that nobody disturbed."""
    torch.set_num_threads(1)
    moments = random.Random(0)
    folder = RunFolder(data_dir, "killed")
    with folder.lock():
        pass
    before = 0
    for kill in range(NUM_KILLS):
        reached = max(before, killed_session(folder, moments.randint(0, 6), moments.uniform(0.0, 0.03)))
        saved = saved_epoch(folder)
        assert saved > reached - INTERVAL, f"kill {kill}: {reached} epochs were done, {saved} are left"
        assert saved >= before, f"kill {kill}: went back from {before} to {saved}"
        before = saved
    assert before > NUM_KILLS, f"the sessions hardly came anywhere: {before}"
    last = before + 2 * INTERVAL + 1
    sink = os.open(os.devnull, os.O_WRONLY)
    finished = train(folder, sink, last)
    undisturbed = train(RunFolder(data_dir, "undisturbed"), sink, last)
    assert torch.equal(weights(finished), weights(undisturbed))
    assert metric_epochs(folder) == list(range(1, last + 1)), "metrics have gaps or doubles"


def metric_epochs(folder: RunFolder) -> list[int]:
    """The epochs whose loss is in the metrics, in the order of the parts."""
    tables = [
        pq.read_table(part, columns=["epoch", "name"]) for part in sorted(folder.metrics.glob("part-*"))
    ]
    rows = [row for table in tables for row in table.to_pylist()]
    return [row["epoch"] for row in rows if row["name"] == "loss/total"]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
