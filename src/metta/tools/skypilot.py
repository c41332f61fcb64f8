"""A task file for SkyPilot: machines, set-up, and torchrun on each of them. Starts nothing."""

import importlib.util
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from metta.common.errors import UserError
from metta.tools.train import TrainTool
from mettagrid.whole_file import whole_file

_GPUS = re.compile(r"([A-Za-z][A-Za-z0-9-]*):([1-9][0-9]?)")
_RUN = """\
.venv/bin/torchrun \\
  --nnodes="$SKYPILOT_NUM_NODES" --node-rank="$SKYPILOT_NODE_RANK" \\
  --nproc-per-node="$SKYPILOT_NUM_GPUS_PER_NODE" \\
  --master-addr="$(echo "$SKYPILOT_NODE_IPS" | head -n1)" --master-port=29500 \\
  -m metta {command}
"""


def describe_task(command: Sequence[str], tool: TrainTool, gpus: str, nodes: int) -> dict[str, Any]:
    """Return the task as plain data.

    Args:
        command: what `metta` is told: train, recipe, settings.
        tool: what that makes.
        gpus: kind and number of each machine, e.g. L4:4.
        nodes: machines.

    Raises:
        UserError: there is no name for the run, or the worlds cannot be dealt evenly.
    """
    found = _GPUS.fullmatch(gpus)
    if found is None:
        raise UserError(f"--gpus {gpus}: a kind and a number, e.g. L4:1 or H100:8")
    if nodes < 1:
        raise UserError(f"--nodes {nodes}: at least 1")
    if tool.run is None:
        raise UserError(
            "metta launch skypilot needs run=NAME: a machine that comes back goes on with that run"
        )
    if tool.trainer.num_ranks() > 1:
        raise UserError(
            "leave trainer.num_processes and num_gpus out: --gpus and --nodes say how many there are"
        )
    tool.training_env.worlds_of_each(nodes * int(found[2]))
    return {
        "name": re.sub(r"[^a-z0-9-]+", "-", tool.run.lower()).strip("-"),
        "workdir": ".",
        "num_nodes": nodes,
        "resources": {"accelerators": gpus},
        "setup": "./install.sh\n",
        "run": _RUN.format(command=shlex.join(command)),
    }


def check_task(task: dict[str, Any]) -> str:
    """Let SkyPilot check the task if it is installed; return what was checked.

    Raises:
        UserError: SkyPilot refuses the task.
    """
    if importlib.util.find_spec("sky") is None:
        return "its settings checked (not its form: SkyPilot is not installed)"
    import sky  # noqa: PLC0415  # pyright: ignore[reportMissingImports]

    try:
        sky.Task.from_yaml_config(dict(task))
    except ValueError as error:
        raise UserError(f"SkyPilot refuses the task: {' '.join(str(error).split())[:300]}") from error
    return "its settings and, by SkyPilot, its form checked"


def write_task(task: dict[str, Any], path: Path) -> None:
    """Write the task file."""
    with whole_file(path) as temporary:
        temporary.write_text(yaml.dump(task, Dumper=_Dumper, sort_keys=False, width=10_000))


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
