"""Tables of docs/memory.md: what each core costs, and how well it remembers.

    python benchmarks/cores.py speed                      # a minute per core
    python benchmarks/cores.py recall --steps 2000000     # seed by seed; seeds and delays as options
    python benchmarks/cores.py t_maze --steps 2000000 --corridor 16

Results go to a JSON file, one entry per core and measure, and `table` prints them as Markdown. Runs on one thread; give
it a quiet machine.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from metta.bench.recall import recall_score
from metta.bench.t_maze import CORRIDORS, t_maze_score
from metta.bench.train import bench_train
from metta.common.system import SystemConfig
from metta.policy.architectures.agent import AgentConfig
from metta.policy.configs.core_config import CoreConfig
from metta.policy.configs.encoders import PlanesConfig
from metta.sim.processor import set_up_processor

MEASURES = ("recall_", "t_maze_")
"""Before the number of steps, in the names of what was measured."""
RESULTS = Path("train_dir/benchmarks/cores.json")


def measure_speed(core: str, repeats: int) -> dict[str, Any]:
    """Train in the arena with the planes of `fast`; the best epoch counts, playing and learning apart."""
    architecture = AgentConfig.model_validate({"core": core})
    figures, _ = bench_train(
        repeats, SystemConfig(seed=0, num_threads=1, device="cpu"), architecture=architecture
    )
    rates, shares = figures[0].values, {figure.name: figure.values for figure in figures[1:]}
    playing = zip(rates, shares["simulating"], shares["inferring"], strict=True)
    memory = CoreConfig.resolve(core).build(architecture.hidden)
    return {
        "parameters": sum(weight.numel() for weight in memory.parameters()),
        "memory": memory.memory_size,
        "rollout": round(max(rate / (simulate + infer) for rate, simulate, infer in playing)),
        "training": round(max(rate / learn for rate, learn in zip(rates, shares["learning"], strict=True))),
    }


def small_agent(core: str) -> AgentConfig:
    """A small agent with a core and no other way to know what was."""
    return AgentConfig.model_validate({"core": core, "hidden": 64, "encoder": PlanesConfig(channels=8)})


def measure_memory(core: str, options: argparse.Namespace, seed: int) -> float:
    """Train on what is asked for and return the share of right answers or decisions."""
    if options.what == "recall":
        return round(recall_score(small_agent(core), options.steps, options.delay, seed), 3)
    return round(t_maze_score(small_agent(core), options.steps, options.corridor, seed), 3)


def add_scores(results: dict[str, dict[str, Any]], options: argparse.Namespace) -> None:
    """Measure the seeds that are missing, seed by seed, and keep each as soon as it is there."""
    key = f"{options.what}_{options.delay if options.what == 'recall' else options.corridor}"
    for seed in range(options.seeds):
        for core in options.cores:
            result = results.setdefault(core, {}).setdefault(key, {"steps": options.steps, "scores": []})
            if result["steps"] != options.steps:
                raise SystemExit(
                    f"{options.results} has {core} with {result['steps']} steps; use another --results"
                )
            if len(result["scores"]) <= seed:
                result["scores"].append(measure_memory(core, options, seed))
                save(results, options.results)
                print(core, seed, result["scores"][-1], flush=True)


def save(results: dict[str, dict[str, Any]], path: Path) -> None:
    """Write what was measured so far."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1))


def table(results: dict[str, dict[str, Any]]) -> str:
    """Return what was measured as Markdown."""
    delays = sorted({key for result in results.values() for key in result if key.startswith(MEASURES)})
    head = ["core", "parameters", "memory", "rollout", "training", *(key.replace("_", " ") for key in delays)]
    rows = [head, ["---"] * len(head)]
    for core, result in sorted(results.items(), key=lambda item: -item[1].get("rollout", 0)):
        plain = [f"{result[key]:,}" if key in result else "" for key in head[1:5]]
        recall = [_spread(result[key]["scores"]) if key in result else "" for key in delays]
        rows.append([f"`{core}`", *plain, *recall])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _spread(scores: list[float]) -> str:
    mean = sum(scores) / len(scores)
    return f"{mean:.2f}" + (f" ({min(scores):.2f} .. {max(scores):.2f})" if len(scores) > 1 else "")


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["speed", "recall", "t_maze", "table"])
    parser.add_argument("--cores", nargs="*", default=sorted(CoreConfig.known()))
    parser.add_argument("--steps", type=int, default=2_000_000, help="agent-steps of a training")
    parser.add_argument("--delay", type=int, default=10, help="steps that a cue must be remembered")
    parser.add_argument("--corridor", type=int, default=16, choices=CORRIDORS, help="cells of the T-maze")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3, help="epochs that are timed")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    set_up_processor(1)
    results = json.loads(options.results.read_text()) if options.results.exists() else {}
    if options.what in ("recall", "t_maze"):
        add_scores(results, options)
    for core in options.cores if options.what == "speed" else []:
        results.setdefault(core, {}).update(measure_speed(core, options.repeats))
        save(results, options.results)
        print(core, json.dumps(results[core]), flush=True)
    print(table(results))


if __name__ == "__main__":
    main()
