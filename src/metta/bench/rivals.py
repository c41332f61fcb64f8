"""Our trainer beside PufferLib's and a loop in CleanRL's style: same network, portions and worlds, in turns."""

import dataclasses
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch

from metta.bench.peer import Peer
from metta.bench.rival_cleanrl import CleanRLLoop
from metta.bench.rival_network import FlatArchitecture
from metta.bench.rival_settings import RivalSettings
from metta.bench.table import Figure, ratio
from metta.common.errors import UserError
from metta.rl.components.component import Component
from metta.rl.config import TrainerConfig
from metta.rl.environment import TrainingEnvironmentConfig
from metta.rl.report import EpochReport
from metta.rl.trainer import Trainer
from metta.sim.processor import set_up_processor

RIVALS = ("cleanrl", "pufferlib")
MAKE_PUFFER = (
    "python -m venv PEER && PEER/bin/pip install . && "
    "PEER/bin/pip install --no-build-isolation pufferlib==3.0.0, then --peer-python PEER/bin/python"
)
SCRIPT = Path(__file__).with_name("peer_pufferlib.py")
PARTS = ("simulate", "copy", "infer", "forward", "backward")
OURS, OURS_BF16, PUFFER = "ours", "ours, bfloat16", "PufferLib"
CLEANRL, CLEANRL_BATCH = "CleanRL-style", "CleanRL-style, our batch of worlds"
PUFFER_AT_LEAST, CLEANRL_AT_LEAST = 1.3, 5.0

Turn = Callable[[], tuple[float, dict[str, float]]]
"""Trains for an epoch; returns agent-steps per second, and seconds by part as far as known."""


class _LastReport(Component):
    def __init__(self) -> None:
        self.report: EpochReport | None = None

    def on_epoch_end(self, report: EpochReport) -> None:
        """Keep it."""
        self.report = report


def bench_rivals(
    settings: RivalSettings, rivals: tuple[str, ...], repeats: int, peer_python: str | None
) -> tuple[list[Figure], dict[str, Any]]:
    """Let all train an epoch in turn, after one that warms up.

    Returns:
        Rates, ratios of medians and shares, and facts about what was measured.

    Raises:
        UserError: PufferLib is asked for, but not where it is.
    """
    if "pufferlib" in rivals and peer_python is None:
        raise UserError(f"--vs pufferlib needs an interpreter that has it and Metta: {MAKE_PUFFER}")
    set_up_processor(settings.num_threads)
    with ExitStack() as stack:
        turns: dict[str, Turn] = {OURS: _ours(settings), OURS_BF16: _ours(settings, bf16=True)}
        if "cleanrl" in rivals:
            turns[CLEANRL] = _cleanrl(settings, one_by_one=True)
            turns[CLEANRL_BATCH] = _cleanrl(settings, one_by_one=False)
        if "pufferlib" in rivals and peer_python is not None:
            peer = stack.enter_context(Peer(peer_python, {}, -1, SCRIPT, "pufferlib", MAKE_PUFFER))
            turns[PUFFER] = _pufferlib(peer, settings)
        for turn in turns.values():
            turn()
        measured = [{name: turn() for name, turn in turns.items()} for _ in range(repeats)]
    rates = {name: Figure(name, tuple(row[name][0] for row in measured)) for name in turns}
    parts = {name: [row[name][1] for row in measured] for name in (OURS, OURS_BF16, PUFFER) if name in turns}
    facts = {**dataclasses.asdict(settings), "repeats": repeats, "agent_steps_per_epoch": settings.batch_size}
    return [*rates.values(), *_ratios(rates), *_shares(parts)], facts


def _ratios(rates: dict[str, Figure]) -> list[Figure]:
    bounds = {PUFFER: PUFFER_AT_LEAST, CLEANRL: CLEANRL_AT_LEAST, CLEANRL_BATCH: None}
    return [
        ratio(f"{own} to {name}", rates[own], rates[name], target=bound)
        for own in (OURS, OURS_BF16)
        for name, bound in bounds.items()
        if name in rates
    ]


def _shares(parts: dict[str, list[dict[str, float]]]) -> list[Figure]:
    """Shares of the epoch, in percent of its whole time; what is not named is the rest."""
    return [
        Figure(f"{name}: {part}", tuple(row.get(part, 0.0) for row in rows), "%")
        for name, rows in parts.items()
        for part in (*PARTS, "rest")
    ]


def _with_rest(seconds: float, parts: dict[str, float]) -> dict[str, float]:
    shares = {part: parts.get(part, 0.0) / seconds for part in PARTS}
    return {**shares, "rest": 1.0 - sum(shares.values())}


def _ours(settings: RivalSettings, bf16: bool = False) -> Turn:
    torch.manual_seed(0)
    env = TrainingEnvironmentConfig(game=settings.game(), num_worlds=settings.num_worlds, num_maps=64)
    config = TrainerConfig(
        total_timesteps=10**12,
        batch_size=settings.batch_size,
        minibatch_size=settings.minibatch_size,
        bptt_horizon=settings.horizon,
        bf16=bf16,
    )
    config.optimizer.learning_rate = settings.learning_rate
    batch = env.build(settings.num_threads, seed=0)
    architecture: Any = FlatArchitecture(hidden=settings.hidden, memory=settings.memory)  # pyright: ignore[reportCallIssue]
    trainer = Trainer(config, batch, architecture.build(batch.spec))
    last = _LastReport()

    def turn() -> tuple[float, dict[str, float]]:
        last.report = None
        begin = time.perf_counter()
        trainer.train([last], lambda: last.report is not None)
        seconds = time.perf_counter() - begin
        report: Any = last.report
        parts = {name: share * report.epoch_seconds for name, share in report.shares.items()}
        return settings.batch_size / seconds, _with_rest(seconds, parts)

    return turn


def _cleanrl(settings: RivalSettings, one_by_one: bool) -> Turn:
    loop = CleanRLLoop(settings, one_by_one)

    def turn() -> tuple[float, dict[str, float]]:
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision("highest")  # PyTorch as it comes, as in a process of its own
        begin = time.perf_counter()
        steps = loop.iterate()
        seconds = time.perf_counter() - begin
        torch.set_float32_matmul_precision(before)
        return steps / seconds, {}

    return turn


def _pufferlib(peer: Peer, settings: RivalSettings) -> Turn:
    peer.ask({"setup": dataclasses.asdict(settings)})

    def turn() -> tuple[float, dict[str, float]]:
        answer = peer.ask({"epochs": 1})
        rate = answer["agent_steps"] / answer["seconds"]
        return rate, _with_rest(answer["seconds"], answer["parts"])

    return turn
