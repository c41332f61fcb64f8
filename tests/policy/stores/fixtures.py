"""A server of S3 and the way to it: conftests name what their folder uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.stores.servers import Line, MotoServer, moto_server, use_bucket


@pytest.fixture(scope="session")
def moto() -> Iterator[MotoServer]:
    with moto_server() as server:
        yield server


@pytest.fixture
def line(moto: MotoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """The way to the server that every store of the test takes."""
    line = Line(moto.port)
    use_bucket(line.port, tmp_path, monkeypatch)
    yield line
    line.close()
