"""The other side of `metta bench train --vs pufferlib`: PufferLib's trainer in our batch of worlds, epoch by epoch.

Run as a file by an interpreter that has both. It prints a line of JSON that describes itself; then each line of
stdin is `{"setup": {...}}` (fields of `RivalSettings`) or `{"epochs": n}`, and is answered with `agent_steps`,
`seconds` and the seconds of each part. Worlds reach it by its own interface for vectors, without a copy.
"""

import importlib
import importlib.metadata
import json
import sys
import time
from typing import Any

import gymnasium
import numpy as np
import torch

from metta.bench.rival_settings import RivalSettings
from mettagrid.batch import BatchEnv

_PARTS = {
    "eval_copy": "copy",
    "eval_forward": "infer",
    "env": "simulate",
    "train_copy": "copy",
    "train_forward": "forward",
    "learn": "backward",
}


class NativeWorlds:
    """Our batch behind PufferLib's interface of vectors: send actions, receive everything."""

    def __init__(self, settings: RivalSettings) -> None:
        self.batch = BatchEnv(settings.game(), settings.num_worlds, settings.num_threads, num_maps=64)
        spec = self.batch.spec
        self.num_agents = self.agents_per_batch = self.batch.num_rows
        self.single_observation_space = gymnasium.spaces.Box(0, 255, (3 * spec.num_tokens,), np.uint8)
        self.single_action_space = gymnasium.spaces.Discrete(len(spec.action_names))
        self.observation_space, self.action_space = self.single_observation_space, self.single_action_space
        self._rows = np.arange(self.num_agents)
        self._all = np.ones(self.num_agents, dtype=bool)

    def async_reset(self, seed: int | None = None) -> None:
        """Start all worlds."""
        self.batch.reset(seed or 0, desync=True)

    def send(self, actions: np.ndarray) -> None:
        """Step."""
        self.batch.step(np.ascontiguousarray(actions, dtype=np.int32))

    def recv(self) -> tuple[Any, ...]:
        """Return what the last step brought."""
        batch = self.batch
        seen = batch.observations.reshape(self.num_agents, -1)
        return seen, batch.rewards, batch.terminated, batch.truncated, [], self._rows, self._all

    def close(self) -> None:
        """Nothing is open."""


def make_trainer(settings: RivalSettings) -> Any:
    """Return PufferLib's trainer with its own default policy, with Adam and without its dashboard."""
    # By name: our own interpreter need not have it.
    pufferl, models = (importlib.import_module(f"pufferlib.{name}") for name in ("pufferl", "models"))
    pufferl.PuffeRL.print_dashboard = lambda *_args, **_kwargs: None
    torch.set_num_threads(settings.num_threads)
    worlds = NativeWorlds(settings)
    policy = models.Default(worlds, hidden_size=settings.hidden)
    if settings.memory == "lstm":
        policy = models.LSTMWrapper(worlds, policy, settings.hidden, settings.hidden)
    return pufferl.PuffeRL(_config(settings), worlds, policy)


def _config(settings: RivalSettings) -> dict[str, Any]:
    """Its default.ini but for device, optimizer and portions; it saves nothing."""
    return {
        "seed": 42,
        "torch_deterministic": True,
        "cpu_offload": False,
        "device": "cpu",
        "optimizer": "adam",
        "anneal_lr": True,
        "precision": "float32",
        "total_timesteps": 10**9,
        "learning_rate": settings.learning_rate,
        "gamma": 0.995,
        "gae_lambda": 0.90,
        "update_epochs": 1,
        "clip_coef": 0.2,
        "vf_coef": 2.0,
        "vf_clip_coef": 0.2,
        "max_grad_norm": 1.5,
        "ent_coef": 0.001,
        "adam_beta1": 0.95,
        "adam_beta2": 0.999,
        "adam_eps": 1e-12,
        "data_dir": "experiments",
        "checkpoint_interval": 10**9,
        "batch_size": settings.batch_size,
        "minibatch_size": settings.minibatch_size,
        "max_minibatch_size": 32768,
        "bptt_horizon": settings.horizon,
        "compile": False,
        "compile_mode": "default",
        "compile_fullgraph": True,
        "vtrace_rho_clip": 1.0,
        "vtrace_c_clip": 1.0,
        "prio_alpha": 0.8,
        "prio_beta0": 0.2,
        "use_rnn": settings.memory == "lstm",
    }


def measure(trainer: Any, settings: RivalSettings, num_epochs: int) -> dict[str, Any]:
    """Train for some epochs."""
    trainer.profile.frequency = 1  # its clock looks at every epoch
    before = _parts(trainer)
    begin = time.perf_counter()
    for _ in range(num_epochs):
        trainer.evaluate()
        trainer.train()
    seconds = time.perf_counter() - begin
    parts = {name: value - before.get(name, 0.0) for name, value in _parts(trainer).items()}
    return {"agent_steps": num_epochs * settings.batch_size, "seconds": seconds, "parts": parts}


def _parts(trainer: Any) -> dict[str, float]:
    totals: dict[str, float] = {}
    for name, profile in trainer.profile:
        if name in _PARTS:
            totals[_PARTS[name]] = totals.get(_PARTS[name], 0.0) + profile["elapsed"]
    return totals


def main() -> None:
    """Answer the lines on stdin."""
    answers, sys.stdout = sys.stdout, sys.stderr  # PufferLib prints
    importlib.import_module("pufferlib.pufferl")
    hello = {"name": "pufferlib", "version": _version(), "torch": str(torch.__version__)}
    print(json.dumps(hello), file=answers, flush=True)
    trainer: Any = None
    settings = RivalSettings()
    for line in sys.stdin:
        request = json.loads(line)
        if "setup" in request:
            settings = RivalSettings(**request["setup"])
            trainer = make_trainer(settings)
            answer: dict[str, Any] = {"num_weights": trainer.model_size}
        else:
            answer = measure(trainer, settings, request["epochs"])
        print(json.dumps(answer), file=answers, flush=True)
    trainer.utilization.stop()


def _version() -> str:
    try:
        return importlib.metadata.version("pufferlib")
    except importlib.metadata.PackageNotFoundError:  # from its unpacked sources
        return str(importlib.import_module("pufferlib").__version__)


if __name__ == "__main__":
    main()
