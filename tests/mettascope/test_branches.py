import numpy as np
import pytest

from mettagrid.builder.envs import make_arena
from mettagrid.replay import ReplayPlayer
from mettagrid.replay_file import read_replay, write_replay
from mettascope.branches import Branches, Fork
from mettascope.columns import read_columns
from mettascope.frames import decode_frame, unpack_chunk

GAME = make_arena(num_agents=6)


@pytest.fixture
def branches():
    return Branches()


@pytest.fixture
def played(branches):
    """A branch of 130 ticks that goes on."""
    branch = branches.begin(GAME, "mock://scripted", seed=3, title="arena")
    play(branch, 130)
    return branch


def play(branch, count):
    end = branch.last_tick + count
    while branch.last_tick < end and branch.is_live:
        branch.step(end - branch.last_tick)


def values_at(branch, tick):
    return decode_frame(branch.key_frame(tick), branch.recorded.empty).values


def same(left, right):
    return all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


def test_every_tick_of_a_live_branch_can_be_seen_as_the_engine_replays_it(played):
    player = ReplayPlayer(played.replay())
    for tick in (0, 57, 130, 100, 99):
        assert same(values_at(played, tick), read_columns(player.seek(tick)))


def test_a_chunk_shows_the_same_as_single_frames(played):
    frames = unpack_chunk(played.chunk(90, 20), played.recorded.empty)
    assert [frame.tick for frame in frames] == list(range(90, 110))
    assert all(same(frame.values, values_at(played, frame.tick)) for frame in frames)


def test_head_frames_lead_from_one_to_the_next(branches):
    branch = branches.begin(GAME, "mock://random", seed=3, title="arena")
    values = branch.recorded.empty
    for _ in range(5):
        values = decode_frame(branch.step(3), values).values
        assert same(values, values_at(branch, branch.last_tick))


def test_a_fork_with_the_same_deeds_has_the_same_past_and_its_own_future(branches, played):
    fork = branches.fork(played.number, Fork(tick=110, policy_uri="mock://noop"))
    assert fork.parent == played.number and fork.last_tick == 110
    assert all(same(values_at(fork, tick), values_at(played, tick)) for tick in (0, 60, 110))
    play(fork, 20)
    assert not same(values_at(fork, 130), values_at(played, 130))
    ReplayPlayer(fork.replay()).verify()


def test_a_fork_may_change_numbers_of_the_rules(branches, played, tmp_path):
    path = "verbs.move.price"
    fork = branches.fork(played.number, Fork(tick=110, changes={path: 7}))
    assert same(values_at(fork, 110)[1:3], values_at(played, 110)[1:3])
    assert fork.first_tick == 110 and fork.game.verbs["move"].price == 7
    play(fork, 10)
    saved = read_replay(write_replay(tmp_path / "fork.replay", fork.replay()))
    ReplayPlayer(saved).verify()
    assert saved.first_tick == 110


def test_a_fork_cannot_change_the_shape_of_the_world(branches, played):
    with pytest.raises(ValueError, match="the world does not fit the changed rules"):
        branches.fork(played.number, Fork(tick=10, changes={"num_agents": 5}))


def test_a_hand_decides_what_its_agent_does_and_the_policy_what_the_others_do(branches):
    branch = branches.begin(GAME, "mock://noop", seed=3, title="arena")
    turn = (
        branch.live.spec.action_names.index("turn_east")
        if "turn_east" in branch.live.spec.action_names
        else 1
    )
    branch.take(2)
    branch.act(2, turn)
    branch.step(1)
    branch.step(1)
    assert branch.replay().actions[:, 2].tolist() == [turn, 0]
    assert not branch.replay().actions[:, [0, 1, 3, 4, 5]].any()


def test_only_who_was_taken_over_obeys(branches):
    branch = branches.begin(GAME, "mock://noop", seed=3, title="arena")
    with pytest.raises(ValueError, match="agent 1 is not played by hand"):
        branch.act(1, 1)
    with pytest.raises(ValueError, match=r"agent 6 does not exist; there are agents 0\.\.5"):
        branch.take(6)


def test_minds_are_noted(played):
    mind = played.mind(agent=0, tick=5)
    assert sum(mind.probabilities) == pytest.approx(1, abs=0.05)
    assert played.mind(agent=0, tick=500) is None


def test_a_branch_ends_with_its_episode(branches):
    branch = branches.begin(make_arena(num_agents=6, max_steps=20), "mock://random", seed=1, title="short")
    play(branch, 50)
    assert not branch.is_live and branch.last_tick == 19
    assert branch.replay().is_finished
    again = branches.restart(branch.number, seed=2)
    assert again.is_live and again.last_tick == 0 and branches[branch.number] is again


def test_a_recording_does_not_begin_anew(branches, played):
    recording = branches.open(played.replay(), "recorded")
    with pytest.raises(ValueError, match="recorded is a recording"):
        branches.restart(recording.number)


def test_unknown_branches_are_refused(branches):
    with pytest.raises(ValueError, match="branch 7 is not open"):
        branches[7]
