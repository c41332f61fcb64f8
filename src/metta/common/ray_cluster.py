"""Joins a Ray cluster, or makes one on this machine that nobody else reaches."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def connect(ray: Any, address: str | None, num_cpus: int | None, **settings: Any) -> None:
    """Join a cluster, or make one that nobody else reaches.

    Args:
        ray: the package, which is optional.
        address: of a running cluster; None makes one, even if another one runs on this machine.
        num_cpus: of a cluster of our own; None = as many as there are.
        settings: more of `ray.init`.
    """
    if ray.is_initialized():
        return
    if address is not None:
        ray.init(address=address, **settings)
        return
    # Ray lets workers make way for everything else on the machine; a training is no background job.
    os.environ.setdefault("RAY_worker_niceness", "0")
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    with _only_here(ray):
        ray.init(address="local", num_cpus=num_cpus, include_dashboard=False, **settings)


@contextmanager
def _only_here(ray: Any) -> Iterator[None]:
    """Let Ray listen at 127.0.0.1 alone, as it does on macOS.

    On Linux it takes 127.0.0.1 for "the address that others reach", and with any other address it listens at all.
    """
    constants = ray._private.ray_constants
    before, constants.ENABLE_RAY_CLUSTER = constants.ENABLE_RAY_CLUSTER, False
    try:
        yield
    finally:
        constants.ENABLE_RAY_CLUSTER = before
