"""When a clone builds the page, and what it says if it cannot. A small program stands for npm."""

import os
import sys
from pathlib import Path

import pytest

from metta.common.errors import EXIT_MACHINE, MachineError
from mettascope.server import page_build
from mettascope.server.page_build import built_page, find_page, sources_fingerprint

NPM = f"""#!{sys.executable}
import os, sys
from pathlib import Path
with open("npm_calls.txt", "a") as calls:
    calls.write(" ".join(sys.argv[1:3]) + "\\n")
if os.environ.get("NPM_FAILS") == sys.argv[1]:
    sys.exit("npm said why")
if sys.argv[1] == "ci":
    Path("node_modules").mkdir(exist_ok=True)
    Path("node_modules/.package-lock.json").write_text("{{}}")
else:
    out = Path(sys.argv[sys.argv.index("--outDir") + 1])
    out.mkdir()
    (out / "index.html").write_text("built from " + Path("src/main.ts").read_text())
"""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    web = tmp_path / "web"
    (web / "src").mkdir(parents=True)
    (web / "src" / "main.ts").write_text("one")
    for name in ("package.json", "package-lock.json", "index.html"):
        (web / name).write_text("{}")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "npm").write_text(NPM)
    (tools / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    return web


def calls(web: Path) -> list[str]:
    file = web / "npm_calls.txt"
    return file.read_text().splitlines() if file.is_file() else []


def test_page_is_built_once_and_again_when_its_sources_change(
    web: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "build" / "page.log"
    assert built_page(web, log) == web / "dist"
    assert (web / "dist" / "index.html").read_text() == "built from one"
    assert capsys.readouterr().err == "building the viewer's page (once, about half a minute) ...\n"
    built_page(web, log)
    assert capsys.readouterr().err == ""
    assert calls(web) == ["ci --ignore-scripts", "run build"]
    (web / "src" / "main.ts").write_text("two")
    built_page(web, log)
    assert (web / "dist" / "index.html").read_text() == "built from two"
    assert calls(web)[2:] == ["run build"]
    lock = web / "package-lock.json"
    lock.write_text('{"packages": 1}')
    os.utime(lock, (2e9, 2e9))  # npm's own copy is older now
    built_page(web, log)
    assert calls(web)[3:] == ["ci --ignore-scripts", "run build"]
    assert sorted(path.name for path in web.glob("dist*")) == ["dist"]


def test_fingerprint_knows_sources_by_name_and_content_and_nothing_else(web: Path) -> None:
    first = sources_fingerprint(web)
    (web / "node_modules").mkdir()
    (web / "node_modules" / "package.json").write_text("{}")
    (web / "README.md").write_text("words")
    assert sources_fingerprint(web) == first
    (web / "src" / "main.ts").rename(web / "src" / "other.ts")
    assert sources_fingerprint(web) != first
    (web / "src" / "other.ts").rename(web / "src" / "main.ts")
    assert sources_fingerprint(web) == first
    (web / "public").mkdir()
    (web / "public" / "icon.svg").write_text("<svg/>")
    assert sources_fingerprint(web) != first


@pytest.mark.parametrize("step", ["ci", "run"])
def test_failure_names_the_log_and_keeps_the_old_page(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    log = tmp_path / "build" / "page.log"
    built_page(web, log)
    (web / "src" / "main.ts").write_text("two")
    os.utime(web / "package-lock.json", (2e9, 2e9))
    monkeypatch.setenv("NPM_FAILS", step)
    with pytest.raises(MachineError) as failure:
        built_page(web, log)
    assert failure.value.exit_code == EXIT_MACHINE
    assert str(failure.value) == f"building the viewer's page failed: {log} says why"
    assert "npm said why" in log.read_text()
    assert (web / "dist" / "index.html").read_text() == "built from one"
    assert sorted(path.name for path in web.glob("dist*")) == ["dist"]


def test_without_npm_one_line_says_what_to_install(
    web: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_page(web, tmp_path / "page.log")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert built_page(web, tmp_path / "page.log") == web / "dist"  # it is built: nobody asks for npm
    (web / "src" / "main.ts").write_text("two")
    with pytest.raises(
        MachineError, match=r"npm is not installed: install Node\.js 22 .*nodejs\.org"
    ) as failure:
        built_page(web, tmp_path / "page.log")
    assert "\n" not in str(failure.value)


def test_packed_page_is_found_where_there_is_no_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_build, "_CLONE", tmp_path)
    monkeypatch.setattr(page_build, "_PACKED", tmp_path / "page")
    with pytest.raises(MachineError, match="has no page for the browser"):
        find_page()
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("packed")
    assert find_page() == tmp_path / "page"
