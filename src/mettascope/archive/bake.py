"""Makes an archive of a replay: the engine plays it once more, and everything that can be seen is kept."""

from collections.abc import Callable
from dataclasses import replace

from mettagrid.render.atlas import paint_atlas
from mettagrid.replay import Replay
from mettascope.archive.form import CHUNK_TICKS, SURVEY_TICKS, Archive, chunk_ticks, survey_ticks
from mettascope.description import describe_world
from mettascope.recorded import RecordedWorld
from mettascope.survey import MOST_TICKS, Surveyor

Progress = Callable[[int, int], None]
"""Called with how many steps of the work are done, and how many there are."""


def bake(
    replay: Replay, ticks: range | None = None, title: str = "", progress: Progress | None = None
) -> Archive:
    """The archive of a replay.

    Args:
        replay: an episode.
        ticks: only this part of it, of stride 1; None for all.
        title: what people read; the game's name if it is empty.
        progress: told how far it is.

    Raises:
        ValueError: the replay does not fit its game as the rules are today, or has no such ticks.
    """
    replay = _cut(replay, ticks)
    first = replay.first_tick if ticks is None else ticks[0]
    chunks_at, surveys_at = chunk_ticks(first, replay.last_tick), survey_ticks(first, replay.last_tick)
    report = _Report(progress, len(chunks_at) + len(surveys_at))
    world = RecordedWorld(replay)
    chunks = {at: report.after(world.chunk(at, CHUNK_TICKS - at % CHUNK_TICKS)) for at in chunks_at}
    surveyor = Surveyor(replay)
    assert MOST_TICKS == SURVEY_TICKS, "the format says how many ticks a block has"
    surveys = {at: report.after(surveyor.block(replay, at).pack()) for at in surveys_at}
    game, origin = replay.origin.game, replay.origin
    described = describe_world(game, world.columns) | {
        "title": title or game.name,
        "seed": origin.seed,
        "policy": origin.policy,
        "first_tick": first,
        "last_tick": replay.last_tick,
        "config": game.model_dump(mode="json"),
    }
    return Archive(described, paint_atlas(game).png, chunks, surveys, replay.metta_version or "unknown")


def _cut(replay: Replay, ticks: range | None) -> Replay:
    """The replay up to the last of the ticks."""
    if ticks is None:
        return replay
    if not ticks or ticks.step != 1 or not replay.first_tick <= ticks[0] <= ticks[-1] <= replay.last_tick:
        raise ValueError(
            f"ticks: an archive holds successive ticks between {replay.first_tick} and {replay.last_tick}"
        )
    if ticks[-1] == replay.last_tick:
        return replay
    return replace(replay, actions=replay.actions[: ticks[-1] - replay.first_tick], is_finished=False)


class _Report:
    """Counts what is done."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._done, self._total = progress, 0, total

    def after(self, data: bytes) -> bytes:
        """Notes that one more is done."""
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)
        return data
