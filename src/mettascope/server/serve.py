"""Serves the viewer from this process: where it listens, what it prints, how it ends. Knows nothing of worlds."""

import contextlib
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from metta.common.errors import MachineError, UserError
from mettascope.server.address import Address
from mettascope.server.connection import SECONDS_TO_CLOSE, ViewerConnection
from mettascope.server.guard import Guard, Limits
from mettascope.server.page_files import PageFiles
from mettascope.server.tokens import Tokens

USUAL_PORT = 8765
_SEND_BUFFER_BYTES = 256 * 1024


@dataclass(frozen=True)
class ServerSettings:
    """How the viewer is served.

    Args:
        host: the address to listen at; the default is for this machine only.
        port: None: the usual one, or any free one while that is taken. 0: any free one.
        names: further names under which visitors may reach it, as "name" or "name:port", e.g. of a tunnel.
        open_browser: open the page in a browser, where there is one.
        limits: how much it takes from visitors.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    names: tuple[str, ...] = ()
    open_browser: bool = True
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Running:
    """A server on its way: where it listens, and its secrets."""

    address: Address
    tokens: Tokens
    guard: Guard

    def url(self, token: str) -> str:
        """Return the address to open. The token stands behind #: browsers send that part to nobody."""
        return f"{self.address.origin()}/#token={token}"


def serve(app: ASGIApp, page: PageFiles, settings: ServerSettings) -> int:
    """Serve until a signal says stop; return the exit code that it means: 130 for Ctrl-C, 143 for SIGTERM.

    Raises:
        MachineError: the port is taken, or the address is not one of this machine.
        UserError: the host is no address.
    """
    with _listening(settings) as listener:
        running, server = _make_server(app, page, settings, listener)
        server.when_started = lambda: _welcome(running, settings.open_browser)
        server.run_at(listener)
        return server.exit_code


@contextlib.contextmanager
def serve_in_thread(
    app: ASGIApp, page: PageFiles, settings: ServerSettings | None = None
) -> Iterator[Running]:
    """Serve from a thread while the block runs, without a word and without a browser; at a free port by default."""
    settings = settings or ServerSettings(port=0)
    with _listening(settings) as listener:
        running, server = _make_server(app, page, settings, listener)
        is_decided = threading.Event()
        server.when_started = is_decided.set

        def run() -> None:
            try:
                server.run_at(listener)
            finally:
                is_decided.set()

        thread = threading.Thread(target=run, name="mettascope", daemon=True)
        thread.start()
        try:
            is_decided.wait()
            if not server.started:
                raise RuntimeError("the viewer's server did not start")
            yield running
        finally:
            server.should_exit = True
            thread.join()


def has_browser() -> bool:
    """Return whether a browser with windows can be opened here; a text browser would take the terminal."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    if os.environ.get("SSH_CONNECTION"):
        return False
    with contextlib.suppress(webbrowser.Error):
        webbrowser.get()
        return True
    return False


class _Server(uvicorn.Server):
    """A server that remembers which signal ended it, where uvicorn's own would send it again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.when_started = lambda: None
        self.exit_code = 0

    def run_at(self, listener: socket.socket) -> None:
        """Serve at this socket until somebody says stop."""
        try:
            self.run(sockets=[listener])
        except SystemExit:  # what uvicorn does when the application cannot begin; it has logged why
            raise RuntimeError("the viewer's application did not start") from None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = (signal.SIGINT, signal.SIGTERM)
        previous = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.exit_code = 128 + number
        self.handle_exit(number, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.when_started()


def _make_server(
    app: ASGIApp, page: PageFiles, settings: ServerSettings, listener: socket.socket
) -> tuple[Running, _Server]:
    host, port = listener.getsockname()[:2]
    names = settings.names if host == settings.host else (settings.host, *settings.names)
    address = Address(host, port, names)
    tokens = Tokens()
    guard = Guard(app, page, tokens, address, settings.limits)
    config = uvicorn.Config(
        guard,
        loop="asyncio",
        http="h11",
        ws=ViewerConnection,
        ws_max_size=settings.limits.max_message_bytes,
        ws_ping_interval=settings.limits.ping_interval_s,
        ws_ping_timeout=settings.limits.ping_interval_s,
        ws_per_message_deflate=False,  # with thousands of clients its windows take gigabytes
        limit_concurrency=settings.limits.max_websockets + 100,
        proxy_headers=False,  # nobody may say who he is by a header
        server_header=False,
        log_config=None,
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE + 1,
    )
    return Running(address, tokens, guard), _Server(config)


@contextlib.contextmanager
def _listening(settings: ServerSettings) -> Iterator[socket.socket]:
    _allow_files(settings.limits.max_websockets + 200)
    listener = _bind(settings)
    try:
        # Connections inherit it. What the system holds for a slow reader is old when it arrives.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        yield listener
    finally:
        listener.close()


def _allow_files(wanted: int) -> None:
    """Let this process have so many open files, as far as it may: every connection is one."""
    if os.name == "posix":
        import resource  # noqa: PLC0415 - elsewhere there is none

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _bind(settings: ServerSettings) -> socket.socket:
    port = USUAL_PORT if settings.port is None else settings.port
    try:
        return _bind_port(settings.host, port)
    except OSError as error:
        if settings.port is not None:
            raise MachineError(f"cannot listen at {settings.host}, port {port}: {error.strerror}") from None
    try:
        listener = _bind_port(settings.host, 0)
    except OSError as error:
        raise MachineError(f"cannot listen at {settings.host}: {error.strerror}") from None
    print(f"port {port} is taken; another one is used", file=sys.stderr, flush=True)
    return listener


def _bind_port(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise UserError(f"host={host}: there is no such address; 127.0.0.1 is this machine only") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
    except OSError:
        listener.close()
        raise
    return listener


def _announce(running: Running) -> None:
    if not running.address.is_local:
        print(
            f"warning: whoever reaches {running.address.origin()} and has a token can use this viewer, and nothing is "
            "encrypted on the way: only for networks that you trust; elsewhere use an SSH tunnel",
            file=sys.stderr,
        )
    print(f"watch and control: {running.url(running.tokens.control)}")
    print(f"only watch:        {running.url(running.tokens.watch)}", flush=True)


def _welcome(running: Running, open_browser: bool) -> None:
    _announce(running)
    if open_browser and has_browser():
        # All users of a machine can read a program's arguments; this token works once.
        url = running.url(running.tokens.ticket())
        # From a thread: some browsers come back only when they are closed.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
