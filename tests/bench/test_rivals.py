"""Trainers side by side: the same network and worlds for all, turns and ratios; PufferLib by a stand-in."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from metta.bench.peer_pufferlib import NativeWorlds
from metta.bench.rival_cleanrl import CleanRLLoop, WorldsInOneBatch, WorldsOneByOne
from metta.bench.rival_network import FlatArchitecture
from metta.bench.rival_settings import RivalSettings
from metta.bench.rivals import bench_rivals
from metta.common.errors import UserError
from mettagrid.batch import BatchEnv

SMALL = RivalSettings(hidden=8, num_worlds=2, num_agents=3, horizon=4, minibatch_size=12)

STAND_IN = """#!{python}
import json, sys
print(json.dumps({{"name": "pufferlib"}}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    answer = {{"num_weights": 1}}
    if "epochs" in request:
        answer = {{"agent_steps": 24, "seconds": 2.0, "parts": {{"infer": 1.0, "backward": 0.5}}}}
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("memory", ["lstm", "none"])
def test_all_take_turns_and_are_compared(tmp_path: Path, memory: str):
    stand_in = tmp_path / "python"
    stand_in.write_text(STAND_IN.format(python=sys.executable))
    stand_in.chmod(0o755)
    settings = RivalSettings(**{**vars(SMALL), "memory": memory})
    figures, facts = bench_rivals(settings, ("cleanrl", "pufferlib"), 2, str(stand_in))
    named = {figure.name: figure for figure in figures}
    assert named["PufferLib"].values == (12.0, 12.0)
    assert all(rate > 0 for rate in named["ours"].values + named["CleanRL-style"].values)
    assert named["ours to PufferLib"].target == 1.3
    assert named["ours to PufferLib"].median == pytest.approx(named["ours"].median / 12.0)
    assert named["ours to CleanRL-style"].target == 5.0
    assert named["PufferLib: infer"].values == (0.5, 0.5)
    assert named["PufferLib: rest"].values == (0.25, 0.25)
    for turn in range(2):
        shares = [figure.values[turn] for name, figure in named.items() if name.startswith("ours: ")]
        assert sum(shares) == pytest.approx(1.0)
    assert facts["agent_steps_per_epoch"] == 24


def test_pufferlib_needs_an_interpreter():
    with pytest.raises(
        UserError, match=r"--vs pufferlib needs an interpreter .*pip install .*pufferlib==3\.0\.0"
    ):
        bench_rivals(SMALL, ("pufferlib",), 1, None)


def test_both_sides_have_the_same_network():
    """One step and one sequence with the same weights, in our core and step by step as CleanRL goes."""
    loop = CleanRLLoop(SMALL, one_by_one=False)
    ours = FlatArchitecture(hidden=8, memory="lstm").build(loop.envs.spec).module
    assert loop.lstm is not None
    ours.load_state_dict(loop.network.state_dict(), strict=False)
    with torch.no_grad():
        ours.core.input.weight.copy_(loop.lstm.weight_ih_l0)
        ours.core.input.bias.copy_(loop.lstm.bias_ih_l0 + loop.lstm.bias_hh_l0)
        ours.core.recurrent.copy_(loop.lstm.weight_hh_l0)
    tokens = torch.randint(0, 255, (4, 6, loop.envs.spec.num_tokens, 3), dtype=torch.uint8)
    resets = torch.zeros(4, 6, dtype=torch.bool)
    resets[2, 1] = True
    logits, values, _ = ours(tokens, torch.zeros(6, 16), resets)
    zeros = torch.zeros(1, 6, 8)
    hidden, _ = loop._states(tokens.flatten(0, 1).float(), (zeros, zeros), resets.float().flatten())
    theirs = loop.network.decode(hidden)
    torch.testing.assert_close(logits.flatten(0, 1), theirs[0])
    torch.testing.assert_close(values.flatten(), theirs[1])


def test_a_cleanrl_loop_learns_from_what_it_played():
    loop = CleanRLLoop(SMALL, one_by_one=True)
    before = [weight.clone() for weight in loop.weights]
    assert loop.iterate() == 24
    assert all(not torch.equal(a, b) for a, b in zip(before, loop.weights, strict=True))
    assert loop.obs.max() > 0


def test_worlds_one_by_one_begin_anew_when_they_are_over():
    game = SMALL.game().model_copy(update={"max_steps": 3})
    worlds, batch = WorldsOneByOne(game, 2), WorldsInOneBatch(game, 2, 1)
    for one in (worlds, batch):
        assert one.reset().shape == (6, one.spec.num_tokens, 3)
        ends = [one.step(np.zeros(6, dtype=np.int64))[2] for _ in range(7)]
        assert [bool(end.all()) for end in ends] == [False, False, True, False, False, True, False]


def test_pufferlib_sees_our_batch():
    worlds, batch = NativeWorlds(SMALL), BatchEnv(SMALL.game(), 2, num_maps=64)
    worlds.async_reset(5)
    batch.reset(5, desync=True)
    actions = np.random.default_rng(0).integers(worlds.single_action_space.n, size=(8, 6))
    for row in actions:
        worlds.send(row)
        batch.step(row.astype(np.int32))
        seen, rewards, terminated, truncated, _, rows, mask = worlds.recv()
        np.testing.assert_array_equal(seen.reshape(batch.observations.shape), batch.observations)
        np.testing.assert_array_equal(rewards, batch.rewards)
        np.testing.assert_array_equal(terminated | truncated, batch.terminated | batch.truncated)
    assert (rows[0], rows[-1], mask.all()) == (0, 5, True)
