import json
from pathlib import Path

import duckdb
import pytest

from metta.common.system import SystemConfig
from metta.policy.architectures.fast import FastConfig
from metta.policy.checkpoint import CheckpointMetadata, save_checkpoint
from metta.policy.uri import checkpoint_path
from metta.sim.simulation_config import SimulationConfig
from metta.tools.evaluate import EvaluateTool
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game

GAME = make_arena(num_agents=4).model_copy(update={"max_steps": 40})


def tool(tmp_path: Path, **changes: object) -> EvaluateTool:
    simulation = SimulationConfig(suite="arena", name="small", env=GAME, num_episodes=3)
    system = SystemConfig(device="cpu", num_threads=1, data_dir=str(tmp_path / "data"))
    return EvaluateTool(system=system, simulations=[simulation], **changes)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run folder with the checkpoints first:v1 and first:v5."""
    folder = tmp_path / "first"
    policy = FastConfig().build(compile_game(GAME).spec)
    for epoch in (1, 5):
        path = checkpoint_path(folder / "checkpoints", "first", epoch)
        save_checkpoint(path, policy, CheckpointMetadata(run="first", epoch=epoch))
    return folder


def test_policies_and_baselines_are_shown_and_kept(
    tmp_path: Path, run: Path, capsys: pytest.CaptureFixture[str]
):
    assert tool(tmp_path, policy_uris=[f"{run}/checkpoints/first:v1", str(run)]).invoke() == 0
    shown = capsys.readouterr().out
    for word in (
        "first:v1",
        "first:v5",
        "mock://random",
        "mock://scripted",
        "95% interval",
        str(run / "stats.duckdb"),
    ):
        assert word in shown
    with duckdb.connect(str(run / "stats.duckdb"), read_only=True) as connection:
        policies = connection.execute(
            "SELECT DISTINCT policy_key, policy_version FROM agent_policies ORDER BY ALL"
        )
        assert policies.fetchall() == [
            ("first", 1),
            ("first", 5),
            ("mock://random", 0),
            ("mock://scripted", 0),
        ]
        assert connection.execute("SELECT count(*) FROM episodes").fetchone() == (12,)
    assert list((run / "evaluations").iterdir()) == []


def test_json_is_all_that_stdout_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tool(tmp_path, policy_uri="mock://random", baselines=[], json=True, num_episodes=2).invoke() == 0
    data = json.loads(capsys.readouterr().out)
    hearts = next(score for score in data["scores"] if score["metric"] == "heart.gained")
    assert (hearts["policy"], hearts["num_episodes"], hearts["times_random"] in (1.0, None)) == (
        "mock://random",
        2,
        True,
    )
    assert Path(data["stats"]).is_file()
    assert Path(data["stats"]).is_relative_to(tmp_path / "data" / "evaluations")


def test_equal_seeds_give_equal_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    scores = []
    for _ in range(2):
        tool(tmp_path, policy_uri="mock://random", baselines=[], json=True, seed=9).invoke()
        scores.append(json.loads(capsys.readouterr().out)["scores"])
    assert scores[0] == scores[1]


def test_every_policy_is_played_once(tmp_path: Path):
    assert tool(tmp_path, policy_uris="mock://random", policy_uri="mock://noop").all_uris() == [
        "mock://random",
        "mock://noop",
        "mock://scripted",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"baselines": []}, "names no policy"),
        ({"policy_uri": "mock://randon"}, "did you mean random"),
        ({"policy_uri": "nowhere/run:v1"}, "nowhere"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, changes: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message) as error:
        tool(tmp_path, **changes).invoke()
    assert "\n" not in str(error.value)
