"""Speed, measured: `metta bench sim` for the simulator, `metta bench train` for training from end to end."""

from metta.bench.main import main

__all__ = ["main"]
