"""Branch: one course of events that the page can show: a recording, and perhaps somebody who plays on at its end.

A replay is a branch without players. A fork is a new branch that begins at a tick of another one.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

from mettagrid.config.game import GameConfig
from mettagrid.replay import Replay
from mettascope.columns import Values, read_columns
from mettascope.description import describe_world
from mettascope.frames import encode_frame
from mettascope.live import LiveWorld, Player
from mettascope.minds.asked import AskedPolicy
from mettascope.minds.notes import Mind, MindNotes
from mettascope.recorded import RecordedWorld
from mettascope.survey import Surveyor

_PATIENCE = 0.03  # seconds of stepping after which those who watch get a frame


class Branch:
    """A recorded world and, while it is played, the live one at its head. Safe to call from several threads.

    Args:
        number: by which the page names it.
        title: what people read.
        replay: what was recorded so far.
        live: who plays on; None for a branch that is only looked at.
        parent: number of the branch that it was forked from.
    """

    def __init__(
        self,
        number: int,
        title: str,
        replay: Replay,
        live: LiveWorld | None = None,
        parent: int | None = None,
    ) -> None:
        self.number, self.title, self.parent = number, title, parent
        self.live = live
        self.recorded = RecordedWorld(replay)
        self._surveyor: Surveyor | None = None  # made when first asked for
        self.asked: AskedPolicy | None = None  # whose view is shown instead of that of the players
        self.turn = threading.Lock()  # whoever touches `live` holds it
        self.choices: dict[int, list[int]] = {}
        """What each agent that is played by hand can choose now."""
        self._sent: Values = self.recorded.empty  # what those who watch the head have seen
        self._sent_tick: int | None = None

    @property
    def game(self) -> GameConfig:
        """What is played."""
        return self.recorded.replay.origin.game

    @property
    def is_live(self) -> bool:
        """Whether it can go on."""
        return self.live is not None and not self.live.is_finished

    @property
    def first_tick(self) -> int:
        """The earliest tick that can be seen."""
        return self.recorded.first_tick

    @property
    def last_tick(self) -> int:
        """The latest tick that can be seen."""
        if self.live is None:
            return self.recorded.last_tick
        return self.live.tick - self.live.is_finished

    @property
    def seats(self) -> list[str]:
        """Address of each agent's policy; empty for a recording."""
        return self.live.player_uris if self.live else []

    def describe(self) -> dict[str, Any]:
        """All that the page must know before the first frame."""
        described = describe_world(self.game, self.recorded.columns)
        described["atlas"]["url"] = f"api/branches/{self.number}/atlas.png"
        return described | self.state() | self._origin() | {"seats": self.seats}

    def state(self) -> dict[str, Any]:
        """What changes while the branch goes on."""
        live = self.live
        return {
            "branch": self.number,
            "title": self.title,
            "parent": self.parent,
            "first_tick": self.recorded.first_tick,
            "last_tick": self.last_tick,
            "is_live": self.is_live,
            "hands": sorted(live.hands) if live else [],
            "players": list(dict.fromkeys(live.player_uris)) if live else [],
        }

    def key_frame(self, tick: int) -> bytes:
        """The whole world at a tick; ValueError if there is none."""
        self._catch_up()
        return self.recorded.key_frame(tick)

    def chunk(self, first: int, count: int) -> bytes:
        """Frames from tick `first` on; ValueError if there is none."""
        self._catch_up()
        return self.recorded.chunk(first, count)

    def survey(self, first: int) -> bytes:
        """The block of the survey that begins with tick `first`; ValueError if there is none."""
        replay = self.replay()
        if self._surveyor is None:
            self._surveyor = Surveyor(replay)
        return self._surveyor.block(replay, first).pack()

    def step(self, count: int) -> bytes:
        """Plays up to `count` steps, fewer if they take long, and returns the frame for those who watch the head.

        Raises:
            ValueError: nobody plays here.
        """
        live = self._playing()
        with self.turn:
            began = time.monotonic()
            for _ in range(count):
                if live.is_finished or time.monotonic() - began > _PATIENCE:
                    break
                live.step()
            self._note_choices(live)
        return self._head_frame(live)

    def take(self, agent: int) -> None:
        """Lets an agent be played by hand; ValueError if nobody plays here or there is no such agent."""
        with self.turn:
            live = self._playing()
            live.take(self._checked(agent))
            self._note_choices(live)

    def release(self, agent: int) -> None:
        """Gives an agent back to its policy."""
        with self.turn:
            live = self._playing()
            live.release(agent)
            self._note_choices(live)

    def act(self, agent: int, action: int) -> None:
        """Chooses what an agent that is played by hand does next; ValueError if that cannot be."""
        with self.turn:
            self._playing().act(self._checked(agent), action)

    def seat(self, player: Player, agents: Sequence[int]) -> None:
        """Lets a policy play some agents; ValueError if that cannot be."""
        with self.turn:
            self._playing().seat(player, [self._checked(agent) for agent in agents])

    def give_memory(self, agent: int, source: int | None) -> None:
        """Gives an agent's policy the memory of another one's, or an empty one; ValueError if it does not fit."""
        with self.turn:
            live = self._playing()
            memory = None if source is None else live.memory(self._checked(source))
            live.set_memory(self._checked(agent), memory)

    def mind(self, agent: int, tick: int) -> Mind | None:
        """What an agent's policy made of a tick, None if nobody noted it."""
        with self.turn:
            notes = self._notes()
            return None if notes is None else notes.at(self._checked(agent), tick)

    def values(self, agent: int, first: int, most: int) -> list[tuple[int, float]]:
        """What an agent's policy expected at the ticks from `first` on, as far as that was noted; at most so many."""
        with self.turn:
            notes = self._notes()
            return [] if notes is None else notes.values(self._checked(agent), first, most)

    def ask_policy(self, player: Player, tick: int) -> tuple[int, int]:
        """Lets a policy say what it makes of the ticks around one; returns the first and the one after the last.

        From then on its view is shown. ValueError if there is no such tick.
        """
        if self.asked is None or self.asked.player.uri != player.uri:
            self.asked = AskedPolicy(player)
        return self.asked.think(self.replay(), tick)

    def replay(self) -> Replay:
        """All that was recorded so far."""
        self._catch_up()
        return self.recorded.replay

    def _notes(self) -> MindNotes | None:
        if self.asked is not None:
            return self.asked.notes
        return None if self.live is None else self.live.minds

    def _catch_up(self) -> None:
        if self.live is not None and self.recorded.last_tick < self.last_tick:
            with self.turn:
                self.recorded.grow(self.live.replay())

    def _checked(self, agent: int) -> int:
        if not 0 <= agent < self.game.num_agents:
            raise ValueError(f"agent {agent} does not exist; there are agents 0..{self.game.num_agents - 1}")
        return agent

    def _note_choices(self, live: LiveWorld) -> None:
        self.choices = {agent: [] if live.is_finished else live.mask(agent) for agent in live.hands}

    def _playing(self) -> LiveWorld:
        if self.live is None:
            raise ValueError(f"{self.title} is a recording: fork it to play on")
        return self.live

    def _head_frame(self, live: LiveWorld) -> bytes:
        """The difference to the last head frame; the first one is a key frame."""
        if live.is_finished:  # the world shows the next episode already
            return self.key_frame(self.last_tick)
        before, base = self._sent, self._sent_tick
        self._sent, self._sent_tick = read_columns(live.view()), live.tick
        return encode_frame(live.tick, before, self._sent, base, live.events())

    def _origin(self) -> dict[str, Any]:
        origin = self.recorded.replay.origin
        return {"seed": origin.seed, "policy": origin.policy, "config": self.game.model_dump(mode="json")}
