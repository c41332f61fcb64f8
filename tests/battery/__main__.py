"""`python -m tests.battery NAME [--count N] [--seed S]`, or `tools/battery`: one part, all, or all in short."""

import argparse
import importlib
import tempfile
import time
from pathlib import Path

from tests.battery.sessions import warm

PARTS = {"kills": 100, "signals": 30, "disk": 20, "store": 20, "damage": 500, "numbers": 40, "ranks": 20}
"""Name of the module, and how often its long form breaks something."""
SHORT = {"kills": 10, "signals": 4, "store": 1, "damage": 60, "numbers": 5, "ranks": 2}
"""What every commit is tried with; `disk` needs root."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools/battery", description=__doc__)
    parser.add_argument("name", choices=[*PARTS, "all", "short"])
    parser.add_argument("--count", type=int, default=None, help="how often; without it, the long form")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warm()
    chosen = {"all": PARTS, "short": SHORT}.get(options.name, {options.name: PARTS.get(options.name, 0)})
    for name, usual in chosen.items():
        module, began = importlib.import_module(f"tests.battery.{name}"), time.monotonic()
        with tempfile.TemporaryDirectory(prefix="battery-", dir=_memory()) as folder:
            told = module.run(options.count or usual, options.seed, Path(folder))
        print(f"{name}: {told} ({time.monotonic() - began:.0f} s)", flush=True)


def _memory() -> str | None:
    """Return a folder in memory if there is one: killing processes needs no disk, and waiting for it takes long."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    main()
