"""Draw the learning curves of runs into one picture, with the baselines of their scorecards.

    ./metta train arena run=seed_0 system.seed=0      # and seed_1, seed_2 with system.seed=1, system.seed=2
    .venv/bin/python benchmarks/learning_curves.py train_dir/seed_0 train_dir/seed_1 train_dir/seed_2

Needs matplotlib (`./metta install dev`). Reads the runs' metrics and statistics; changes nothing.
"""

import argparse
from pathlib import Path

import duckdb
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

METRIC = "heart.gained"
SMOOTHED_POINTS = 100
BASELINES = {"mock://random": "tab:gray", "mock://scripted": "tab:green", "mock://planner": "tab:olive"}


def main() -> None:
    """Read the command line and write the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", type=Path, help="run folders, e.g. train_dir/first")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/arena_learning.png"))
    parser.add_argument("--title", default="Learning in the arena", help="above the picture")
    arguments = parser.parse_args()
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for run in arguments.runs:
        axes.plot(*learning_curve(run), label=run.name.replace("_", " "), linewidth=1.5)
    for policy, mean in baseline_means(arguments.runs[0]).items():
        axes.axhline(mean, color=BASELINES[policy], linestyle="--", label=f"{policy} ({mean:.3g})")
    axes.set(xlabel="million agent-steps", ylabel="hearts per agent per episode", title=arguments.title)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(arguments.out, dpi=120)
    print(arguments.out)


def learning_curve(run: Path) -> tuple[list[float], list[float]]:
    """Million agent-steps, and the mean of the episodes that ended in each of `SMOOTHED_POINTS` stretches."""
    rows = duckdb.execute(
        """
        WITH points AS (
            SELECT agent_steps, value, ntile(?) OVER (ORDER BY agent_steps) AS stretch
            FROM read_parquet(?) WHERE name = ?
        )
        SELECT max(agent_steps) / 1e6, avg(value) FROM points GROUP BY stretch ORDER BY stretch
        """,
        [SMOOTHED_POINTS, str(run / "metrics" / "*.parquet"), f"episode/{METRIC}"],
    ).fetchall()
    return [steps for steps, _ in rows], [value for _, value in rows]


def baseline_means(run: Path) -> dict[str, float]:
    """Mean hearts per agent of each baseline in the run's scorecard; a metric that is not stored is 0."""
    with duckdb.connect(str(run / "stats.duckdb"), read_only=True) as database:
        rows = database.execute(
            """
            SELECT p.policy_key, coalesce(sum(m.value), 0) / count(*)
            FROM agent_policies p
            LEFT JOIN agent_metrics m
              ON m.episode_id = p.episode_id AND m.agent_id = p.agent_id AND m.metric = ?
            GROUP BY p.policy_key
            """,
            [METRIC],
        ).fetchall()
    return {policy: mean for policy, mean in rows if policy in BASELINES}


if __name__ == "__main__":
    main()
