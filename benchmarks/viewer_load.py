"""Watch one world with many pages at once, among them some that misbehave, and measure the viewer's server.

    .venv/bin/python benchmarks/viewer_load.py --watchers 200 --seconds 60 --idle 1000

The server runs in a process of its own. One page in control asks for a step ten times a second; the delay is the time
from there until a watcher has the frame, so it includes the step itself and how busy this program is. Meanwhile others
connect and say nothing, read nothing, come without the right to, or send messages that are too long. Readers who stand
still are dropped after 40 seconds at the latest, so measure for longer. Ends with 1 if a bar is missed.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import socket
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import websockets
from websockets.asyncio.client import ClientConnection, connect

MAX_P99_S = 0.250
MAX_GROWTH_MB = 100.0
LONG_MESSAGE = "x" * 10_000_000
NUM_LONG = 10


@dataclass
class Result:
    """What was measured."""

    delays: list[float] = field(default_factory=list)
    num_bytes: int = 0
    num_steps: int = 0
    num_bad_accepted: int = 0
    num_long_accepted: int = 0
    num_frozen: int = 0
    num_frozen_left: int = 0
    rss_before_mb: float = 0.0
    rss_mb: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True)
class Place:
    """Where the server is, and what opens it."""

    origin: str
    control: str
    watch: str
    pid: int

    @property
    def url(self) -> str:
        """Of the websocket."""
        return self.origin.replace("http", "ws", 1) + "/ws"

    def cookie(self, token: str) -> str:
        """Exchange a token for a cookie."""
        request = urllib.request.Request(
            f"{self.origin}/session",
            data=json.dumps({"token": token}).encode(),
            headers={"Origin": self.origin, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return answer.headers["set-cookie"].split(";")[0]

    def connect(self, cookie: str, sock: socket.socket | None = None) -> connect:
        """Open a page's websocket."""
        return connect(
            self.url,
            origin=websockets.Origin(self.origin),
            additional_headers={"Cookie": cookie},
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=120,
            sock=sock,
        )


def main() -> int:
    """Read the command line, measure, print; 0 if all bars are met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--idle", type=int, default=1000, help="pages that are open and watch nothing")
    parser.add_argument("--frozen", type=int, default=5, help="pages that watch and read nothing")
    parser.add_argument("--bad", type=int, default=1000, help="handshakes without the right to")
    parser.add_argument("--agents", type=int, default=24)
    parser.add_argument("--hz", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=run_server, args=(arguments.agents, theirs))
    server.start()
    theirs.close()
    try:
        place = Place(*ours.recv(), pid=server.pid or 0)
        result = asyncio.run(measure(place, arguments))
    finally:
        ours.close()
        server.join()
    return report(result, arguments)


def run_server(num_agents: int, pipe: Connection) -> None:
    """The viewer with one arena, as `metta play` has it, until the pipe is closed."""
    from metta.common.system import available_cores  # noqa: PLC0415 - only this process needs PyTorch
    from mettagrid.builder.envs import make_arena  # noqa: PLC0415
    from mettascope.app import create_app  # noqa: PLC0415
    from mettascope.branches import Branches  # noqa: PLC0415
    from mettascope.server.page_files import PageFiles  # noqa: PLC0415
    from mettascope.server.serve import serve_in_thread  # noqa: PLC0415
    from mettascope.viewer import Viewer  # noqa: PLC0415

    branches = Branches()
    side = max(25, int(5 * num_agents**0.5))  # as full as the arena of 24
    branches.begin(
        make_arena(num_agents=num_agents, size=(side, side)), "mock://random", seed=0, title="arena"
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.html").write_text("<!doctype html>")
        with serve_in_thread(create_app(Viewer(branches)), PageFiles(Path(folder))) as running:
            print(f"{available_cores()} cores, {num_agents} agents", file=sys.stderr)
            pipe.send((running.address.origin(), running.tokens.control, running.tokens.watch))
            pipe.poll(None)  # until the other end is closed


async def measure(place: Place, arguments: argparse.Namespace) -> Result:
    """All pages at once, for as long as was asked."""
    result = Result(rss_before_mb=rss_mb(place.pid))
    control, watch = place.cookie(place.control), place.cookie(place.watch)
    asked: list[float] = [0.0]  # when, by tick
    there = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as group:
        readers = [
            group.create_task(read_frames(place, watch, asked, there, result))
            for _ in range(arguments.watchers)
        ]
        idlers = [group.create_task(stay(place, watch, there)) for _ in range(arguments.idle)]
        for _ in range(arguments.watchers + arguments.idle):
            await there.acquire()
        frozen = [await freeze(place, watch) for _ in range(arguments.frozen)]
        cpu_before, began = cpu_seconds(place.pid), time.monotonic()
        trouble = group.create_task(make_trouble(place, watch, arguments, result))
        await ask_for_steps(place, control, arguments, asked, result)
        result.cpu = (cpu_seconds(place.pid) - cpu_before) / (time.monotonic() - began)
        result.rss_mb = rss_mb(place.pid)
        await trouble
        result.num_frozen = len(frozen)
        result.num_frozen_left = connections_of(place, frozen)
        for task in (*readers, *idlers):
            task.cancel()
    return result


async def ask_for_steps(
    place: Place, cookie: str, arguments: argparse.Namespace, asked: list[float], result: Result
) -> None:
    """The page in control."""
    async with place.connect(cookie) as websocket:
        drain = asyncio.create_task(read_all(websocket))
        end = time.monotonic() + arguments.seconds
        while time.monotonic() < end:
            began = time.monotonic()
            asked.append(began)
            await websocket.send('{"do":"step","branch":1}')
            result.num_steps += 1
            await asyncio.sleep(max(0.0, began + 1 / arguments.hz - time.monotonic()))
        drain.cancel()


async def read_frames(
    place: Place, cookie: str, asked: list[float], there: asyncio.Semaphore, result: Result
) -> None:
    """A page that watches and reads."""
    async with place.connect(cookie) as websocket:
        await websocket.send('{"do":"watch","branch":1}')
        async for message in websocket:
            if isinstance(message, bytes):
                tick = tick_of(message)
                if tick == 0:
                    there.release()
                    continue
                result.delays.append(time.monotonic() - asked[tick])
                result.num_bytes += len(message)


def tick_of(message: bytes) -> int:
    """The third number of a frame's message, after its kind and its branch; seven bits per byte, lowest first."""
    tick = shift = 0
    for byte in message[2:]:
        tick |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    return tick


async def read_all(websocket: ClientConnection) -> None:
    """Reads and forgets."""
    async for _ in websocket:
        pass


async def stay(place: Place, cookie: str, there: asyncio.Semaphore) -> None:
    """A page that watches nothing."""
    async with place.connect(cookie) as websocket:
        there.release()
        await read_all(websocket)


async def freeze(place: Place, cookie: str) -> socket.socket:
    """A page that watches and never reads again; its system takes as little as possible for it."""
    host, port = place.origin.removeprefix("http://").split(":")
    frozen = socket.socket()
    frozen.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    frozen.connect((host, int(port)))
    lines = [
        "GET /ws HTTP/1.1", f"Host: {host}:{port}", f"Origin: {place.origin}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Cookie: {cookie}", "", "",
    ]  # fmt: skip
    frozen.sendall("\r\n".join(lines).encode())
    if not frozen.recv(12).endswith(b"101"):
        raise RuntimeError("the handshake was refused")
    text = b'{"do":"watch","branch":1}'
    frozen.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)  # a masked text frame, with mask 0
    return frozen


async def make_trouble(place: Place, cookie: str, arguments: argparse.Namespace, result: Result) -> None:
    """Bad handshakes and messages that are too long, one after the other."""
    for number in range(arguments.bad):
        kind = number % 3
        origin = None if kind == 0 else "http://evil.example" if kind == 1 else place.origin
        headers = {} if kind == 2 else {"Cookie": cookie}
        try:
            async with connect(
                place.url, origin=origin and websockets.Origin(origin), additional_headers=headers
            ):
                result.num_bad_accepted += 1
        except websockets.InvalidStatus:
            await asyncio.sleep(0.001)
    for _ in range(NUM_LONG):
        async with place.connect(cookie) as websocket:
            try:
                await websocket.send(LONG_MESSAGE)
                await read_all(websocket)
                result.num_long_accepted += 1
            except websockets.ConnectionClosedError:
                await asyncio.sleep(0.001)


def connections_of(place: Place, clients: list[socket.socket]) -> int:
    """How many of these the server still holds: its ends, in the kernel's table with a process behind them."""
    ports = {f":{client.getsockname()[1]:04X}" for client in clients}
    inodes = {path.readlink().name for path in Path(f"/proc/{place.pid}/fd").iterdir() if path.is_symlink()}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2][-5:] in ports and f"socket:[{row[9]}]" in inodes for row in rows)


def rss_mb(pid: int) -> float:
    """Memory of a process, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def cpu_seconds(pid: int) -> float:
    """Time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def report(result: Result, arguments: argparse.Namespace) -> int:
    """Print what was measured and which bars are missed."""
    delays = sorted(result.delays)
    expected = result.num_steps * arguments.watchers
    p50, p99 = (delays[int(share * (len(delays) - 1))] for share in (0.50, 0.99))
    grown = result.rss_mb - result.rss_before_mb
    print(f"frames     {len(delays)} of {expected}, {result.num_bytes / max(1, len(delays)):.0f} bytes each")
    print(f"delay      p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, longest {delays[-1] * 1e3:.1f} ms")
    print(f"memory     {result.rss_mb:.0f} MB, of which {grown:.0f} MB for the pages")
    print(f"processor  {result.cpu:.2f} cores")
    print(f"frozen     {result.num_frozen_left} of {result.num_frozen} left")
    print(f"refused    all but {result.num_bad_accepted} of {arguments.bad} bad handshakes")
    print(f"too long   {result.num_long_accepted} of {NUM_LONG} taken")
    bars = {
        f"p99 below {MAX_P99_S * 1e3:.0f} ms": p99 < MAX_P99_S,
        f"pages take less than {MAX_GROWTH_MB:.0f} MB": grown < MAX_GROWTH_MB,
        "every frame arrives": len(delays) >= expected,
        "frozen readers are dropped": result.num_frozen_left == 0,
        "nobody gets in": not result.num_bad_accepted and not result.num_long_accepted,
    }
    for bar, is_met in bars.items():
        print(f"{'met   ' if is_met else 'MISSED'}     {bar}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
