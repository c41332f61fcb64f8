"""What a real browser makes of the guard: other pages get nothing, names are text, nothing comes from elsewhere."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page
from starlette.types import ASGIApp, Receive, Scope, Send

from mettagrid.builder.envs import make_arena
from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.server.page_files import PageFiles
from mettascope.server.serve import Running, serve_in_thread
from mettascope.viewer import Viewer

GAME = make_arena(num_agents=6, max_steps=50)
MARKUP = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'

# Whatever a page of another address may try with a browser that has our cookie. Tells what it was answered.
ATTACK = """async (origin) => {
  const answers = [];
  const report = (what) => (answer) => answers.push(what + ": " + answer);
  const opened = (url) => new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("refused");
  });
  const loaded = (tag, url) => new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = () => resolve("loaded");
    element.onerror = () => resolve("refused");
    element.src = url;
    document.body.append(element);
  });
  const asked = (url, options) => fetch(url, { credentials: "include", ...options })
    .then((answer) => answer.type + " " + answer.status, () => "refused");
  const replay = origin + "/api/branches/1/replay";
  report("websocket")(await opened(origin.replace("http", "ws") + "/ws"));
  report("image")(await loaded("img", origin + "/api/branches/1/atlas.png"));
  report("script")(await loaded("script", replay));
  report("read")(await asked(replay));
  await asked(replay, { mode: "no-cors" });
  report("write")(await asked(origin + "/api/replays", { method: "POST", body: "x" }));
  await asked(origin + "/api/replays", { method: "POST", mode: "no-cors", body: "x" });
  report("session")(await asked(origin + "/session", { method: "POST", body: '{"token":"x"}' }));
  return answers;
}"""


class Counting:
    """Stands before an application and notes what reaches it."""

    def __init__(self, app: ASGIApp) -> None:
        self.reached: list[str] = []
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            self.reached.append(scope["path"])
        await self._app(scope, receive, send)


@pytest.fixture
def counting() -> Counting:
    branches = Branches()
    branches.begin(GAME, "mock://random", seed=1, title=MARKUP)
    return Counting(create_app(Viewer(branches)))


@pytest.fixture
def running(counting: Counting, page_files: PageFiles) -> Iterator[Running]:
    with serve_in_thread(counting, page_files) as running:
        yield running


@pytest.fixture
def other_origin() -> Iterator[str]:
    """Somebody else's page on another port of this machine: to cookies the same site."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><body>somebody else's")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    """A page of ours that has exchanged its token."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(running.url(running.tokens.control))
    page.wait_for_selector("[data-tick]")
    yield page
    context.close()


def test_page_of_another_port_gets_nothing_although_its_requests_carry_our_cookie(
    page: Page, running: Running, counting: Counting, other_origin: str
) -> None:
    ours = page.evaluate(ATTACK, running.address.origin())
    assert "websocket: open" in ours
    assert "read: basic 200" in ours
    assert "image: loaded" in ours
    other = page.context.new_page()
    other.goto(other_origin)
    page.close()
    counting.reached.clear()
    theirs = other.evaluate(ATTACK, running.address.origin())
    assert len(theirs) == 6
    assert all(answer.endswith(": refused") for answer in theirs), theirs
    assert counting.reached == []


def test_page_cannot_be_framed(page: Page, running: Running, other_origin: str) -> None:
    other = page.context.new_page()
    other.goto(other_origin)
    other.set_content(f'<iframe src="{running.address.origin()}/"></iframe>')
    frame = other.frames[-1]
    frame.wait_for_load_state()
    assert frame.url.startswith("chrome-error:")


def test_token_leaves_the_address_and_scripts_cannot_see_the_cookie(page: Page, running: Running) -> None:
    assert running.tokens.control not in page.url
    assert page.evaluate("document.cookie") == ""
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    page.reload()
    page.wait_for_selector("[data-tick]")


def test_names_are_shown_as_text(page: Page) -> None:
    shown = "[...document.querySelectorAll('*')].some((e) => e.children.length === 0 && e.textContent.includes('<img'))"
    assert page.evaluate(shown)
    assert page.evaluate("window.broken") is None


def test_policy_refuses_code_and_data_from_elsewhere(page: Page, other_origin: str) -> None:
    refused = page.evaluate(
        """async (elsewhere) => {
          const refused = [];
          document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.broken = 1";
          document.body.append(script);
          await fetch(elsewhere).catch(() => 0);
          const image = new Image();
          await new Promise((resolve) => { image.onerror = resolve; image.src = elsewhere + "/x.png"; });
          const frame = document.createElement("iframe");
          frame.src = elsewhere;
          document.body.append(frame);
          for (let i = 0; i < 500 && refused.length < 4; i++) await new Promise((done) => setTimeout(done, 20));
          return refused.sort();
        }""",
        other_origin,
    )
    assert refused == ["connect-src", "frame-src", "img-src", "script-src-elem"]
    assert page.evaluate("window.broken") is None
