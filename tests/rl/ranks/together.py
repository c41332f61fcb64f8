"""Starts a function of the tests in several processes that train together, over gloo and a file; no port is opened."""

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import importlib, sys
import torch
rank, count, store, module, function, *arguments = sys.argv[1:]
torch.set_num_threads(1)
if int(count) > 1:
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{store}", rank=int(rank), world_size=int(count)
    )
getattr(importlib.import_module(module), function)(*arguments)
if int(count) > 1:
    torch.distributed.destroy_process_group()
"""
_ROOT = Path(__file__).parents[3]


def run_together(count: int, folder: Path, function: str, *arguments: str) -> list[str]:
    """Run `tests.rl.ranks.programs.<function>(*arguments)` as so many ranks; return what each printed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(_ROOT)}
    fixed = [str(count), str(folder / f"store{count}"), "tests.rl.ranks.programs", function, *arguments]
    ranks = [
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(rank), *fixed],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for rank in range(count)
    ]
    try:
        outputs = [rank.communicate(timeout=240) for rank in ranks]
    finally:
        for rank in ranks:
            rank.kill()
    assert [rank.returncode for rank in ranks] == [0] * count, outputs
    return [out for out, _ in outputs]
