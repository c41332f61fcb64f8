import pytest

import metta.bench.t_maze
from metta.bench.t_maze import CORRIDORS, share_of_right_decisions, t_maze_score
from metta.policy.architectures.agent import AgentConfig
from metta.policy.configs.encoders import PlanesConfig
from metta.policy.uri import load_policy
from mettagrid.batch import BatchEnv
from mettagrid.games.memory import make_memory


def share(uri: str, corridor: int) -> float:
    spec = BatchEnv(make_memory(f"t_maze_{corridor}"), num_maps=1).spec
    return share_of_right_decisions(load_policy(uri, spec), corridor, num_worlds=64)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_who_knows_the_side_is_right_and_who_must_look_is_right_half_of_the_time(corridor: int) -> None:
    assert share("mock://planner", corridor) == 1.0
    assert share("mock://scripted", corridor) == pytest.approx(0.5, abs=0.2)


def test_chance_is_never_there_in_time() -> None:
    assert share("mock://random", 16) == 0.0


def test_a_core_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metta.bench.t_maze, "_NUM_WORLDS", 32)
    small = AgentConfig(hidden=8, encoder=PlanesConfig(channels=2))
    assert 0.0 <= t_maze_score(small, num_agent_steps=2_048, corridor=8) <= 1.0
