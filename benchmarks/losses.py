"""Losses one by one against PPO alone: same game, same agent-steps, some seeds; a table and a picture.

    .venv/bin/python benchmarks/losses.py                                    # all, 3 seeds, 10M agent-steps each
    .venv/bin/python benchmarks/losses.py --game navigation --agent-steps 1M
    .venv/bin/python benchmarks/losses.py --losses ppo curiosity --seeds 2 --agent-steps 2M --shaped

Runs one after the other, so that they do not slow each other down; a run that is done is not done again, one that was
interrupted goes on. Needs matplotlib (`./metta install dev`). Writes OUT.md and OUT.png.
"""

import argparse
from pathlib import Path
from statistics import mean

import matplotlib.pyplot as plt
import training_runs

from metta.common.parse import parse_scalar
from recipes.experiment.losses import GAMES, NAMES, train


def main() -> None:
    """Read the command line, train what is missing, write table and picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--losses", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--game", choices=GAMES, default="arena")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--agent-steps", type=parse_scalar, default=10_000_000)
    parser.add_argument(
        "--shaped", action="store_true", help="also reward what leads to hearts, in the arena"
    )
    parser.add_argument("--threads", type=int, default=None, help="of PyTorch and of the worlds; none = all")
    parser.add_argument("--table", action="store_true", help="train nothing, show what is there")
    parser.add_argument("--data-dir", type=Path, default=Path("train_dir/losses"))
    parser.add_argument("--out", type=Path, default=None, help="default docs/pictures/losses_GAME")
    arguments = parser.parse_args()
    arguments.out = arguments.out or Path(f"docs/pictures/losses_{arguments.game}")
    for seed in range(0 if arguments.table else arguments.seeds):
        for loss in arguments.losses:
            run(arguments, loss, seed)
    write_table(arguments)
    draw(arguments)
    print(f"{arguments.out}.md, {arguments.out}.png")


def folder(arguments: argparse.Namespace, loss: str, seed: int) -> Path:
    """Return where a case is trained."""
    return arguments.data_dir / f"{arguments.game}-{loss}-{seed}"


def run(arguments: argparse.Namespace, loss: str, seed: int) -> None:
    """Train one case with one seed, or go on with it."""
    tool = train(loss, arguments.game, not arguments.shaped, arguments.agent_steps)
    settings = {"system.num_threads": arguments.threads} if arguments.threads else {}
    training_runs.train_once(tool, folder(arguments, loss, seed), seed, settings)


def write_table(arguments: argparse.Namespace) -> None:
    """Write what each loss reached, beside PPO alone."""
    lines = [
        f"{arguments.agent_steps / 1e6:g}M agent-steps, {arguments.seeds} seeds, mean ± deviation; hearts per agent "
        f"and episode of {arguments.game}, {'shaped' if arguments.shaped else 'sparse'} rewards.",
        "",
        "| losses | at the end | over the run | agent-steps/s |",
        "|---|---|---|---|",
    ]
    for loss in arguments.losses:
        runs = [folder(arguments, loss, seed) for seed in range(arguments.seeds)]
        end, whole = training_runs.scores(runs)
        rate = mean(training_runs.speed(path) for path in runs)
        spread = training_runs.spread
        lines.append(f"| `{loss}` | {spread(end)} | {spread(whole)} | {rate:,.0f} |")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.with_suffix(".md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def draw(arguments: argparse.Namespace) -> None:
    """Draw the mean curve of each loss with the range of its seeds."""
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    runs = {
        loss: [folder(arguments, loss, seed) for seed in range(arguments.seeds)] for loss in arguments.losses
    }
    training_runs.draw_curves(axes, runs, bold="ppo")
    axes.set_title(f"PPO and one more loss: {arguments.game}")
    axes.legend(frameon=False)
    figure.savefig(arguments.out.with_suffix(".png"), dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    main()
