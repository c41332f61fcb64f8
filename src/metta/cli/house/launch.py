"""`metta launch ray|skypilot [options] train RECIPE key=value ...`: the same training on other machines."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from metta.cli.command import parse_command
from metta.cli.house.commands import HOUSE_COMMANDS
from metta.cli.resolve import resolve
from metta.common.classify import build_tool, classify
from metta.common.errors import EXIT_OK, UserError

_EPILOG = """\
  metta launch ray train arena run=mine trainer.num_processes=2
  metta launch ray --address HOST:6379 train arena run=mine trainer.num_gpus=8 system.data_dir=/shared/runs
  metta launch skypilot --gpus L4:4 --nodes 2 --out mine.yaml train arena run=mine

What follows `train` is what `metta train` takes. docs/scale.md tells more.
"""


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as a UserError."""
        raise UserError(f"metta launch: {message}; metta launch -h tells how")


def launch(arguments: Sequence[str]) -> int:
    """Train on a Ray cluster, or write a task file for SkyPilot; return the exit code.

    Raises:
        UserError: wrong arguments, wrong settings, or what is needed is not installed.
    """
    parser = _parser()
    if not arguments or arguments[0] in ("-h", "--help"):
        parser.print_help()
        return EXIT_OK
    asked = parser.parse_args(list(arguments))
    command = parse_command(asked.command)
    target = resolve(command.words)
    tool = build_tool(target, classify(target, command.settings))  # wrong settings are told here, not there
    from metta.tools.train import TrainTool  # noqa: PLC0415  (PyTorch)

    if not isinstance(tool, TrainTool):
        raise UserError(f"metta launch is for training; {target.name} makes a {type(tool).__name__}")
    if asked.where == "ray":
        from metta.tools.ray_launch import train_on_ray  # noqa: PLC0415

        return train_on_ray(tool, asked.address)
    from metta.tools.skypilot import check_task, describe_task, write_task  # noqa: PLC0415

    task = describe_task(asked.command, tool, asked.gpus, asked.nodes)
    checked = check_task(task)
    write_task(task, asked.out)
    print(f"wrote {asked.out}, {checked}; sky launch {asked.out} starts it")
    return EXIT_OK


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="metta launch",
        description=HOUSE_COMMANDS["launch"],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    places = parser.add_subparsers(dest="where", required=True, parser_class=_Parser)
    ray = places.add_parser("ray", help="trainer.num_processes or num_gpus workers of a Ray cluster")
    ray.add_argument("--address", help="of a running cluster; without it, one is made on this machine")
    sky = places.add_parser("skypilot", help="write a task file that sky launch takes")
    sky.add_argument("--gpus", default="L4:1", metavar="KIND:N", help="of each machine; default L4:1")
    sky.add_argument("--nodes", type=int, default=1, help="machines; default 1")
    sky.add_argument("--out", type=Path, default=Path("task.yaml"), help="file; default task.yaml")
    for place in (ray, sky):
        place.add_argument("command", nargs=argparse.REMAINDER, help="train RECIPE key=value ...")
    return parser
