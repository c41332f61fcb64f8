"""How fast training is from end to end, and where its time goes, by the trainer's own clock."""

import statistics
from collections.abc import Callable
from typing import Any

import torch

from metta.bench.machine import resident_bytes
from metta.bench.table import Figure
from metta.common.system import SystemConfig
from metta.policy.architecture import resolve_architecture
from metta.rl.components.component import Component
from metta.rl.config import TrainerConfig
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from metta.sim.device import torch_device
from metta.sim.processor import set_up_processor

PHASES = {
    "simulate": "simulating",
    "copy": "copying",
    "infer": "inferring",
    "forward": "learning, forward",
    "backward": "learning, backward",
    "learn": "learning, otherwise",
}
SIMULATING_AT_MOST = 0.10
SLOWER_AT_MOST = 0.03  # after many epochs, beside a trainer that begins
GROWTH_AT_MOST_MIB = 64.0  # memory, over all epochs but the first tenth


class Collector(Component):
    """Keeps the reports of all epochs."""

    def __init__(self) -> None:
        self.reports: list[EpochReport] = []

    def on_epoch_end(self, report: EpochReport) -> None:
        """Keep one."""
        self.reports.append(report)


class RateKeeper(Component):
    """Keeps of every epoch only its rate and the memory after it: reports would be a growing memory themselves."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.resident: list[int] = []

    def on_epoch_end(self, report: EpochReport) -> None:
        """Keep two numbers; 0 bytes where the system does not tell."""
        self.rates.append(report.metrics["time/agent_steps_per_second"])
        self.resident.append(resident_bytes() or 0)


def bench_train(
    num_epochs: int, system: SystemConfig, num_worlds: int | None = None, architecture: Any = "fast"
) -> tuple[list[Figure], dict[str, Any]]:
    """Train for some epochs after one that warms up.

    Args:
        num_epochs: epochs that are measured, at least 1.
        system: device, seed and threads.
        num_worlds: worlds of the batch; None = the default of training.
        architecture: who learns; whatever `resolve_architecture` takes.

    Returns:
        The figures in the order of the table, and facts about what was measured.
    """
    trainer = build_trainer(system, num_worlds, architecture)
    collector = Collector()
    trainer.train([collector], _after(collector, num_epochs + 1))
    reports = collector.reports[1:]
    rates = tuple(report.metrics["time/agent_steps_per_second"] for report in reports)
    figures = [Figure("training, end to end", rates)]
    for phase, name in PHASES.items():
        shares = tuple(report.shares.get(phase, 0.0) for report in reports)
        target = SIMULATING_AT_MOST if phase == "simulate" else None
        figures.append(Figure(name, shares, "%", target, at_least=False))
    rest = tuple(1.0 - sum(report.shares.values()) for report in reports)
    figures.append(Figure("everything else", rest, "%"))
    return figures, _facts(trainer, num_epochs)


def bench_sustained(
    num_epochs: int, system: SystemConfig, num_worlds: int | None = None, architecture: Any = "fast"
) -> tuple[list[Figure], dict[str, Any]]:
    """Train for many epochs, and then in turns with a trainer that begins there with the same weights.

    Turns, since a machine does not stay as fast as it was for the minutes that this takes. With few worlds epochs are
    small, a training row of each agent: what could grow grows by epochs and episodes, and as many of them as an hour of
    training has take minutes.

    Args:
        num_epochs: epochs before the turns, at least 10; a tenth as many turns follow.
        system: device, seed and threads.
        num_worlds: worlds of the batch; None = the default of training.
        architecture: who learns.

    Returns:
        Rates of both, by how much the old one is slower, and how much memory came after its first tenth.
    """
    old, keeper = build_trainer(system, num_worlds, architecture), RateKeeper()
    old.train([keeper], lambda: len(keeper.rates) > num_epochs)
    tenth = max(1, num_epochs // 10)
    growth = (keeper.resident[-1] - keeper.resident[tenth]) / 2**20
    fresh = build_trainer(system, num_worlds, architecture)
    fresh.policy.load_state_dict(old.policy.state_dict())
    _rate_of_an_epoch(fresh)
    turns = [(_rate_of_an_epoch(old), _rate_of_an_epoch(fresh)) for _ in range(tenth)]
    slower = 1.0 - statistics.median(one / other for one, other in turns)
    figures = [
        Figure(f"after {num_epochs} epochs", tuple(one for one, _ in turns)),
        Figure("a trainer that begins, in turns", tuple(other for _, other in turns)),
        Figure("slower by", (slower,), "%", SLOWER_AT_MOST, at_least=False),
        Figure("memory since the first tenth", (growth,), "MiB", GROWTH_AT_MOST_MIB, at_least=False),
    ]
    return figures, _facts(old, num_epochs)


def _rate_of_an_epoch(trainer: Trainer) -> float:
    """Train for one epoch; returns agent-steps per second."""
    keeper = RateKeeper()
    trainer.train([keeper], lambda: bool(keeper.rates))
    return keeper.rates[0]


def build_trainer(system: SystemConfig, num_worlds: int | None = None, architecture: Any = "fast") -> Trainer:
    """Return what `metta train arena policy_architecture=...` trains with, without its components.

    Another number of worlds has epochs of another size: one training row of each agent, as by default.
    """
    set_up_processor(system.thread_count())
    torch.manual_seed(system.seed)
    environment = TrainingEnvironmentConfig()
    if num_worlds is not None:
        environment.num_worlds = num_worlds
    env = environment.build(system.thread_count(), system.seed)
    policy = resolve_architecture(architecture).build(env.spec)
    config = TrainerConfig()
    if num_worlds is not None:
        size = env.num_rows * config.bptt_horizon
        config = config.model_copy(
            update={"batch_size": size, "minibatch_size": min(config.minibatch_size, size)}
        )
    return Trainer(config, env, policy, torch_device(system.device), system.seed, desync=environment.desync)


def _after(collector: Collector, num_epochs: int) -> Callable[[], bool]:
    return lambda: len(collector.reports) >= num_epochs


def _facts(trainer: Trainer, num_epochs: int) -> dict[str, Any]:
    return {
        "num_worlds": trainer.env.num_worlds,
        "num_agents": trainer.env.num_agents,
        "agent_steps_per_epoch": trainer.experience.num_agent_steps,
        "num_weights": sum(parameter.numel() for parameter in trainer.policy.parameters()),
        "device": str(trainer.device),
        "threads": torch.get_num_threads(),
        "torch": str(torch.__version__),
        "repeats": num_epochs,
    }
