"""The names of the house commands, what each is for, and where it is."""

import importlib
from collections.abc import Sequence

HOUSE_COMMANDS = {
    "status": "versions, devices, optional parts and what is missing",
    "install": "add an optional part, e.g. metta install video",
    "test": "all tests, or what pytest is told: metta test tests/cli -k list",
    "pytest": "only the Python tests",
    "lint": "format, style, types and layers; --fix repairs what it can",
    "ci": "lint and test",
    "bench": "measure speed: metta bench sim, metta bench train",
    "render": "a replay as a picture, movie or page: metta render x.replay --out x.mp4",
    "launch": "train on other machines: metta launch ray train arena, metta launch skypilot train arena",
    "maps": "scenes that draw maps: all, one in the terminal, contact sheets: metta maps -h",
}

_FUNCTIONS = {
    "status": "metta.cli.house.status:status",
    "install": "metta.cli.house.install:install",
    "test": "metta.cli.house.checks:test",
    "pytest": "metta.cli.house.checks:run_pytest",
    "lint": "metta.cli.house.checks:lint",
    "ci": "metta.cli.house.checks:ci",
    "bench": "metta.bench:main",
    "render": "metta.cli.house.render:render",
    "launch": "metta.cli.house.launch:launch",
    "maps": "metta.cli.house.maps:maps",
}
_TELL_MORE = ("bench", "launch", "render", "maps")  # have a help of their own


def run_house_command(name: str, arguments: Sequence[str]) -> int:
    """Run a house command with the rest of the command line and return its exit code.

    Raises:
        UserError: the command refuses its arguments.
    """
    if arguments and arguments[0] in ("-h", "--help") and name not in _TELL_MORE:
        print(f"metta {name}: {HOUSE_COMMANDS[name]}")
        return 0
    # By name, so that no command pays for the imports of another.
    module, _, function = _FUNCTIONS[name].partition(":")
    return getattr(importlib.import_module(module), function)(list(arguments)) or 0
