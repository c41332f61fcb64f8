"""Visitor: one page that is connected: its questions answered, its wishes granted if it may."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, ClassVar

from starlette.websockets import WebSocket

from mettagrid.one_line import one_line
from mettascope import messages as ask
from mettascope.branches import Fork
from mettascope.outbox import Outbox, incoming
from mettascope.viewer import Viewer, chunk_message, frame_message, json_text, survey_message

_MOST_VALUES = 2000  # of an answer; the page asks for the rest
_REFUSED = "this page may only look: control needs the link that the server printed"


class Visitor:
    """Talks to one page until it goes.

    Args:
        websocket: accepted already.
        viewer: what there is to see.
        may_control: whether it may change anything.
    """

    def __init__(self, websocket: WebSocket, viewer: Viewer, may_control: bool) -> None:
        self._websocket, self._viewer, self._may_control = websocket, viewer, may_control
        self._outbox = Outbox(websocket)
        self.post, self.post_frame = self._outbox.post, self._outbox.post_frame

    async def talk(self) -> None:
        """Answers until the page goes."""
        self._viewer.join(self)
        archives = [{"number": kept.number, "title": kept.title} for kept in self._viewer.branches.archives]
        welcome = {"say": "welcome", "may_control": self._may_control, "branches": self._viewer.list()}
        self._say(welcome | {"archives": archives})
        try:
            async with self._outbox:
                async for message in incoming(self._websocket):
                    if isinstance(message, str):  # no page of ours sends bytes
                        await self._answer(message)
                    await self._outbox.room()
        finally:
            await self._viewer.part(self)

    async def _answer(self, text: str) -> None:
        """Every mistake is a message to the page and nothing more."""
        try:
            message = ask.read_message(text)
            if isinstance(message, ask.Control) and not self._may_control:
                raise ValueError(_REFUSED)
            await self._HANDLERS[type(message)](self, message)
        except ValueError as error:
            self._say({"say": "error", "text": one_line(str(error), 1000)})

    def _say(self, message: dict[str, Any]) -> None:
        self.post(json_text(message))

    async def _watch(self, message: ask.Watch) -> None:
        branch = self._viewer.branches[message.branch]
        description = await asyncio.to_thread(branch.describe)
        self._viewer.watch(self, message.branch)
        self._say({"say": "branch"} | description | self._viewer.state(branch))
        frame = await asyncio.to_thread(
            branch.key_frame, branch.last_tick if branch.is_live else branch.first_tick
        )
        self.post(frame_message(branch.number, frame))

    async def _leave(self, message: ask.Leave) -> None:
        self._viewer.leave(self, message.branch)

    async def _frame(self, message: ask.GetFrame) -> None:
        branch = self._viewer.branches[message.branch]
        self.post(frame_message(branch.number, await asyncio.to_thread(branch.key_frame, message.tick)))

    async def _chunk(self, message: ask.GetChunk) -> None:
        branch = self._viewer.branches[message.branch]
        chunk = await asyncio.to_thread(branch.chunk, message.first, message.count)
        self.post(chunk_message(branch.number, message.first, chunk))

    async def _survey(self, message: ask.GetSurvey) -> None:
        branch = self._viewer.branches[message.branch]
        block = await asyncio.to_thread(branch.survey, message.first)
        self.post(survey_message(branch.number, block))

    async def _mind(self, message: ask.GetMind) -> None:
        branch = self._viewer.branches[message.branch]
        mind = await asyncio.to_thread(branch.mind, message.agent, message.tick)
        about = {"say": "mind", "branch": branch.number, "agent": message.agent, "tick": message.tick}
        self._say(
            about | {"by": branch.asked.player.uri if branch.asked else None} | (asdict(mind) if mind else {})
        )

    async def _values(self, message: ask.GetValues) -> None:
        branch = self._viewer.branches[message.branch]
        values = await asyncio.to_thread(branch.values, message.agent, message.first, _MOST_VALUES)
        about = {"say": "values", "branch": branch.number, "agent": message.agent, "first": message.first}
        self._say(about | {"values": [(tick, round(value, 4)) for tick, value in values]})

    async def _ask(self, message: ask.AskPolicy) -> None:
        branch = self._viewer.branches[message.branch]
        if message.policy_uri is None:
            branch.asked = None
            self._viewer.tell_watchers(
                branch.number, {"say": "asked", "branch": branch.number, "policy_uri": None}
            )
            return
        asked = branch.asked
        if asked is not None and asked.player.uri == message.policy_uri:
            player = asked.player
        else:
            player = await asyncio.to_thread(self._viewer.branches.player, branch.game, message.policy_uri)
        first, end = await asyncio.to_thread(branch.ask_policy, player, message.tick)
        told = {"say": "asked", "branch": branch.number, "policy_uri": player.uri, "first": first, "end": end}
        self._viewer.tell_watchers(branch.number, told)

    async def _run(self, message: ask.Run) -> None:
        branch = self._viewer.branches[message.branch]
        if not branch.is_live:
            raise ValueError(f"{branch.title} has ended or is a recording: fork it or begin anew")
        self._viewer.clock(message.branch).run(message.speed)
        self._viewer.tell_state(branch)

    async def _pause(self, message: ask.Pause) -> None:
        clock = self._viewer.clock(message.branch)
        clock.pause()
        await clock.settle()
        self._viewer.tell_state(self._viewer.branches[message.branch])

    async def _step(self, message: ask.Step) -> None:
        await self._viewer.clock(message.branch).step(message.count)
        self._viewer.tell_state(self._viewer.branches[message.branch])

    async def _restart(self, message: ask.Restart) -> None:
        await self._viewer.restart(message.branch, message.seed)
        self._viewer.tell_list()

    async def _take(self, message: ask.Take) -> None:
        await self._viewer.take(message.branch, message.agent, self)
        self._viewer.tell_state(self._viewer.branches[message.branch])

    async def _release(self, message: ask.Release) -> None:
        await self._viewer.release(message.branch, message.agent, self)
        self._viewer.tell_state(self._viewer.branches[message.branch])

    async def _act(self, message: ask.Act) -> None:
        await self._viewer.act(message.branch, message.agent, message.action, self)
        self._viewer.tell_state(self._viewer.branches[message.branch])

    async def _seat(self, message: ask.SeatPolicy) -> None:
        branch = self._viewer.branches[message.branch]
        player = await asyncio.to_thread(self._viewer.branches.player, branch.game, message.policy_uri)
        await asyncio.to_thread(branch.seat, player, message.agents)
        self._viewer.tell_seats(branch)
        self._viewer.tell_state(branch)

    async def _clear_memory(self, message: ask.ClearMemory) -> None:
        branch = self._viewer.branches[message.branch]
        await asyncio.to_thread(branch.give_memory, message.agent, None)

    async def _copy_memory(self, message: ask.CopyMemory) -> None:
        branch = self._viewer.branches[message.branch]
        await asyncio.to_thread(branch.give_memory, message.agent, message.source)

    async def _fork(self, message: ask.ForkBranch) -> None:
        how = Fork(message.tick, message.policy_uri, message.changes, message.hands)
        branch = await asyncio.to_thread(self._viewer.branches.fork, message.branch, how)
        for agent in message.hands:
            await self._viewer.take(branch.number, agent, self)
        self._viewer.tell_list()
        self._say({"say": "forked", "branch": branch.number, "parent": message.branch})

    async def _close(self, message: ask.CloseBranch) -> None:
        self._viewer.close(message.branch)
        self._viewer.tell_list()

    _HANDLERS: ClassVar[dict[type, Callable[[Any, Any], Awaitable[None]]]] = {
        ask.Watch: _watch,
        ask.Leave: _leave,
        ask.GetFrame: _frame,
        ask.GetChunk: _chunk,
        ask.GetSurvey: _survey,
        ask.GetMind: _mind,
        ask.GetValues: _values,
        ask.AskPolicy: _ask,
        ask.Run: _run,
        ask.Pause: _pause,
        ask.Step: _step,
        ask.Restart: _restart,
        ask.Take: _take,
        ask.Release: _release,
        ask.Act: _act,
        ask.SeatPolicy: _seat,
        ask.ClearMemory: _clear_memory,
        ask.CopyMemory: _copy_memory,
        ask.ForkBranch: _fork,
        ask.CloseBranch: _close,
    }
