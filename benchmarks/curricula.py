"""Compare algorithms of curricula on a ladder of tasks: run them, print a table, draw a picture.

    .venv/bin/python benchmarks/curricula.py run learning_progress uniform --seeds 0 1 2
    .venv/bin/python benchmarks/curricula.py draw

`run` adds one JSON file for each algorithm and seed to `--folder`; `draw` reads them. What is compared is measured
apart from training: after some epochs the policy plays every task equally often, on maps that training does not have.
Needs matplotlib (`./metta install dev`).
"""

import argparse
import json
import time
from pathlib import Path

import matplotlib
import numpy as np
import torch

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from metta.policy.policy import Policy
from metta.rl.components.component import Component
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from metta.rollout import Rollout, Seat
from metta.sim.processor import set_up_processor
from mettagrid.batch import BatchEnv
from recipes.experiment.curricula import MAX_STEPS, NUM_TASKS, make_task, train

EPOCHS_BETWEEN = 8
WORLDS_A_TASK = 64
SOLVED = 0.8
"""Share of the episodes of a task with a heart from which on it counts as solved."""


class Ladder(Component):
    """Measures a policy on all tasks every few epochs."""

    def __init__(self, policy: Policy) -> None:
        tasks = [make_task(uses) for uses in range(1, NUM_TASKS + 1)]
        self._env = BatchEnv(tasks, num_worlds=NUM_TASKS * WORLDS_A_TASK, num_maps=64, map_seed=999)
        self._env.next_games[:] = np.arange(self._env.num_worlds) % NUM_TASKS
        self._rollout = Rollout(self._env, [Seat(policy)], seed=1)
        self.points: list[dict[str, object]] = []

    def on_epoch_end(self, report: EpochReport) -> None:
        """Play an episode of each task in each of its worlds."""
        if report.progress.epoch % EPOCHS_BETWEEN:
            return
        self._rollout.reset(report.progress.epoch)
        for _ in range(MAX_STEPS):
            self._rollout.step()
        has_heart = self._env.episode_return.reshape(WORLDS_A_TASK, NUM_TASKS) > 0
        self.points.append(
            {
                "agent_steps": report.progress.num_agent_steps,
                "solved": has_heart.mean(axis=0).tolist(),
                "episodes": [report.metrics[f"curriculum/uses_{k + 1}.episodes"] for k in range(NUM_TASKS)],
            }
        )


def run(algorithm: str, seed: int, agent_steps: int, folder: Path) -> None:
    """Train once and write the points down."""
    set_up_processor(1)
    torch.manual_seed(seed)
    tool = train(algorithm, agent_steps)
    tasks = tool.training_env.list_tasks(seed)
    env = tool.training_env.build(1, seed, tasks)
    policy = tool.policy_architecture.build(env.spec)
    curriculum = tool.training_env.build_curriculum(tasks, env.spec.stat_names, seed)
    ladder = Ladder(policy)
    begun = time.process_time()
    Trainer(tool.trainer, env, policy, seed=seed, curriculum=curriculum).train([ladder])
    folder.mkdir(parents=True, exist_ok=True)
    told = {"algorithm": algorithm, "seed": seed, "points": ladder.points}
    (folder / f"{algorithm}_{seed}.json").write_text(json.dumps(told))
    last = " ".join(f"{share:.2f}" for share in ladder.points[-1]["solved"])  # pyright: ignore[reportGeneralTypeIssues]
    print(f"{algorithm} seed {seed}: {last}, {time.process_time() - begun:.0f} s of one core", flush=True)


def draw(folder: Path, picture: Path) -> None:
    """Draw mean success over tasks against agent-steps, and print what each run came to."""
    runs = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    names = sorted({told["algorithm"] for told in runs})
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    print("| algorithm | seed | mean success over the run | at the end | tasks solved at the end |")
    print("|---|---|---|---|---|")
    for color, name in zip(plt.rcParams["axes.prop_cycle"].by_key()["color"], names, strict=False):
        curves = []
        for told in (told for told in runs if told["algorithm"] == name):
            steps = [point["agent_steps"] / 1e6 for point in told["points"]]
            curve = [float(np.mean(point["solved"])) for point in told["points"]]
            curves.append(curve)
            axes.plot(steps, curve, color=color, alpha=0.35, linewidth=1)
            solved = sum(share >= SOLVED for share in told["points"][-1]["solved"])
            print(
                f"| {name} | {told['seed']} | {np.mean(curve):.3f} | {curve[-1]:.3f} | {solved} of {NUM_TASKS} |"
            )
        axes.plot(steps, np.mean(curves, axis=0), color=color, linewidth=2.5, label=name.replace("_", " "))
    axes.set(
        xlabel="million agent-steps",
        ylabel="share of episodes with a heart",
        title="A ladder of 7 tasks, mean of all",
    )
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(picture, dpi=120)
    print(picture)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path("train_dir/curricula"))
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run")
    running.add_argument("algorithms", nargs="+")
    running.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    running.add_argument("--agent_steps", type=int, default=1_500_000)
    drawing = commands.add_parser("draw")
    drawing.add_argument("--out", type=Path, default=Path("docs/pictures/curricula.png"))
    arguments = parser.parse_args()
    if arguments.command == "draw":
        draw(arguments.folder, arguments.out)
        return
    for seed in arguments.seeds:
        for algorithm in arguments.algorithms:
            run(algorithm, seed, arguments.agent_steps, arguments.folder)


if __name__ == "__main__":
    main()
