"""Jobs of the background are read as they were written."""

from pathlib import Path

import pytest

from metta.policy.architectures.fast import FastConfig
from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.policy.uri import load_policy
from metta.sim.background import BackgroundEvaluation, EvaluationJob, evaluate
from metta.sim.results import PolicyName
from metta.sim.simulate import NamedPolicy, SimulationSettings, simulate
from metta.sim.simulation_config import SimulationConfig
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game


def test_it_finds_what_a_simulation_here_finds(tmp_path: Path) -> None:
    game = make_arena(num_agents=4, size=(11, 11), num_walls=2, max_steps=16)
    simulation = SimulationConfig(env=game, num_episodes=2)
    spec = compile_game(game).spec
    path = BackgroundEvaluation.policy_path(tmp_path)
    save_checkpoint(path, FastConfig(channels=8, hidden=16).build(spec), CheckpointMetadata())
    job = EvaluationJob(run="a", epoch=3, simulations=[simulation], seed=5)
    (tmp_path / "job.json").write_text(job.model_dump_json())
    named = NamedPolicy(load_policy(str(path), spec), PolicyName("a", 3))
    expected = simulate(simulation, [named], settings=SimulationSettings(seed=5)).means()
    assert evaluate(tmp_path) == expected
    assert expected.keys() >= {"arena/basic/reward", "arena/basic/heart.gained"}


@pytest.mark.parametrize("combat", [False, True])
def test_a_game_survives_being_written(combat: bool) -> None:
    job = EvaluationJob(simulations=[SimulationConfig(env=make_arena(combat=combat))])
    assert EvaluationJob.model_validate_json(job.model_dump_json()) == job
