import asyncio

from mettagrid.builder.envs import make_arena
from mettascope.branch import Branch
from mettascope.branches import Branches
from mettascope.clock import Clock
from mettascope.frames import decode_frame

GAME = make_arena(num_agents=4, max_steps=40)


def begin() -> Branch:
    return Branches().begin(GAME, "mock://random", seed=1, title="arena")


def test_every_step_is_shown_also_the_one_during_which_somebody_pauses() -> None:
    branch, frames = begin(), []

    async def play() -> None:
        clock = Clock(branch, frames.append, lambda: None)
        for speed in (1000, 100, 1000):
            shown = len(frames)
            clock.run(speed)
            while len(frames) == shown:
                await asyncio.sleep(0)
            clock.pause()
            assert not clock.is_running
            await clock.settle()
        assert clock.speed == 0

    asyncio.run(play())
    values = branch.recorded.empty
    for frame in frames:
        values = decode_frame(frame, values).values
    assert decode_frame(frames[-1], branch.recorded.empty).tick == branch.last_tick
    ticks = [decode_frame(frame, branch.recorded.empty).tick for frame in frames]
    assert ticks == sorted(set(ticks))


def test_it_tells_when_the_episode_ends_but_not_when_somebody_pauses() -> None:
    branch, told = begin(), []

    async def play() -> None:
        clock = Clock(branch, lambda frame: None, lambda: told.append(branch.last_tick))
        clock.run(100_000)
        clock.pause()
        await clock.settle()
        assert told == []
        clock.run(100_000)
        while not told:
            await asyncio.sleep(0.001)
        assert not clock.is_running and clock.speed == 0

    asyncio.run(play())
    assert told == [GAME.max_steps - 1] and not branch.is_live
