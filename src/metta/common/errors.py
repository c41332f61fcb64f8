"""Errors that end a command, and the exit code that each one means."""

EXIT_OK = 0
EXIT_BUG = 1
EXIT_USER = 2
EXIT_GUARD = 3
EXIT_MACHINE = 4
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143


class CommandError(Exception):
    """Ends the command with its message, one line on stderr: what, where, and what would be right."""

    exit_code = EXIT_USER


class UserError(CommandError, ValueError):
    """The user's mistake: a wrong name, value, file or configuration. Exit code 2."""


class GuardError(CommandError):
    """A guard stopped training, e.g. NaN in the loss; names the last good checkpoint. Exit code 3."""

    exit_code = EXIT_GUARD


class MachineError(CommandError):
    """The machine cannot do it: disk full, out of memory, port taken, compiler missing. Exit code 4."""

    exit_code = EXIT_MACHINE
