"""The `metta` command: reads the command line, hands it on, and makes of errors a line and an exit code.

What a command does not need is not imported: `--list` and house commands start without pydantic and PyTorch.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from metta.cli.command import Command, parse_command
from metta.cli.failures import describe, exit_code, unexpected_error
from metta.cli.house.commands import HOUSE_COMMANDS, run_house_command
from metta.common.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_TERMINATED, UserError

_EXIT_BROKEN_PIPE = 141

USAGE = """\
Metta: train, measure and watch agents that learn to cooperate.

  metta TOOL RECIPE [key=value ...]      run a tool of a recipe, e.g. metta train arena run=first
  metta MODULE.FUNCTION [key=value ...]  the same by name: arena.train, recipes.prod.arena.train, my_file.task

  --list        all recipes; `metta train --list`: those that train; `metta arena --list`: what arena can do
  -h, --help    this text; `metta train arena -h`: all arguments and settings with their defaults
  --dry-run     check the settings and print all of them as YAML
  -v, --verbose tell how the settings were understood and what differs from the defaults; full errors
  --json        lists, tables and settings as JSON

"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (`sys.argv` if None) and return its exit code. Never raises."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    return guarded(lambda: _dispatch(typed), with_traceback=bool({"-v", "--verbose"} & set(typed)))


def guarded(command: Callable[[], int], with_traceback: bool = False) -> int:
    """Run a command and return its exit code; whatever it raises becomes one line and another code."""
    signal.signal(signal.SIGTERM, _exit_on_terminate)
    # So that experiments/user/my_tasks.py is found; last, so that a file of the user never hides a package.
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        code = command()
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("metta: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Who read our output is gone (metta --list | head); Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_BROKEN_PIPE
    # The border to the user: nothing may leave as a bare traceback.
    except Exception as error:
        return _report(error, with_traceback)


def _dispatch(typed: Sequence[str]) -> int:
    if typed and typed[0] in HOUSE_COMMANDS:
        return run_house_command(typed[0], typed[1:])
    command = parse_command(typed)
    if command.has("list"):
        return _list(command)
    if not command.words:
        if command.settings:
            raise UserError("which tool? metta TOOL RECIPE key=value; metta --list shows what there is")
        print(
            USAGE
            + "House commands:\n"
            + "".join(f"  metta {name:9}{line}\n" for name, line in HOUSE_COMMANDS.items())
        )
        return EXIT_OK
    return _help(command) if command.has("help") else _execute(command)


def _list(command: Command) -> int:
    from metta.cli.listing import list_recipes  # noqa: PLC0415

    list_recipes(command.words, command.has("json"))
    return EXIT_OK


def _help(command: Command) -> int:
    from metta.cli.helping import print_help  # noqa: PLC0415

    print_help(command.words, command.has("json"))
    return EXIT_OK


def _execute(command: Command) -> int:
    from metta.cli.execute import execute  # noqa: PLC0415

    return execute(command)


def _report(error: Exception, with_traceback: bool) -> int:
    code = exit_code(error)
    if code == EXIT_BUG:
        traceback.print_exception(error)
        print("metta: this is a bug in Metta; please report it with the lines above", file=sys.stderr)
        return code
    if with_traceback and (unexpected := unexpected_error(error)):
        traceback.print_exception(unexpected)
    print(f"metta: {describe(error)}", file=sys.stderr)
    return code


def _exit_on_terminate(number: int, frame: FrameType | None) -> None:
    sys.exit(EXIT_TERMINATED)
