"""The viewer's page in a real browser: a browser for each file of tests, a server and a page for each test.

Playwright's event loop runs in the test's thread; it ends with the file, as tests beside these run loops of their own.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.server.page_build import find_page
from mettascope.server.page_files import PageFiles
from mettascope.server.serve import serve_in_thread
from mettascope.viewer import Viewer

PATIENCE = 60_000  # milliseconds; a busy machine is no failure, and the first page waits for a cold browser
_PAUSE = 20  # milliseconds between two looks
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# WebGL without a graphics card.
_ARGUMENTS = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
_PICTURES = Path(__file__).parents[2] / "build" / "page-pictures"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = [os.environ["METTA_BROWSER"]] if "METTA_BROWSER" in os.environ else _BROWSERS
    program = next((path for path in map(shutil.which, names) if path), None)
    assert program, "the tests of the page need Chromium; ./metta test installs it where it can"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_ARGUMENTS, "--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page_files() -> PageFiles:
    return PageFiles(find_page())


class Scope:
    """A server with its branches, and pages that look at it. Whatever a page complains of fails the test."""

    def __init__(self, browser: Browser, branches: Branches, url: str, watch_url: str) -> None:
        self.branches, self.url, self.watch_url = branches, url, watch_url
        self.complaints: list[str] = []
        self._browser = browser

    @contextmanager
    def page(self, url: str | None = None, width: int = 1280, height: int = 720) -> Iterator[Page]:
        """A page that shows what the server shows."""
        context = self._browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url or self.url)
        page.wait_for_selector("[data-tick]")
        yield page
        context.close()

    def wait_for_tick(self, page: Page, tick: int) -> None:
        """Waits until a page has drawn a tick."""
        page.wait_for_selector(f'.map[data-tick="{tick}"]')

    def wait_until(self, page: Page, expression: str) -> None:
        """Waits until an expression is true in the page. (Playwright's own way is against the page's policy.)"""
        for _ in range(PATIENCE // _PAUSE):
            if page.evaluate(expression):
                return
            page.wait_for_timeout(_PAUSE)
        pytest.fail(f"never came true: {expression}")

    def picture(self, page: Page, name: str) -> None:
        """Keeps a picture of the page in build/page-pictures, for people."""
        _PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=_PICTURES / f"{name}.png")


@pytest.fixture
def scope(browser: Browser, page_files: PageFiles) -> Iterator[Scope]:
    branches = Branches()
    with serve_in_thread(create_app(Viewer(branches)), page_files) as running:
        tokens = running.tokens
        scope = Scope(browser, branches, running.url(tokens.control), running.url(tokens.watch))
        yield scope
    assert scope.complaints == []
