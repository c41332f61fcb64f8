import numpy as np
import pytest
import torch

from metta.policy.architectures.fast import FastConfig
from metta.policy.architectures.vit import ViTTinyConfig
from metta.policy.policy import ATTENTION
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.replay import Origin
from mettascope.branches import Branches
from mettascope.live import LiveWorld, Player
from mettascope.messages import Control, Reading, read_message
from mettascope.minds.asked import AskedPolicy

GAME = make_arena(num_agents=4, max_steps=140)
SPEC = compile_game(GAME).spec


def player(config, uri="here", seed=0):
    torch.manual_seed(seed)
    policy = config.build(SPEC).eval()
    policy.show_attention()
    return Player(policy, uri)


def play(whom, steps):
    live = LiveWorld.begin(Origin(GAME, 1), whom)
    while live.tick < steps and not live.is_finished:
        live.step()
    return live


@pytest.fixture(scope="module")
def remembering():
    return player(FastConfig())


def test_who_played_is_asked_afterwards_and_says_the_same(remembering):
    live = play(remembering, 130)
    replay = live.replay()
    asked = AskedPolicy(remembering)
    assert [asked.think(replay, tick) for tick in (3, 77, 129)] == [(0, 50), (50, 100), (100, 130)]
    for tick in range(130):
        for agent in range(4):
            assert asked.notes.at(agent, tick).value == pytest.approx(
                live.minds.at(agent, tick).value, abs=1e-5
            )
    assert asked.notes.at(0, 130) is None


def test_asked_of_the_middle_it_looks_back_some_ticks(remembering):
    live = play(remembering, 130)
    asked = AskedPolicy(remembering)
    assert asked.think(live.replay(), 120) == (100, 130)
    assert asked.notes.at(0, 99) is None
    near = [abs(asked.notes.at(0, t).value - live.minds.at(0, t).value) for t in range(100, 130)]
    assert max(near) < 1e-3  # its memory has forgotten how the episode began
    assert asked.think(live.replay(), 20) == (0, 50)
    assert asked.notes.at(2, 20).value == pytest.approx(live.minds.at(2, 20).value, abs=1e-5)


def test_a_finished_recording_is_asked_up_to_its_last_decision(remembering):
    live = play(remembering, 1000)
    assert AskedPolicy(remembering).think(live.replay(), 139) == (100, 140)
    with pytest.raises(ValueError, match="tick 140 is not between 0 and 139"):
        AskedPolicy(remembering).think(live.replay(), 140)


def test_another_policy_makes_something_else_of_what_it_sees(remembering):
    live = play(remembering, 20)
    asked = AskedPolicy(player(FastConfig(), seed=5))
    asked.think(live.replay(), 0)
    assert asked.notes.at(1, 10).value != live.minds.at(1, 10).value


def test_values_come_in_order_and_in_parts(remembering):
    notes = play(remembering, 20).minds
    whole = notes.values(2)
    assert [tick for tick, _ in whole] == list(range(20))
    assert notes.values(2, first=5, most=3) == whole[5:8]
    assert notes.values(2, first=20) == []


def test_attention_is_told_by_those_who_attend(remembering):
    live = play(player(ViTTinyConfig()), 3)
    attention = live.minds.at(0, 2).attention
    assert max(share for _, _, share in attention) == 1
    rows, columns = SPEC.view_height, SPEC.view_width
    assert all((r, c) == (-1, -1) or (0 <= r < rows and 0 <= c < columns) for r, c, _ in attention)
    assert play(remembering, 3).minds.at(0, 2).attention is None


def test_attention_is_a_share_of_each_token():
    policy = player(ViTTinyConfig()).policy
    observations = torch.full((2, SPEC.num_tokens, 3), 255, dtype=torch.uint8)
    observations[:, 0] = torch.tensor([0x55, 1, 3])
    observations[1, 1] = torch.tensor([0x56, 1, 3])
    mask, resets = torch.ones(2, len(SPEC.action_names), dtype=torch.bool), torch.zeros(2, dtype=torch.bool)
    shares = policy(observations, mask, policy.initial_state(2), resets).extras[ATTENTION]
    assert shares.shape == (2, SPEC.num_tokens)
    assert (shares >= 0).all() and (shares.sum(-1) <= 1).all()
    assert np.array_equal((shares > 0).sum(-1).numpy(), [1, 2])


def test_a_branch_shows_the_view_of_whom_it_asked():
    branches = Branches()
    branch = branches.begin(GAME, "mock://scripted", seed=1, title="arena")
    while branch.last_tick < 10:
        branch.step(1)
    own = branch.mind(0, 5)
    assert branch.ask_policy(branches.player(GAME, "mock://random"), 5) == (0, 10)
    assert branch.mind(0, 5).probabilities != own.probabilities
    assert [tick for tick, _ in branch.values(0, 8, 99)] == [8, 9]
    branch.asked = None
    assert branch.mind(0, 5) == own


def test_a_recording_that_nobody_was_asked_about_says_nothing():
    branches = Branches()
    live = play(player(FastConfig()), 5)
    branch = branches.open(live.replay(), "recording")
    assert branch.mind(0, 2) is None and branch.values(0, 0, 10) == []


def test_asking_needs_control_and_reading_does_not():
    ask = read_message('{"do":"ask","branch":1,"policy_uri":"mock://random","tick":3}')
    assert isinstance(ask, Control)
    assert isinstance(read_message('{"do":"ask","branch":1,"policy_uri":null,"tick":3}'), Control)
    assert isinstance(read_message('{"do":"values","branch":1,"agent":0,"first":0}'), Reading)
    with pytest.raises(ValueError, match="policy_uri"):
        read_message('{"do":"ask","branch":1,"policy_uri":"","tick":3}')
