"""What a run needs to go on exactly as if it had never stopped: saving and restoring a trainer.

    trainer_state/e00000012/state.safetensors    weights, optimizer, memory, random states, worlds
                            state.json           counters, sizes, SHA-256 of the other; format version

A folder appears by one rename when all of it is on the disk, so it is complete or absent; older ones go
afterwards.
"""

import hashlib
import json
import os
import shutil
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from metta.common.errors import UserError
from metta.rl.report import Progress
from metta.rl.trainer import Trainer
from mettagrid.whole_file import whole_file

FORMAT_VERSION = 2
"""1 had one optimizer, no losses with weights, no averages; it is still read."""
_WEIGHTS = "state.safetensors"
_MANIFEST = "state.json"


def save_trainer_state(folder: Path, trainer: Trainer) -> Path:
    """Save everything that `load_trainer_state` needs and delete older states.

    Args:
        folder: the run's `trainer_state` folder, held by this process alone.
        trainer: between two epochs.

    Returns:
        The folder of this state.
    """
    name = f"e{trainer.progress.epoch:08d}"
    writing = folder / f".{name}.{os.getpid()}.writing"
    _remove_hidden(folder)
    writing.mkdir(parents=True)
    data = save(_gather_tensors(trainer))
    _write(writing / _WEIGHTS, data)
    manifest = {**_describe(trainer), "sha256": hashlib.sha256(data).hexdigest()}
    _write(writing / _MANIFEST, json.dumps(manifest, indent=1).encode())
    if (folder / name).exists():
        (folder / name).rename(folder / f".{name}.old")
    writing.rename(folder / name)
    _sync(folder)
    for older in _states(folder)[:-1]:
        older.rename(folder / f".{older.name}.old")
    _remove_hidden(folder)
    return folder / name


def load_trainer_state(folder: Path, trainer: Trainer) -> bool:
    """Put a fresh trainer back to where the newest saved one was.

    Args:
        folder: the run's `trainer_state` folder.
        trainer: made with the same game, batch of worlds and architecture.

    Returns:
        False if there is nothing to load.

    Raises:
        UserError: the state is damaged, of another version or does not fit the trainer.
    """
    states = _states(folder)
    if not states:
        return False
    manifest, tensors = _read(states[-1])
    _check_fit(states[-1], manifest, trainer)
    trainer.progress = Progress(**manifest["progress"])
    _restore_learner(trainer, manifest, tensors)
    _restore_rollout(trainer, manifest, tensors)
    return True


def _write(path: Path, data: bytes) -> None:
    with whole_file(path) as temporary:
        temporary.write_bytes(data)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable: a rename alone may be undone by a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _states(folder: Path) -> list[Path]:
    """Complete states, oldest first."""
    return sorted(path for path in folder.glob("e*") if path.is_dir())


def _remove_hidden(folder: Path) -> None:
    for path in [*folder.glob(".e*.writing"), *folder.glob(".e*.old")]:
        shutil.rmtree(path)


def _describe(trainer: Trainer) -> dict[str, Any]:
    rollout = trainer.rollout
    return {
        "format": "metta.trainer_state",
        "version": FORMAT_VERSION,
        "progress": vars(trainer.progress),
        "num_worlds": trainer.env.num_worlds,
        "num_agents": trainer.env.num_agents,
        "game": trainer.env.spec.model_dump(mode="json"),
        "desynced": rollout.desynced,
        "optimizer_groups": trainer.optimizer.groups(),
        "schedules": trainer.schedules.state(),
        "torch": torch.__version__,
        "device": trainer.device.type,
    }


def _gather_tensors(trainer: Trainer) -> dict[str, Tensor]:
    rollout = trainer.rollout
    tensors = {f"policy.{name}": value for name, value in trainer.policy.state_dict().items()}
    for loss, module in trainer.losses.items():
        tensors.update({f"losses.{loss}.{name}": value for name, value in module.state_dict().items()})
    if trainer.average is not None:
        tensors.update({f"average.{name}": value for name, value in trainer.average.state_dict().items()})
    tensors.update({f"optimizer.{name}": value for name, value in trainer.optimizer.tensors().items()})
    tensors.update(
        {
            "reward_centre": trainer.reward_centre,
            "memory": rollout.seats[0].memory,
            "resets": rollout.resets,
            "num_finished": torch.from_numpy(rollout.num_finished),
            "worlds": _pack([trainer.env.snapshot(world) for world in range(trainer.env.num_worlds)]),
            "random.choices": rollout.generator.get_state(),
            "random.order": trainer.order_generator.get_state(),
            "random.torch": torch.get_rng_state(),
        }
    )
    if trainer.device.type == "cuda":
        tensors["random.cuda"] = torch.cuda.get_rng_state(trainer.device)
    return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}


def _pack(blocks: list[bytes]) -> Tensor:
    """Join blocks of bytes into one uint8 tensor: number, lengths, contents."""
    head = struct.pack(f"<{len(blocks) + 1}Q", len(blocks), *map(len, blocks))
    return torch.from_numpy(np.frombuffer(head + b"".join(blocks), dtype=np.uint8).copy())


def _unpack(tensor: Tensor) -> list[bytes]:
    data = tensor.numpy().tobytes()
    (count,) = struct.unpack_from("<Q", data)
    lengths = struct.unpack_from(f"<{count}Q", data, 8)
    ends = np.cumsum([8 * (count + 1), *lengths])
    return [data[begin:end] for begin, end in pairwise(ends)]


def _read(state: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        manifest = json.loads((state / _MANIFEST).read_bytes())
        version = manifest["version"]
        if version not in (1, FORMAT_VERSION):
            raise UserError(f"{state} has version {version}; this program reads 1 to {FORMAT_VERSION}")
        data = (state / _WEIGHTS).read_bytes()
        if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
            raise UserError(f"{state / _WEIGHTS} is damaged: its SHA-256 is not the one in {_MANIFEST}")
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise UserError(f"{state} is damaged ({error}); delete it to start the run anew") from None
    return (manifest, load(data)) if version == FORMAT_VERSION else _upgraded(manifest, load(data))


def _upgraded(
    manifest: dict[str, Any], tensors: dict[str, Tensor]
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return a state of version 1 as version 2 would have written it."""
    renamed = {name.replace("optimizer.", "optimizer.0.", 1): value for name, value in tensors.items()}
    renamed["reward_centre"] = torch.full((), torch.nan)
    groups = [manifest["optimizer_groups"]]
    return {**manifest, "optimizer_groups": groups, "schedules": None}, renamed


def _check_fit(state: Path, manifest: dict[str, Any], trainer: Trainer) -> None:
    """Refuse a state of other worlds; weights of another shape are found when they are loaded."""
    present = _describe(trainer)
    for name, hint in (
        ("num_worlds", "training_env.num_worlds"),
        ("num_agents", "the game's num_agents"),
        ("game", "training_env.game"),
    ):
        if manifest[name] != present[name]:
            values = "" if name == "game" else f" ({manifest[name]} then, {present[name]} now)"
            raise UserError(
                f"{state} was saved with another {hint}{values}; choose another run name to start anew"
            )


def _restore_learner(trainer: Trainer, manifest: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    _restore_module(trainer.policy, tensors, "policy.", "policy_architecture")
    for name, loss in trainer.losses.items():
        _restore_module(loss, tensors, f"losses.{name}.", f"trainer.losses.{name}")
    if trainer.average is not None:
        has_average = any(name.startswith("average.") for name in tensors)  # else it begins with the latest
        _restore_module(
            trainer.average, tensors, "average." if has_average else "policy.", "policy_architecture"
        )
    moments = {
        name.removeprefix("optimizer."): value
        for name, value in tensors.items()
        if name.startswith("optimizer.")
    }
    groups = [[_with_tuples(group) for group in part] for part in manifest["optimizer_groups"]]
    try:
        trainer.optimizer.restore(groups, moments)
    except ValueError as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(
            f"the run was trained with another trainer.optimizer or other losses: {reason}"
        ) from None
    if manifest["schedules"] is not None:
        trainer.schedules.restore(manifest["schedules"])
    trainer.reward_centre = tensors["reward_centre"].to(trainer.device)
    trainer.order_generator.set_state(tensors["random.order"])
    torch.set_rng_state(tensors["random.torch"])
    if "random.cuda" in tensors and trainer.device.type == "cuda":
        torch.cuda.set_rng_state(tensors["random.cuda"], trainer.device)


def _with_tuples(group: dict[str, Any]) -> dict[str, Any]:
    """JSON makes lists of tuples."""
    return {
        key: tuple(value) if isinstance(value, list) and key != "params" else value
        for key, value in group.items()
    }


def _restore_module(module: nn.Module, tensors: dict[str, Tensor], prefix: str, setting: str) -> None:
    weights = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"the run was trained with another {setting}: {reason}") from None


def _restore_rollout(trainer: Trainer, manifest: dict[str, Any], tensors: dict[str, Tensor]) -> None:
    rollout, env = trainer.rollout, trainer.env
    for world, data in enumerate(_unpack(tensors["worlds"])):
        env.restore(world, data)
    env.continue_maps(trainer.progress.num_agent_steps // env.num_rows)
    rollout.seats[0].memory = tensors["memory"].to(trainer.device)
    rollout.resets.copy_(tensors["resets"])
    rollout.num_finished[:] = tensors["num_finished"].numpy()
    rollout.desynced = manifest["desynced"]
    rollout.generator.set_state(tensors["random.choices"])
