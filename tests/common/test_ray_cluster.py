"""Which cluster is joined or made; that one can be made is tested where something runs on it."""

from types import SimpleNamespace
from typing import Any

import pytest

from metta.common.ray_cluster import connect


def settings_of(address: str | None, is_initialized: bool = False) -> list[dict[str, Any]]:
    """What `ray.init` is told, and whether Ray thinks then that others reach it."""
    told: list[dict[str, Any]] = []
    constants = SimpleNamespace(ENABLE_RAY_CLUSTER=True)

    def init(**settings: Any) -> None:
        told.append({**settings, "for others": constants.ENABLE_RAY_CLUSTER})

    private = SimpleNamespace(ray_constants=constants)
    ray = SimpleNamespace(is_initialized=lambda: is_initialized, init=init, _private=private)
    connect(ray, address, 3, log_to_driver=False)
    assert constants.ENABLE_RAY_CLUSTER
    return told


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RAY_worker_niceness", "GLOO_SOCKET_IFNAME"):
        monkeypatch.setenv(name, "as it was")


def test_a_cluster_of_our_own_is_on_the_loopback_device_even_if_another_one_runs() -> None:
    (told,) = settings_of(None)
    assert told == {
        "address": "local",
        "num_cpus": 3,
        "include_dashboard": False,
        "log_to_driver": False,
        "for others": False,
    }


def test_a_named_cluster_is_joined_as_it_is() -> None:
    assert settings_of("host:6379") == [{"address": "host:6379", "log_to_driver": False, "for others": True}]


def test_who_has_joined_stays() -> None:
    assert settings_of(None, is_initialized=True) == []
