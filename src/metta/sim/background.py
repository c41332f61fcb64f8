"""Measuring in a process of its own, so that whoever asked goes on meanwhile.

    python -m metta.sim.background FOLDER

reads FOLDER/job.json and FOLDER/policy.mpt, plays, and writes FOLDER/result.json when it is done. The process makes way
for others: it is nice, and has as many threads as it is given.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from pydantic import Field

from metta.policy.uri import load_policy
from metta.sim.processor import set_up_processor
from metta.sim.results import PolicyName
from metta.sim.simulate import NamedPolicy, SimulationSettings, simulate
from metta.sim.simulation_config import SimulationConfig
from mettagrid.compile import compile_game
from mettagrid.config.base import Config
from mettagrid.whole_file import whole_file

_JOB, _POLICY, _RESULT, _LOG = "job.json", "policy.mpt", "result.json", "log.txt"
_NICENESS = 10


class EvaluationJob(Config):
    """What is played by whom."""

    run: str = Field(default="", description="name of the policy's run")
    epoch: int = Field(default=0, ge=0, description="epoch of the policy")
    simulations: list[SimulationConfig] = Field(default_factory=list, description="what is played")
    seed: int = Field(default=0, description="of worlds and choices")
    device: str = Field(default="cpu", description="where the policy computes")
    num_threads: int = Field(default=1, ge=1, description="threads")


class BackgroundEvaluation:
    """A running process that measures one policy.

    Args:
        folder: of the job alone; holds `policy.mpt`.
        job: what is played.
    """

    def __init__(self, folder: Path, job: EvaluationJob) -> None:
        self.job = job
        self._folder = folder
        (folder / _JOB).write_text(job.model_dump_json())
        (folder / _RESULT).unlink(missing_ok=True)
        with (folder / _LOG).open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "metta.sim.background", str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the run, which decides about this process
            )

    @staticmethod
    def policy_path(folder: Path) -> Path:
        """Return where the policy of a job belongs."""
        return folder / _POLICY

    def is_running(self) -> bool:
        """Return whether there is no result yet."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Wait until it is done."""
        self._process.wait()

    def stop(self) -> None:
        """End it without a result."""
        self._process.kill()
        self._process.wait()

    def result(self) -> dict[str, float]:
        """Return `<simulation>/<metric>`: mean per agent and episode.

        Raises:
            RuntimeError: the process failed; with the last line that it wrote.
        """
        if self._process.returncode != 0:
            lines = (self._folder / _LOG).read_text(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else f"exit code {self._process.returncode}"
            raise RuntimeError(
                f"the evaluation of epoch {self.job.epoch} failed: {reason} (all of it: {self._folder / _LOG})"
            )
        return json.loads((self._folder / _RESULT).read_text())


def evaluate(folder: Path) -> dict[str, float]:
    """Play a job and return `<simulation>/<metric>`: mean per agent and episode."""
    job = EvaluationJob.model_validate_json((folder / _JOB).read_text())
    set_up_processor(job.num_threads)
    settings = SimulationSettings(job.seed, job.device, job.num_threads)
    means: dict[str, float] = {}
    for simulation in job.simulations:
        spec = compile_game(simulation.env).spec
        policy = load_policy(str(folder / _POLICY), spec, job.device)
        named = NamedPolicy(policy, PolicyName(job.run, job.epoch))
        means.update(simulate(simulation, [named], settings=settings).means())
    return means


def main() -> None:
    """Play the job of the folder on the command line."""
    folder = Path(sys.argv[1])
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    means = evaluate(folder)
    with whole_file(folder / _RESULT) as temporary:
        temporary.write_text(json.dumps(means))


if __name__ == "__main__":
    main()
