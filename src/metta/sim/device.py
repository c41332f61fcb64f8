"""Which device computes: what `system.device` says, checked against what the machine has."""

import torch


def torch_device(name: str) -> str:
    """The device that a setting means: `auto` is CUDA where there is one, else the CPU.

    Raises:
        ValueError: the machine does not have the device.
    """
    has_cuda = torch.cuda.is_available()
    if name == "auto":
        return "cuda" if has_cuda else "cpu"
    if name.startswith("cuda"):
        index = int(name.partition(":")[2] or 0)
        if not has_cuda or index >= torch.cuda.device_count():
            raise ValueError(f"system.device={name}: this machine has no such device; use system.device=cpu")
    if name == "mps" and not torch.backends.mps.is_available():
        raise ValueError("system.device=mps: this machine has no such device; use system.device=cpu")
    return name
