"""Servers on this machine for the tests of stores: moto's S3, which can be killed, and a line to it that breaks.

Nothing here leaves 127.0.0.1.
"""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}

PAGE = 40  # keys that the server gives at a time


def free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class MotoServer:
    """An S3 server with one bucket; what it holds is gone when it is killed."""

    def __init__(self, port: int | None = None, bucket: str = "bucket") -> None:
        self.port = port or free_port()
        self.bucket = bucket
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        quiet = subprocess.DEVNULL
        environment = {**os.environ, **KEYS, "MOTO_S3_DEFAULT_MAX_KEYS": str(PAGE)}
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment)
        until = time.monotonic() + 60
        while True:
            try:
                self._make_bucket()
                return
            except OSError:
                assert self._process.poll() is None and time.monotonic() < until, "moto does not start"
                time.sleep(0.05)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _make_bucket(self) -> None:
        request = urllib.request.Request(f"{self.url}/{self.bucket}", method="PUT")
        urllib.request.urlopen(request, timeout=5).close()


Rule = Callable[[int, int], bool]
"""Of the number of a connection, and the bytes that all have sent to the server: whether this one goes on."""


class Line:
    """Passes bytes to a server; `rule` decides when a connection breaks, `answer` may take its place."""

    def __init__(self, target_port: int) -> None:
        self.rule: Rule = lambda number, sent: True
        self.answer: bytes | None = None
        self.connections = 0
        self.sent = 0
        self._target = target_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client, self.connections), daemon=True).start()

    def _serve(self, client: socket.socket, number: int) -> None:
        if self.answer is not None:
            client.recv(1 << 16)
            client.sendall(self.answer)
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except ConnectionRefusedError:  # it was killed
            client.close()
            return
        threading.Thread(target=_copy, args=(server, client, lambda count: True), daemon=True).start()
        _copy(client, server, lambda count: self._goes_on(number, count))

    def _goes_on(self, number: int, count: int) -> bool:
        self.sent += count
        return self.rule(number, self.sent)


def _copy(source: socket.socket, sink: socket.socket, may_go_on: Callable[[int], bool]) -> None:
    try:
        while (data := source.recv(1 << 16)) and may_go_on(len(data)):
            sink.sendall(data)
    except OSError:
        pass  # the other direction has closed both
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def use_bucket(port: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let stores of S3 ask at a port, and keep copies in a folder."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))


@contextmanager
def moto_server() -> Iterator[MotoServer]:
    server = MotoServer()
    try:
        yield server
    finally:
        server.kill()
