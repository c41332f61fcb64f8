"""EvaluateTool: measure policies beside baselines, print the scorecard, keep the numbers."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from metta.common.errors import EXIT_OK, UserError
from metta.sim.device import torch_device
from metta.sim.parts import write_part
from metta.sim.policies import load_named_policy, run_folder_of
from metta.sim.processor import set_up_processor
from metta.sim.results import SimulationResult
from metta.sim.scorecard import (
    MAIN_METRICS,
    RANDOM_URI,
    SCRIPTED_URI,
    make_scores,
    scorecard_table,
    scores_json,
)
from metta.sim.simulate import SimulationSettings, simulate
from metta.sim.simulation_config import SimulationConfig
from metta.sim.stats_database import merge_folder
from metta.tools.table_tool import TableTool
from mettagrid.compile import compile_game

_PARTS_FOLDER = "evaluations"
_DATABASE = "stats.duckdb"


class EvaluateTool(TableTool):
    """Plays every simulation with every policy and with the baselines."""

    simulations: list[SimulationConfig] = Field(
        default_factory=lambda: [SimulationConfig()], min_length=1, description="what is played"
    )
    policy_uris: str | list[str] = Field(
        default_factory=list,
        description="who plays: files, folders, run:v5, run:latest, mock://random; one or several",
    )
    policy_uri: str | None = Field(default=None, description="the same, for a single policy")
    baselines: list[str] = Field(
        default_factory=lambda: [RANDOM_URI, SCRIPTED_URI],
        description="policies to compare with; [] for none",
    )
    num_episodes: int | None = Field(
        default=None, ge=1, description="episodes of every simulation; none = as it says itself"
    )
    seed: int | None = Field(default=None, ge=0, lt=2**31, description="of the episodes; none = system.seed")
    stats_dir: str | None = Field(
        default=None, description="where stats.duckdb is; none = the run's folder, or a new one"
    )

    def invoke(self) -> int:
        """Measures, writes stats.duckdb, prints the scorecard; returns the exit code."""
        uris = self.all_uris()
        if not uris:
            raise UserError("policy_uris: names no policy; give policy_uris=mock://random or a checkpoint")
        folder = self._stats_folder(uris)
        results = [self._run(simulation, uri, folder) for simulation in self.simulations for uri in uris]
        database = folder / _DATABASE
        merge_folder(database, folder / _PARTS_FOLDER)
        scores = make_scores(results, self._seed())
        data = {"scores": scores_json(scores), "seed": self._seed(), "stats": str(database)}
        self.print_result(scorecard_table(scores, MAIN_METRICS), data)
        self.say(f"statistics: {database}")
        return EXIT_OK

    def all_uris(self) -> list[str]:
        """The policies and then the baselines, each once."""
        named = [self.policy_uris] if isinstance(self.policy_uris, str) else list(self.policy_uris)
        named += [self.policy_uri] if self.policy_uri is not None else []
        return list(dict.fromkeys([*named, *self.baselines]))

    def _run(self, simulation: SimulationConfig, uri: str, folder: Path) -> SimulationResult:
        settings = SimulationSettings(
            self._seed(), torch_device(self.system.device), self.system.thread_count()
        )
        named = load_named_policy(uri, compile_game(simulation.env).spec, settings.device)
        # A scripted policy is many small operations: threads would only wait for each other.
        set_up_processor(settings.num_threads if named.policy.has_weights() else 1)
        if self.num_episodes is not None:
            simulation = simulation.model_copy(update={"num_episodes": self.num_episodes})
        self.say(f"{simulation.full_name}: {named.name.label}, {simulation.num_episodes} episodes")
        result = simulate(simulation, [named], settings=settings)
        write_part(folder / _PARTS_FOLDER, result)
        return result

    def _seed(self) -> int:
        return self.system.seed if self.seed is None else self.seed

    def _stats_folder(self, uris: list[str]) -> Path:
        if self.stats_dir is not None:
            return Path(self.stats_dir)
        runs = [folder for folder in map(run_folder_of, uris) if folder is not None]
        if runs:
            return runs[0]
        return Path(self.system.data_dir) / "evaluations" / datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
