"""What of a folder is served, as what, and for how long it is kept."""

import gzip
from pathlib import Path

import pytest

from mettascope.server.page_files import PageFiles
from tests.mettascope.server.asking import ask, make_page


def test_types_and_caching(tmp_path: Path) -> None:
    make_page(tmp_path)
    (tmp_path / "assets" / "style-12345678.css").write_text("body {}")
    (tmp_path / "assets" / "plain.css").write_text("body {}")
    (tmp_path / "icon-12345678.svg").write_text("<svg/>")
    (tmp_path / "tiles.png").write_bytes(b"\x89PNG")
    page = PageFiles(tmp_path)
    forever = "public, max-age=31536000, immutable"
    expected = {
        "/": ("text/html; charset=utf-8", "no-store"),
        "/index.html": ("text/html; charset=utf-8", "no-store"),
        "/assets/index-aB3_x-9z.js": ("text/javascript; charset=utf-8", forever),
        "/assets/style-12345678.css": ("text/css; charset=utf-8", forever),
        "/assets/plain.css": ("text/css; charset=utf-8", "no-store"),
        "/icon-12345678.svg": ("image/svg+xml", "no-store"),
        "/tiles.png": ("image/png", "no-store"),
    }
    for path, (kind, caching) in expected.items():
        answer = ask(page, path)
        assert (answer.status, answer.headers["content-type"], answer.headers["cache-control"]) == (
            200,
            kind,
            caching,
        )
        assert path in page
    for path in ("/assets", "/missing", "/INDEX.html", "/index.html/", "/assets//plain.css"):
        assert path not in page
        assert ask(page, path).status == 404


def test_text_is_squeezed_for_those_who_take_it(tmp_path: Path) -> None:
    page = make_page(tmp_path)
    plain = ask(page, "/")
    for accepted, squeezed in {
        "gzip, br": True,
        "br, gzip;q=1.0": True,
        "gzip;q=0": False,
        "br": False,
    }.items():
        answer = ask(page, "/", headers={"accept-encoding": accepted})
        assert (answer.headers.get("content-encoding") == "gzip") == squeezed, accepted
        assert (gzip.decompress(answer.body) if squeezed else answer.body) == plain.body
        assert int(answer.headers["content-length"]) == len(answer.body)


def test_hidden_files_and_links_are_left_out(tmp_path: Path) -> None:
    make_page(tmp_path / "page")
    (tmp_path / "page" / ".stamp").write_text("hidden")
    (tmp_path / "page" / ".git").mkdir()
    (tmp_path / "page" / ".git" / "config.txt").write_text("hidden")
    (tmp_path / "outside.txt").write_text("outside")
    (tmp_path / "page" / "link.txt").symlink_to(tmp_path / "outside.txt")
    (tmp_path / "page" / "up").symlink_to(tmp_path)
    page = PageFiles(tmp_path / "page")
    for path in ("/.stamp", "/.git/config.txt", "/link.txt", "/up/outside.txt"):
        assert path not in page


def test_folder_without_a_page_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"index\.html is missing"):
        PageFiles(tmp_path)
    make_page(tmp_path / "page")
    (tmp_path / "page" / "program.exe").write_bytes(b"MZ")
    with pytest.raises(ValueError, match=r"program\.exe: the page's server has no content type"):
        PageFiles(tmp_path / "page")
