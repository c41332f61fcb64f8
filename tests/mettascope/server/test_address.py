"""Which Host headers name the server."""

import pytest

from mettascope.server.address import Address


@pytest.mark.parametrize(
    ("bound", "local", "served", "refused"),
    [
        ("127.0.0.1", "127.0.0.1", ["127.0.0.1:5", "localhost:5"], ["10.0.0.7:5", "box:5"]),
        ("10.0.0.7", "10.0.0.7", ["10.0.0.7:5", "127.0.0.1:5"], ["10.0.0.8:5"]),
        ("0.0.0.0", "10.0.0.7", ["10.0.0.7:5", "127.0.0.1:5"], ["10.0.0.8:5", "0.0.0.0:5", "evil.example:5"]),
        ("::", "::ffff:10.0.0.7", ["10.0.0.7:5", "[::1]:5"], ["[::]:5", "10.0.0.8:5"]),
        ("::", "fe80::2", ["[fe80::2]:5"], ["[fe80::3]:5", "fe80::2:5"]),
    ],
)
def test_addresses(bound: str, local: str, served: list[str], refused: list[str]) -> None:
    address = Address(bound, 5)
    assert all(address.is_ours(host, local) for host in served)
    assert not any(address.is_ours(host, local) for host in refused)
    assert address.is_local == (bound == "127.0.0.1")


def test_further_names() -> None:
    address = Address("127.0.0.1", 5, ("Lab.example", "tunnel.example:443"))
    assert {"lab.example:5", "tunnel.example:443"} < address.hosts()
    assert not {"lab.example", "tunnel.example:5", "lab.example:443"} & address.hosts()
    assert "localhost" in Address("127.0.0.1", 80).hosts()
