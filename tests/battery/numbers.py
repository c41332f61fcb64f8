"""M4: NaN and infinity in what the policy sees, rewards, gradients, weights and the optimizer, at random steps.

Exit code 3 with the tensor and the step, before anything of it is saved. Observations are bytes and cannot hold NaN;
what the policy's encoder makes of them can.
"""

import math
import random
import re
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from metta.policy.checkpoint import read_checkpoint
from metta.policy.uri import list_checkpoints
from metta.rl import trainer as trainer_module
from metta.rl.optimizer import Optimizer
from metta.rl.run_folder import RunFolder
from metta.rl.trainer import Trainer
from metta.rl.trainer_state_file import read_state
from metta.rollout.rollout import Rollout
from tests.battery.sessions import EPOCH, Session

Poison = Callable[[float, int, random.Random], None]
"""Arranges in a process that a bad number appears in the n-th call of something."""


def run(count: int, seed: int, folder: Path) -> str:
    """Poison so many runs, each in its second epoch or later."""
    chance, codes = random.Random(seed), dict.fromkeys(POISONS, 0)
    for case in range(count):
        name = list(POISONS)[case % len(POISONS)]
        value, call = chance.choice([math.nan, math.inf, -math.inf]), chance.randrange(20, 60)
        run, inner = RunFolder(folder / f"runs{case}", "run"), random.Random(case)
        session = Session(
            run,
            ["checkpointer.epoch_interval=1"],
            lambda name=name, value=value, call=call, inner=inner: POISONS[name](value, call, inner),
        )
        assert session.wait_for(EPOCH), session.printed()
        code, printed = session.end(), session.printed()
        assert code == 3, f"case {case}, {name} {value}: ended with {code}:\n{printed}"
        told = printed.strip().splitlines()[-1]
        assert re.search(r"(nan|inf) (in|after) (step|minibatch|training row) \d+", told), told
        assert not re.search(r"Traceback", printed), printed
        _check_what_is_kept(run, told)
        codes[name] += 1
    cases = ", ".join(f"{number} {name}" for name, number in codes.items())
    return f"{count} cases ({cases}): exit code 3, tensor and step named, the last good checkpoint kept"


def _check_what_is_kept(run: RunFolder, told: str) -> None:
    checkpoints = list_checkpoints(run.checkpoints)
    assert checkpoints[max(checkpoints)].name in told, told
    for path in checkpoints.values():
        assert all(torch.isfinite(value).all() for value in read_checkpoint(path)[0].state_dict().values())
    (state,) = run.trainer_state.glob("e*")
    header, tensors = read_state(state)
    assert header.progress.epoch == max(checkpoints)
    kept = [value for name, value in tensors.items() if name.startswith(("policy.", "optimizer.", "memory"))]
    assert all(torch.isfinite(value).all() for value in kept)


def _nth(call: int) -> Callable[[], bool]:
    """Return what is true in its n-th call alone."""
    calls = iter(range(10**9))
    return lambda: next(calls) == call


def _poison_sight(value: float, call: int, chance: random.Random) -> None:
    build, is_now = Trainer.__init__, _nth(call)

    def poisoned_build(self: Trainer, *args: object, **options: object) -> None:
        build(self, *args, **options)  # pyright: ignore[reportArgumentType]
        encoder = next(iter(self.policy.children()))
        encoder.register_forward_hook(lambda module, inputs, output: output * value if is_now() else None)

    Trainer.__init__ = poisoned_build


def _poison_rewards(value: float, call: int, chance: random.Random) -> None:
    advance, is_now = Rollout.advance, _nth(call)

    def poisoned(self: Rollout, buffer: object) -> None:
        advance(self, buffer)
        if is_now():
            buffer.rewards[chance.randrange(len(buffer.rewards))] = value

    Rollout.advance = poisoned


def _before_step(change: Callable[[Optimizer], None], call: int, is_after: bool = False) -> None:
    step, is_now = Optimizer.step, _nth(call)

    def poisoned(self: Optimizer) -> None:
        is_time = is_now()
        if is_time and not is_after:
            change(self)
        step(self)
        if is_time and is_after:
            change(self)

    Optimizer.step = poisoned


def _some(tensors: list[Tensor], value: float, chance: random.Random) -> None:
    with torch.no_grad():
        tensor = chance.choice(tensors)
        tensor.view(-1)[chance.randrange(tensor.numel())] = value


def _parameters(optimizer: Optimizer) -> list[torch.nn.Parameter]:
    return [p for part in optimizer.parts for group in part.param_groups for p in group["params"]]


def _poison_gradients(value: float, call: int, chance: random.Random) -> None:
    clip, is_now = trainer_module.clip_gradients, _nth(call)

    def poisoned(parameters: list[torch.nn.Parameter], max_norm: float) -> Tensor:
        if is_now():
            _some([p.grad for p in parameters if p.grad is not None], value, chance)
        return clip(parameters, max_norm)

    trainer_module.clip_gradients = poisoned


def _poison_weights(value: float, call: int, chance: random.Random) -> None:
    _before_step(lambda optimizer: _some(list(_parameters(optimizer)), value, chance), call, is_after=True)


def _poison_optimizer(value: float, call: int, chance: random.Random) -> None:
    def change(optimizer: Optimizer) -> None:
        _some(
            [value for name, value in optimizer.tensors().items() if name.endswith("exp_avg")], value, chance
        )

    _before_step(change, call)


POISONS: dict[str, Poison] = {
    "sight": _poison_sight,
    "rewards": _poison_rewards,
    "gradients": _poison_gradients,
    "weights": _poison_weights,
    "optimizer": _poison_optimizer,
}
