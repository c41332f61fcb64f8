"""Ranks agree before they stop."""

import os
import subprocess
import sys
from pathlib import Path

import torch

from metta.rl.ranks import mean_over_ranks

PROGRAM = """
import sys
import torch
from tests.rl.runs import Listener, echo_trainer

rank, store = int(sys.argv[1]), sys.argv[2]
torch.distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
# Rank 0 hardly moves, rank 1 moves far: alone, only rank 1 would stop.
rate = (1e-6, 0.3)[rank]
listener = Listener()
echo_trainer(epochs=1, update_epochs=4, target_kl=1e-4, optimizer__learning_rate=rate).train([listener])
print(len(listener.reports[0].updates.metrics) // 4)
torch.distributed.destroy_process_group()
"""


def test_one_process_agrees_with_itself() -> None:
    values = torch.tensor([1.0, 2.0])
    assert mean_over_ranks(values) is values


def test_all_ranks_stop_after_the_same_pass(tmp_path: Path) -> None:
    """The original stopped each rank by its own divergence: the others then waited forever."""
    command = [sys.executable, "-c", PROGRAM]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    ranks = [
        subprocess.Popen(
            [*command, str(rank), str(tmp_path / "store")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for rank in range(2)
    ]
    try:
        outputs = [rank.communicate(timeout=120) for rank in ranks]
    finally:
        for rank in ranks:
            rank.kill()
    assert [rank.returncode for rank in ranks] == [0, 0], outputs
    assert [out.strip() for out, _ in outputs] == ["1", "1"]
