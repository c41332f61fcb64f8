"""Architectures in games that ask for different things: same agent-steps for all, some seeds; a table and a picture.

    .venv/bin/python benchmarks/architectures.py                 # six in three games, one seed
    .venv/bin/python benchmarks/architectures.py --architectures fast vit_small --games memory --seeds 3
    .venv/bin/python benchmarks/architectures.py --table         # train nothing, show what is there

`arena` is open and crowded, `memory` asks for what was seen at the start of an episode, `chain` (in-context chain,
2 converters, 1 distractor) for what was tried in it. The recipes' settings, but for the budget. Seeds are the outer
loop; a run that is done is not done again, one that was interrupted goes on, so it can be stopped at any time. Needs
matplotlib (`./metta install dev`). Writes OUT.md and OUT.png.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import training_runs

from metta.common.parse import parse_scalar
from metta.policy.architecture import resolve_architecture
from metta.tools.train import TrainTool
from recipes.prod import arena, in_context_chain, memory


@dataclass(frozen=True)
class Game:
    """What is trained in, and what tells how well."""

    train: Callable[[], TrainTool]
    agent_steps: int
    metric: str = training_runs.METRIC


GAMES = {
    # The first hearts come after 4M agent-steps; what is paid on the way to them is learned from the start.
    "arena": Game(arena.train, 4_000_000, "rollout/reward"),
    "memory": Game(memory.train, 2_500_000),
    "chain": Game(lambda: in_context_chain.train(length=2, distractors=1), 4_000_000),
}
NAMES = ("memory_free", "fast", "lstm", "mamba", "cortex", "vit_tiny", "vit_small", "vit_med")
CHEAP = NAMES[:6]


def main() -> None:
    """Read the command line, train what is missing, write table and picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--architectures", nargs="+", choices=NAMES, default=list(CHEAP))
    parser.add_argument("--games", nargs="+", choices=list(GAMES), default=list(GAMES))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument(
        "--agent-steps", type=parse_scalar, default=None, help="none = the game's, 2.5M or 4M"
    )
    parser.add_argument("--threads", type=int, default=None, help="of PyTorch and of the worlds; none = all")
    parser.add_argument("--table", action="store_true", help="train nothing, show what is there")
    parser.add_argument("--data-dir", type=Path, default=Path("train_dir/architectures"))
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/architectures"))
    arguments = parser.parse_args()
    for seed in range(0 if arguments.table else arguments.seeds):
        for game in arguments.games:
            for name in arguments.architectures:
                run(arguments, game, name, seed)
    write_table(arguments)
    draw(arguments)
    print(f"{arguments.out}.md, {arguments.out}.png")


def budget(arguments: argparse.Namespace, game: str) -> int:
    """Return the agent-steps of a run."""
    return arguments.agent_steps or GAMES[game].agent_steps


def folder(arguments: argparse.Namespace, game: str, name: str, seed: int) -> Path:
    """Return where a case is trained."""
    return arguments.data_dir / f"{game}-{name}-{seed}"


def run(arguments: argparse.Namespace, game: str, name: str, seed: int) -> None:
    """Train one architecture in one game with one seed, or go on with it."""
    tool = GAMES[game].train()
    tool.policy_architecture = resolve_architecture(name)
    settings = {
        "trainer.total_timesteps": budget(arguments, game),
        **({"system.num_threads": arguments.threads} if arguments.threads else {}),
    }
    training_runs.train_once(tool, folder(arguments, game, name, seed), seed, settings)


def trained(arguments: argparse.Namespace, game: str, name: str) -> list[Path]:
    """Return the runs that are done."""
    runs = [folder(arguments, game, name, seed) for seed in range(arguments.seeds)]
    return [path for path in runs if training_runs.agent_steps_of(path) >= budget(arguments, game)]


def write_table(arguments: argparse.Namespace) -> None:
    """Write what each architecture reached in the last tenth, with the number of seeds where some are missing."""
    games = arguments.games
    heads = [f"{game}, {budget(arguments, game) / 1e6:g}M: {measure(game)}" for game in games]
    lines = [
        f"| architecture | {' | '.join(heads)} | agent-steps/s in {', '.join(games)} |",
        f"|---|{'---|' * len(games)}---|",
    ]
    for name in arguments.architectures:
        cells, rates = [], []
        for game in games:
            runs = trained(arguments, game, name)
            missing = f" ({len(runs)} seeds)" if 0 < len(runs) < arguments.seeds else ""
            ends = training_runs.scores(runs, GAMES[game].metric)[0]
            cells.append(training_runs.spread([end * scale(game) for end in ends]) + missing)
            rates.append(f"{max(training_runs.speed(path) for path in runs) / 1000:.1f}k" if runs else "-")
        lines.append(f"| `{name}` | {' | '.join(cells)} | {', '.join(rates)} |")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.with_suffix(".md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def measure(game: str) -> str:
    """Return what a game's metric is called in the table."""
    return "hearts" if GAMES[game].metric == training_runs.METRIC else "reward per 1000 steps"


def scale(game: str) -> float:
    """Return what a game's metric is multiplied with in the table."""
    return 1.0 if GAMES[game].metric == training_runs.METRIC else 1000.0


def draw(arguments: argparse.Namespace) -> None:
    """Draw a panel for each game: the mean curve of each architecture with the range of its seeds."""
    games = arguments.games
    figure, panels = plt.subplots(
        1, len(games), figsize=(4.6 * len(games), 4.2), layout="constrained", squeeze=False
    )
    for axes, game in zip(panels[0], games, strict=True):
        runs = {name: trained(arguments, game, name) for name in arguments.architectures}
        some = {name: of_name for name, of_name in runs.items() if of_name}
        training_runs.draw_curves(axes, some, bold="fast", metric=GAMES[game].metric)
        axes.set_title(game)
    panels[0][0].legend(frameon=False)
    figure.savefig(arguments.out.with_suffix(".png"), dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
