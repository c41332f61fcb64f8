"""Finds the built page: in an installed package it lies beside this file; a clone builds it once, with npm."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from metta.common.errors import MachineError

_PACKED = Path(__file__).parents[1] / "page"
_CLONE = Path(__file__).parents[3]
_SOURCE_FOLDERS = ("src", "public")
_SOURCE_SUFFIXES = {".json", ".ts", ".html"}
_STAMP = ".sources"


def find_page() -> Path:
    """Return the folder of the built page; a clone builds it first where it is missing or older than its sources.

    Raises:
        MachineError: npm is missing, or building failed.
    """
    web = _CLONE / "web"
    if (web / "package.json").is_file() and (_CLONE / "pyproject.toml").is_file():
        return built_page(web, _CLONE / "build" / "page.log")
    if (_PACKED / "index.html").is_file():
        return _PACKED
    raise MachineError(f"this installation of Metta has no page for the browser: {_PACKED} is missing")


def built_page(web: Path, log: Path) -> Path:
    """Return `web/dist`, built anew if it does not come from the sources that are there.

    Raises:
        MachineError: npm is missing, or building failed; `log` tells what the programs said.
    """
    dist, wanted = web / "dist", sources_fingerprint(web)
    if _stamp_of(dist) == wanted:
        return dist
    with _alone(log):
        if _stamp_of(dist) != wanted:  # else another program has built it meanwhile
            _build(web, dist, wanted, log)
    return dist


@contextmanager
def _alone(log: Path) -> Iterator[None]:
    """Waits until no other program builds the page."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(web: Path, dist: Path, stamp: str, log: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise MachineError(
            "the viewer's page has to be built once, and npm is not installed: "
            "install Node.js 22 or newer (https://nodejs.org) and run this again"
        )
    print("building the viewer's page (once, about half a minute) ...", file=sys.stderr, flush=True)
    log.write_bytes(b"")
    if not _is_installed(web):
        # Without scripts: what is fetched runs nothing on this machine before we call it.
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], web, log)
    fresh = web / f"dist.{os.getpid()}"
    try:
        _run([npm, "run", "build", "--", "--outDir", fresh.name, "--emptyOutDir"], web, log)
        (fresh / _STAMP).write_text(stamp)
        shutil.rmtree(dist, ignore_errors=True)
        fresh.rename(dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def sources_fingerprint(web: Path) -> str:
    """Return a hash of all files that the page is built from, with their names."""
    digest = hashlib.sha256()
    for path in _sources(web):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(web).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(web: Path) -> Iterator[Path]:
    yield from sorted(path for path in web.iterdir() if path.suffix in _SOURCE_SUFFIXES and path.is_file())
    for folder in _SOURCE_FOLDERS:
        yield from sorted(path for path in (web / folder).rglob("*") if path.is_file())


def _stamp_of(dist: Path) -> str | None:
    stamp = dist / _STAMP
    return stamp.read_text() if stamp.is_file() and (dist / "index.html").is_file() else None


def _is_installed(web: Path) -> bool:
    """Npm writes its own copy of the lock file last."""
    lock, installed = web / "package-lock.json", web / "node_modules" / ".package-lock.json"
    return installed.is_file() and (not lock.is_file() or installed.stat().st_mtime >= lock.stat().st_mtime)


def _run(command: Sequence[str], web: Path, log: Path) -> None:
    with log.open("ab") as output:
        done = subprocess.run(
            command, cwd=web, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise MachineError(f"building the viewer's page failed: {log} says why")
