"""Losses one by one against PPO alone: same arena, same agent-steps, some seeds; a table and a picture.

    .venv/bin/python benchmarks/losses.py                                    # all, 3 seeds, 10M agent-steps each
    .venv/bin/python benchmarks/losses.py --losses ppo curiosity --seeds 2 --agent-steps 2M --shaped

Runs one after the other, so that they do not slow each other down; a run that is done is not done again, one that was
interrupted goes on. Needs matplotlib (`./metta install dev`). Writes OUT.md and OUT.png.
"""

import argparse
from pathlib import Path
from statistics import mean, stdev

import duckdb
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from metta.cli.parse import parse_scalar

from recipes.experiment.losses import NAMES, train

METRIC = "episode/heart.gained"
SPEED = "time/agent_steps_per_second"
SMOOTHED_POINTS = 50


def main() -> None:
    """Read the command line, train what is missing, write table and picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--losses", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--agent-steps", type=parse_scalar, default=10_000_000)
    parser.add_argument("--shaped", action="store_true", help="also reward what leads to hearts")
    parser.add_argument("--worlds", type=int, default=32)
    parser.add_argument("--data-dir", type=Path, default=Path("train_dir/losses"))
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/losses"))
    arguments = parser.parse_args()
    for seed in range(arguments.seeds):
        for loss in arguments.losses:
            run(arguments, loss, seed)
    write_table(arguments)
    draw(arguments)
    print(f"{arguments.out}.md, {arguments.out}.png")


def run(arguments: argparse.Namespace, loss: str, seed: int) -> None:
    """Train one case with one seed, or go on with it."""
    tool = train(loss, sparse=not arguments.shaped, agent_steps=arguments.agent_steps)
    tool.override_all(
        {
            "run": f"{loss}-{seed}",
            "system.seed": seed,
            "system.data_dir": str(arguments.data_dir),
            "training_env.num_worlds": arguments.worlds,
            "evaluator.after_training": False,
        }
    )
    code = tool.invoke()
    if code:
        raise SystemExit(code)


def curve(arguments: argparse.Namespace, loss: str, seed: int) -> list[tuple[float, float]]:
    """(million agent-steps, hearts per agent), the mean of each of `SMOOTHED_POINTS` stretches of a run."""
    rows = duckdb.execute(
        """
        WITH points AS (
            SELECT agent_steps, value, ntile(?) OVER (ORDER BY agent_steps) AS stretch
            FROM read_parquet(?) WHERE name = ?
        )
        SELECT max(agent_steps) / 1e6, avg(value) FROM points GROUP BY stretch ORDER BY stretch
        """,
        [SMOOTHED_POINTS, str(arguments.data_dir / f"{loss}-{seed}" / "metrics" / "*.parquet"), METRIC],
    )
    return rows.fetchall()


def speed(arguments: argparse.Namespace, loss: str, seed: int) -> float:
    """Median agent-steps per second of a run."""
    parts = str(arguments.data_dir / f"{loss}-{seed}" / "metrics" / "*.parquet")
    query = "SELECT median(value) FROM read_parquet(?) WHERE name = ?"
    row = duckdb.execute(query, [parts, SPEED]).fetchone()
    return float(row[0]) if row else 0.0


def scores(arguments: argparse.Namespace, loss: str) -> tuple[list[float], list[float]]:
    """For each seed: hearts at the end (the last tenth), and the mean over the whole run."""
    curves = [[value for _, value in curve(arguments, loss, seed)] for seed in range(arguments.seeds)]
    last = max(1, SMOOTHED_POINTS // 10)
    return [mean(values[-last:]) for values in curves if values], [mean(v) for v in curves if v]


def write_table(arguments: argparse.Namespace) -> None:
    """Write what each loss reached, beside PPO alone."""
    seeds = range(arguments.seeds)
    lines = [
        f"{arguments.agent_steps / 1e6:g}M agent-steps, {arguments.seeds} seeds, mean ± deviation; hearts per agent "
        f"and episode, {'shaped' if arguments.shaped else 'sparse'} rewards.",
        "",
        "| losses | at the end | over the run | agent-steps/s |",
        "|---|---|---|---|",
    ]
    for loss in arguments.losses:
        end, whole = scores(arguments, loss)
        rate = mean(speed(arguments, loss, seed) for seed in seeds)
        lines.append(f"| {loss} | {spread(end)} | {spread(whole)} | {rate:,.0f} |")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.with_suffix(".md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def spread(values: list[float]) -> str:
    """Mean and deviation of some seeds; a run too short for an episode has none."""
    if not values:
        return "-"
    return f"{mean(values):.2f}" + (f" ± {stdev(values):.2f}" if len(values) > 1 else "")


def draw(arguments: argparse.Namespace) -> None:
    """Draw the mean curve of each loss with the range of its seeds."""
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for loss in arguments.losses:
        curves = [curve(arguments, loss, seed) for seed in range(arguments.seeds)]
        points = list(zip(*curves, strict=False))
        steps = [mean(step for step, _ in point) for point in points]
        values = [[value for _, value in point] for point in points]
        line = axes.plot(
            steps, [mean(v) for v in values], label=loss, linewidth=2.5 if loss == "ppo" else 1.2
        )
        axes.fill_between(
            steps, [min(v) for v in values], [max(v) for v in values], alpha=0.12, color=line[0].get_color()
        )
    axes.set(
        xlabel="million agent-steps", ylabel="hearts per agent per episode", title="PPO and one more loss"
    )
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(arguments.out.with_suffix(".png"), dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    main()
