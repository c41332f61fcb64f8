"""The same training as workers of a Ray cluster, on one machine or many: Ray Train starts them and joins them.

Nothing is reported to anybody, no dashboard is started, and a cluster of our own is on the loopback device.
"""

import importlib.util
import os
from pathlib import Path
from typing import Any

from metta.common.errors import EXIT_OK, CommandError, MachineError, UserError
from metta.common.ray_cluster import connect
from metta.rl.ranks import LostRanksError
from metta.tools.packed import pack_tool, unpack_tool
from metta.tools.train import TrainTool, automatic_run_name


def train_on_ray(tool: TrainTool, address: str | None = None) -> int:
    """Train with a worker for each process that the tool's settings ask for; return the exit code.

    Args:
        tool: its `system.data_dir` must be the same folder on all machines.
        address: of a running cluster; None makes one on this machine.

    Raises:
        UserError: Ray is not installed, or the settings are wrong.
        MachineError: a worker was lost; the run goes on by the same command.
    """
    count = tool.trainer.num_ranks()
    tool.training_env.worlds_of_each(count)
    ray, ray_train = _import_ray()
    tool.run = tool.run or automatic_run_name()
    tool.system.data_dir = str(Path(tool.system.data_dir).resolve())  # workers start elsewhere
    with_gpus = tool.trainer.num_gpus > 0
    # One logical core for each worker and for the controller, however few there are.
    connect(ray, address, None if with_gpus else count + 1)
    try:
        trainer = ray_train.torch.TorchTrainer(
            _work,
            train_loop_config={"tool": pack_tool(tool)},
            torch_config=ray_train.torch.TorchConfig(
                backend="cpu:gloo,cuda:nccl" if with_gpus else "gloo",
                timeout_s=int(tool.trainer.ranks_timeout_s),
            ),
            scaling_config=ray_train.ScalingConfig(num_workers=count, use_gpu=with_gpus),
            run_config=ray_train.RunConfig(
                name="ray", storage_path=str(Path(tool.system.data_dir) / tool.run)
            ),
        )
        trainer.fit()
    except ray_train.base_trainer.TrainingFailedError as error:
        raise _reason(error, tool.run) from error
    finally:
        ray.shutdown()
    return EXIT_OK


def _import_ray() -> tuple[Any, Any]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_TRAIN_ENABLE_V2_MIGRATION_WARNINGS", "0")
    if importlib.util.find_spec("ray") is None:
        raise UserError("metta launch ray needs Ray: pip install 'metta[ray]'")
    try:
        import ray  # noqa: PLC0415
        import ray.train.base_trainer  # noqa: PLC0415
        import ray.train.torch  # noqa: PLC0415
    except ImportError as error:
        raise UserError(f"metta launch ray needs Ray Train ({error}): pip install 'metta[ray]'") from None
    return ray, ray.train


def _work(config: dict[str, Any]) -> None:
    """What each worker does; Ray has set its rank and joined it with the others."""
    tool = unpack_tool(config["tool"])
    code = tool.invoke() or EXIT_OK
    if code != EXIT_OK:
        raise MachineError(f"the training ended with exit code {code}")


def _reason(error: Any, run: str) -> CommandError:
    """Return why it failed: what a worker said, unless that is only that others are gone."""
    failures = sorted(getattr(error, "worker_failures", {}).items())
    causes = [(rank, getattr(failure, "base_exc", failure)) for rank, failure in failures]
    told = [cause for _, cause in causes if isinstance(cause, CommandError)]
    for cause in told:
        if not isinstance(cause, LostRanksError):
            return cause
    first = next(((rank, cause) for rank, cause in causes if not isinstance(cause, CommandError)), None)
    who = (
        f"rank {first[0]}: {' '.join(str(first[1]).split())[:200]}"
        if first
        else " ".join(str(error).split())[:200]
    )
    return MachineError(f"run {run}: {who}; the same command goes on from what was saved last")
