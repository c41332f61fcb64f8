"""300 ways of asking for a file outside of the page: no byte of one."""

import socket
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.server.page_files import PageFiles
from mettascope.server.serve import Running, serve_in_thread
from mettascope.server.tokens import Right
from mettascope.viewer import Viewer
from tests.mettascope.server.asking import make_page

SECRET = b"this must not be read"
UPS = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", "....//", "..;/", "..%c0%af",
       "%uff0e%uff0e/", "./../", "..%00/", ".%2e/"]  # fmt: skip
BASES = ["/", "/assets/", "/index.html/", "/api/branches/1/", "/api/replays/"]
DEPTHS = [1, 2, 3, 6]


def forms(folder: Path) -> list[str]:
    """Addresses of secret.txt, which lies beside the page's folder, and of a file of the system."""
    climbing = [base + up * depth + "secret.txt" for base, up, depth in product(BASES, UPS, DEPTHS)]
    whole = str(folder / "secret.txt")
    quoted = whole.replace("/", "%2f")
    direct = [
        whole, f"/{whole}", f"//{whole}", f"/assets/{whole}", f"/assets/{quoted}", f"/{quoted}", f"file://{whole}",
        f"/file:{whole}", f"/%00{whole}", f"/index.html%00{whole}", f"/index.html?{whole}/../..", "/assets", "/assets/",
        "/.sources", "/link.txt", "/assets/link/secret.txt", "/..", "/../", "/.", "/%2e", "/C:\\secret.txt",
        "/..../secret.txt", "/~root/secret.txt", "/secret.txt", "//secret.txt", "/etc/passwd", "/%2fetc%2fpasswd",
    ]  # fmt: skip
    return [*climbing, *direct]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    make_page(tmp_path / "page")
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "page" / ".sources").write_bytes(SECRET)
    (tmp_path / "page" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "page" / "assets" / "link").symlink_to(tmp_path)
    app = create_app(Viewer(Branches()))
    with serve_in_thread(app, PageFiles(tmp_path / "page")) as running:
        yield running


def raw_get(running: Running, path: str, cookie: str) -> bytes:
    """Ask for exactly this path, which a library would tidy up."""
    host = f"127.0.0.1:{running.address.port}"
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.address.port), timeout=30) as connection:
        connection.sendall(request.encode())
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("right", [Right.NONE, Right.CONTROL])
def test_no_form_reads_a_file_outside(running: Running, tmp_path: Path, right: Right) -> None:
    value = running.tokens.cookie_of(right) if right else "none"
    cookie = f"mettascope-{running.address.port}={value}"
    every = forms(tmp_path)
    assert len(set(every)) >= 300
    assert raw_get(running, "/index.html", cookie).startswith(b"HTTP/1.1 200")
    for path in every:
        answer = raw_get(running, path, cookie)
        assert SECRET not in answer and b"root:" not in answer, path
        status = int(answer.split(b" ", 2)[1])
        # A question mark ends the path: that one is the page itself.
        assert status == 200 if path.startswith("/index.html?") else 400 <= status < 500, (path, answer[:200])
