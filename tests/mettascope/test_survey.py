import numpy as np
import pytest

from metta.policy.uri import load_policy
from metta.sim.record import record_episode
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.events import transfers
from mettagrid.games.mates import make_mates
from mettagrid.replay import ReplayPlayer
from mettascope.survey import MOST_TICKS, Mark, Surveyor
from mettascope.varints import unfold, unpack


def recorded(game):
    policy = load_policy("mock://random", compile_game(game).spec, "cpu")
    return record_episode(game, policy, seed=1, name="mock://random")


@pytest.fixture(scope="module", params=["arena", "mates"])
def replay(request):
    games = {"arena": make_arena(num_agents=6, max_steps=700, combat=True), "mates": make_mates()}
    return recorded(games[request.param])


def test_blocks_tell_where_all_were_and_what_they_did_and_earned(replay):
    surveyor, player = Surveyor(replay), ReplayPlayer(replay)
    first = 0
    while first <= replay.last_tick:
        block = surveyor.block(replay, first)
        assert len(block.cells) == min(MOST_TICKS, replay.last_tick + 1 - first)
        for tick in range(first, first + len(block.cells), 97):
            view = player.seek(tick)
            num_agents = len(view.rewards)
            assert block.cells[tick - first].tolist() == (view.cells[:num_agents] + 1).tolist()
            assert block.rewards[tick - first].tolist() == view.rewards.tolist()
            assert block.actions[tick - first].tolist() == view.last_actions.tolist()
        first += len(block.cells)


def test_gifts_and_thefts_are_what_changed_hands_and_hearts_are_what_was_gained(replay):
    surveyor, player = Surveyor(replay), ReplayPlayer(replay, with_events=True)
    marks = surveyor.block(replay, 0).marks
    spec = player.env.spec
    events = np.concatenate([player.events(tick) for tick in range(min(MOST_TICKS, replay.last_tick + 1))])
    moved = sum(transfers(events, spec.num_agents, v).sum() for v in range(len(spec.variable_names)))
    assert marks[np.isin(marks[:, 1], (Mark.GIFT, Mark.THEFT)), 5].sum() == moved
    hearts = player.view().stats[:, spec.stat_names.index("heart.gained")].sum()
    assert marks[marks[:, 1] == Mark.HEART, 5].sum() == hearts


def test_a_block_is_packed_as_the_page_reads_it(replay):
    block = Surveyor(replay).block(replay, 10)
    numbers = unpack(block.pack())
    num_ticks, num_agents = block.cells.shape
    assert numbers[:4].tolist() == [10, num_ticks, num_agents, len(block.marks)]
    size = num_ticks * num_agents
    cells, actions, rewards = (
        numbers[4 + i * size : 4 + (i + 1) * size].reshape(num_ticks, -1) for i in range(3)
    )
    assert np.array_equal(unfold(cells).cumsum(axis=0), block.cells)
    assert np.array_equal(actions, block.actions)
    assert np.array_equal(unfold(rewards), block.rewards)
    assert np.array_equal(unfold(numbers[4 + 3 * size :]).reshape(-1, 6), block.marks)


def test_a_tick_that_is_not_there_is_refused(replay):
    with pytest.raises(ValueError, match=f"there is no tick {replay.last_tick + 1}"):
        Surveyor(replay).block(replay, replay.last_tick + 1)
