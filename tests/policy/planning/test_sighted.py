"""The sighted planner knows what it has seen, and nothing else."""

import numpy as np
import pytest
import torch

from metta.policy.scripted.games.navigation import make_policy
from metta.policy.scripted.planning.chart import EMPTY, OBJECT, SIDE, UNKNOWN
from metta.policy.scripted.sighted import _HEADER, SightedPolicy
from mettagrid.batch import BatchEnv
from mettagrid.games.memory import make_memory
from mettagrid.games.navigation import make_navigation
from mettagrid.maps import AsciiMap
from tests.policy.planning.boards import hearts_of


def charts(env: BatchEnv, policy: SightedPolicy, num_steps: int, is_obeyed: bool = True):
    """Plays; yields after every step the chart [SIDE, SIDE] of each row, and the observations."""
    rng = np.random.default_rng(0)
    state, resets = policy.initial_state(env.num_rows), torch.ones(env.num_rows, dtype=torch.bool)
    for _ in range(num_steps):
        worlds = [env.world(world) for world in range(env.num_worlds)]
        places = [int(world.cells[0]) for world in worlds]
        output = policy(torch.from_numpy(env.observations), torch.from_numpy(env.action_mask), state, resets)
        state, resets = output.state, torch.zeros_like(resets)
        yield worlds, places, state[:, _HEADER : _HEADER + SIDE * SIDE].reshape(-1, SIDE, SIDE).numpy(), state
        others = rng.integers(output.logits.shape[-1], size=env.num_rows)
        env.step((output.logits.argmax(-1).numpy() if is_obeyed else others).astype(np.int32))


@pytest.mark.parametrize("is_obeyed", [True, False])
def test_its_chart_is_the_true_map_as_far_as_it_has_seen(is_obeyed: bool):
    env = BatchEnv(make_navigation(), num_worlds=3)
    env.reset(0)
    policy = make_policy(env.spec)
    seen = [set() for _ in range(3)]
    for worlds, places, known, state in charts(env, policy, 60, is_obeyed):
        for row, world in enumerate(worlds):
            here = divmod(places[row], world.width)
            at = divmod(int(state[row, 0]), SIDE)
            truth = np.zeros(world.height * world.width) + EMPTY
            for kind, cell in zip(world.kinds.tolist(), world.cells.tolist(), strict=True):
                if kind > 1 and cell >= 0:
                    truth[cell] = kind + OBJECT
            truth = truth.reshape(world.height, world.width)
            top, left = at[0] - here[0], at[1] - here[1]
            part = known[row, top : top + world.height, left : left + world.width]
            assert ((part == truth) | (part == UNKNOWN)).all()
            seen[row] |= {
                (r, c)
                for r in range(max(here[0] - 5, 0), min(here[0] + 6, world.height))
                for c in range(max(here[1] - 5, 0), min(here[1] + 6, world.width))
            }
            assert int((part != UNKNOWN).sum()) == len(seen[row])


def test_it_finds_what_is_out_of_sight():
    text = "\n".join(["#" * 30, "#@" + "." * 26 + "A#", "#" * 30])
    game = make_navigation(map=AsciiMap(text=text, legend={"A": "altar"}), max_steps=40)
    assert hearts_of("mock://scripted", game) == [1]


def test_it_does_not_know_what_it_has_not_seen():
    """Of two dead ends it tries the wrong one, in one of two worlds that look alike."""
    row = "." * 9 + "@" + "." * 9
    texts = [
        f"#####################\n#{left}{row[1:-1]}{right}#\n#####################"
        for left, right in ("A.", ".A")
    ]
    games = [make_navigation(map=AsciiMap(text=t, legend={"A": "altar"}), max_steps=12) for t in texts]
    assert sorted(hearts_of("mock://scripted", game) for game in games) == [[0], [1]]
    assert [hearts_of("mock://planner", game) for game in games] == [[1], [1]]


def test_a_sequence_gives_the_same_as_its_steps():
    env = BatchEnv(make_navigation(), num_worlds=2)
    env.reset(0)
    policy = make_policy(env.spec)
    initial = state = policy.initial_state(2)
    steps, resets = [], torch.zeros(20, 2, dtype=torch.bool)
    resets[0] = resets[13] = True
    for reset in resets:
        seen = torch.from_numpy(env.observations).clone(), torch.from_numpy(env.action_mask).clone()
        output = policy(*seen, state, reset)
        state = output.state
        steps.append((*seen, output.logits))
        env.step(output.logits.argmax(-1).numpy().astype(np.int32))
    observations, masks, logits = (torch.stack(column) for column in zip(*steps, strict=True))
    whole = policy(observations, masks, initial, resets)
    assert torch.equal(whole.logits, logits)
    assert torch.equal(whole.state, state)


@pytest.mark.parametrize("task", ["obstacles0", "memory_palace"])
def test_it_solves_named_tasks(task):
    assert hearts_of("mock://scripted", make_navigation(task)) == [3]


def test_two_go_their_ways_though_one_is_in_the_way_of_the_other():
    row = "@@" + "." * 12 + "A"
    text = "\n".join(["#" * 17, f"#{row}#", "#" * 15 + "A#", "#" * 17])
    game = make_memory(map=AsciiMap(text=text, legend={"A": "altar"}), num_agents=2, max_steps=60)
    assert sum(hearts_of("mock://scripted", game)) == 1, (
        "a corridor of one cell: who comes first stands before the altar"
    )
    assert sum(hearts_of("mock://scripted", make_memory("in_view"))) == 2
