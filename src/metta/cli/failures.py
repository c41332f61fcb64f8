"""Who is to blame for an exception, what to say about it and which exit code it means."""

import errno
import linecache
import sys
import sysconfig
import traceback
from pathlib import Path
from types import TracebackType

from metta.common.errors import EXIT_BUG, EXIT_MACHINE, EXIT_USER, CommandError

_OWN_PACKAGES = ("metta", "mettagrid", "mettascope")
_MACHINE_ERRNOS = {
    getattr(errno, name)
    for name in (
        "ENOSPC",
        "EDQUOT",
        "EACCES",
        "EPERM",
        "EROFS",
        "EMFILE",
        "ENFILE",
        "EADDRINUSE",
        "ENOMEM",
        "EIO",
    )
}
_WRONG_PATH = (FileNotFoundError, IsADirectoryError, NotADirectoryError, FileExistsError)


def exit_code(error: BaseException) -> int:
    """Return the exit code for an exception that ended a command."""
    if isinstance(error, CommandError):
        return error.exit_code
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return EXIT_MACHINE
    if isinstance(error, OSError) and error.errno in _MACHINE_ERRNOS:
        return EXIT_MACHINE
    if isinstance(error, _WRONG_PATH) or _is_refusal(error) or not _is_ours(error):
        return EXIT_USER
    return EXIT_BUG


def describe(error: BaseException) -> str:
    """Say in one line what went wrong; the place is added where the message alone would not help."""
    if isinstance(error, CommandError) or _is_refusal(error):
        return one_line(_message(error))
    text = f"{type(error).__name__}: {_message(error)}"
    if isinstance(error, OSError | MemoryError):
        return one_line(_message(error)) or type(error).__name__
    file, line = _place(error)
    return one_line(f"{text} ({file}, line {line})")


def unexpected_error(error: BaseException) -> BaseException | None:
    """Return what the user's own program raised and needs its traceback; None for a mistake that is told."""
    raised = error.__cause__ if isinstance(error, CommandError) else error
    return None if raised is None or isinstance(raised, OSError) or _is_refusal(raised) else raised


def describe_import_failure(module: str, error: Exception) -> str | None:
    """Say in one line why a user's module cannot be imported; None if it is a module of ours that fails."""
    if isinstance(error, SyntaxError) and error.filename:
        if _is_own_file(error.filename):
            return None
        return one_line(
            f"{module} cannot be read: {error.msg} ({_short(error.filename)}, line {error.lineno})"
        )
    if _is_ours(error) and not _is_refusal(error):
        return None
    file, line = _place(error)
    return one_line(
        f"{module} cannot be imported: {type(error).__name__}: {_message(error)} ({file}, line {line})"
    )


def one_line(text: str) -> str:
    """Put a message on one line."""
    return " ".join(text.split())


def _message(error: BaseException) -> str:
    explain = getattr(sys.modules.get("mettagrid.config.base"), "explain", None)
    if explain is not None and type(error).__name__ == "ValidationError":
        return f"{getattr(error, 'title', '')}: {explain(error)}"
    return str(error)


def _is_refusal(error: BaseException) -> bool:
    """True for pydantic's errors and a ValueError raised on purpose; a ValueError out of NumPy is a bug."""
    if not isinstance(error, ValueError):
        return False
    if type(error).__name__ == "ValidationError":
        return True
    frames = _frames(error.__traceback__)
    if not frames:
        return True
    file, line = frames[-1]
    return not _is_library(file) and linecache.getline(file, line).strip().startswith("raise ")


def _is_ours(error: BaseException) -> bool:
    """True if the innermost frame that is no library's is in our packages."""
    files = [file for file, _ in _frames(error.__traceback__) if not _is_library(file)]
    return not files or _is_own_file(files[-1])


def _place(error: BaseException) -> tuple[str, int]:
    """Return file and line of the innermost frame that is no library's."""
    frames = _frames(error.__traceback__)
    outside = [frame for frame in frames if not _is_library(frame[0])] or frames
    return (_short(outside[-1][0]), outside[-1][1]) if outside else ("?", 0)


def _frames(trace: TracebackType | None) -> list[tuple[str, int]]:
    return [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]


def _is_own_file(file: str) -> bool:
    return any(Path(file).is_relative_to(root) for root in _own_roots())


def _is_library(file: str) -> bool:
    if file.startswith("<"):
        return True
    folders = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return not _is_own_file(file) and any(Path(file).is_relative_to(folder) for folder in folders)


def _own_roots() -> list[Path]:
    modules = [sys.modules[name] for name in _OWN_PACKAGES if name in sys.modules]
    return [Path(folder) for module in modules for folder in module.__path__]


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
