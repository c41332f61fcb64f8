"""What a run needs to go on exactly as if it had never stopped: saving and restoring a trainer.

    trainer_state/e00000012/state.safetensors    weights, optimizer, memory, random states, worlds
                            state.json           counters, sizes, SHA-256 of the other; format version

A folder appears by one rename when all of it is on the disk, so it is complete or absent; older ones go
afterwards.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from metta.common.errors import UserError
from metta.rl.ranks import all_rows, bytes_at_first, bytes_of_first, is_first_rank, num_ranks, own_rank
from metta.rl.report import Progress
from metta.rl.trainer import Trainer
from metta.rl.trainer_state_file import (
    HEADER,
    TENSORS,
    SavedProgress,
    SavedSchedules,
    StateHeader,
    pack,
    read_state,
    unpack,
)
from mettagrid.whole_file import whole_file


def save_trainer_state(folder: Path, trainer: Trainer) -> Path:
    """Save everything that `load_trainer_state` needs and delete older states.

    Of several ranks all call it, and the first one writes what all of them have: the worlds of all in one file, which
    does not depend on how they are spread.

    Args:
        folder: the run's `trainer_state` folder, held by the first rank alone.
        trainer: between two epochs.

    Returns:
        The folder of this state.
    """
    name = f"e{trainer.progress.epoch:08d}"
    tensors = _gather_tensors(trainer)
    if not is_first_rank():
        return folder / name
    writing = folder / f".{name}.{os.getpid()}.writing"
    _remove_hidden(folder)
    writing.mkdir(parents=True)
    data = save(tensors)
    _write(writing / TENSORS, data)
    header = _describe(trainer).model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})
    _write(writing / HEADER, header.model_dump_json(indent=1).encode())
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

    Of several ranks all call it; only the first one reads. With another number of ranks than before, the run goes on in
    the same worlds, but it is equal to the uninterrupted one only within rounding, and losses that draw samples of
    their own draw others.

    Args:
        folder: the run's `trainer_state` folder; only the first rank's counts.
        trainer: made with the same game, batch of worlds and architecture.

    Returns:
        False if there is nothing to load.

    Raises:
        UserError: the state is damaged, of another version or does not fit the trainer.
    """
    states = _states(folder) if is_first_rank() else []
    state, header, tensors = _shared((states[-1], *read_state(states[-1])) if states else (folder, None, {}))
    if header is None:
        return False
    tensors = _own_part(trainer, tensors)
    _check_fit(state, header, tensors, trainer)
    trainer.progress = Progress(**header.progress.model_dump())
    _restore_learner(trainer, header, tensors)
    _restore_rollout(trainer, header, tensors, state)
    return True


_Found = tuple[Path, StateHeader | None, dict[str, Tensor]]


def _shared(found: _Found) -> _Found:
    """Return on every rank what the first one found."""
    if num_ranks() == 1:
        return found
    state, header, tensors = found
    name = bytes_of_first(str(state).encode()).decode()
    head = bytes_of_first(b"" if header is None else header.model_dump_json().encode())
    data = bytes_of_first(save(tensors))
    return Path(name), StateHeader.model_validate_json(head) if head else None, load(data)


def _own_part(trainer: Trainer, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return what is this rank's: of tensors with an entry for each row or world, those of its worlds."""
    if num_ranks() == 1:
        return tensors
    by_row = {"memory", "resets", "num_finished"} | {
        f"losses.{name}.{buffer}" for name, loss in trainer.losses.items() for buffer in loss.row_buffers
    }
    own = {key: trainer.share.own(value).clone() for key, value in tensors.items() if key in by_row}
    for name in ("random.torch", "random.cuda"):
        if f"{name}.ranks" in tensors:  # there may have been fewer ranks
            states = tensors[f"{name}.ranks"]
            own[name] = states[own_rank() % len(states)].clone()
    return {**tensors, **own}


def differences_from_saved(folder: Path, trainer: Trainer) -> list[str]:
    """Name what is not as it was when the newest state was saved, so that a run goes on, but not bit for bit.

    Raises:
        UserError: the state is damaged or of another version.
    """
    states = _states(folder)
    if not states:
        return []
    saved, present = read_state(states[-1])[0], _describe(trainer)
    names = {
        "torch": "PyTorch",
        "device": "device",
        "num_threads": "threads",
        "cpu": "vector instructions",
        "num_ranks": "processes",
    }
    return [
        f"{told} {getattr(saved, name)} then, {getattr(present, name)} now"
        for name, told in names.items()
        if getattr(saved, name) not in (None, getattr(present, name))
    ]


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


def _describe(trainer: Trainer) -> StateHeader:
    schedules = trainer.schedules.state()
    return StateHeader(
        progress=SavedProgress(**vars(trainer.progress)),
        num_worlds=trainer.share.total,
        num_ranks=num_ranks(),
        num_agents=trainer.env.num_agents,
        game=trainer.env.spec.model_dump(mode="json"),
        desynced=trainer.rollout.desynced,
        optimizer_groups=trainer.optimizer.groups(),
        schedules=SavedSchedules(**schedules),
        torch=torch.__version__,
        device=trainer.device.type,
        num_threads=torch.get_num_threads(),
        cpu=torch.backends.cpu.get_cpu_capability(),
    )


def _gather_tensors(trainer: Trainer) -> dict[str, Tensor]:
    """Return what is saved; what each rank has of its own is joined in the order of the worlds."""
    tensors = {f"policy.{name}": value for name, value in trainer.policy.state_dict().items()}
    for loss, module in trainer.losses.items():
        for name, value in module.state_dict().items():
            tensors[f"losses.{loss}.{name}"] = all_rows(value) if name in module.row_buffers else value
    if trainer.average is not None:
        tensors.update({f"average.{name}": value for name, value in trainer.average.state_dict().items()})
    tensors.update({f"optimizer.{name}": value for name, value in trainer.optimizer.tensors().items()})
    tensors.update(_fixed_tensors(trainer))
    tensors.update({name: all_rows(tensors[name]) for name in ("memory", "resets", "num_finished")})
    tensors["worlds"] = pack(_all_worlds(trainer))
    if trainer.tasks is not None:
        of_curriculum = trainer.tasks.curriculum.tensors()
        tensors.update({f"curriculum.{name}": value for name, value in of_curriculum.items()})
    if trainer.device.type == "cuda":
        tensors["random.cuda"] = torch.cuda.get_rng_state(trainer.device)
    if num_ranks() > 1:  # losses that draw samples draw as many as the rank has rows
        for name in {"random.torch", "random.cuda"} & tensors.keys():
            tensors[f"{name}.ranks"] = all_rows(tensors[name].unsqueeze(0))
    return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}


def _all_worlds(trainer: Trainer) -> list[bytes]:
    """Return the snapshots of the worlds of all ranks, on the first."""
    env = trainer.env
    own = [env.snapshot(world) for world in range(env.num_worlds)]
    if num_ranks() == 1:
        return own
    parts = bytes_at_first(pack(own).numpy().tobytes())
    return [
        world
        for part in parts
        for world in unpack(torch.frombuffer(bytearray(part), dtype=torch.uint8), len(own))
    ]


def _fixed_tensors(trainer: Trainer) -> dict[str, Tensor]:
    """Return what every state has, in the same shape each time."""
    rollout = trainer.rollout
    return {
        "reward_centre": trainer.reward_centre,
        "memory": rollout.seats[0].memory,
        "resets": rollout.resets,
        "num_finished": torch.from_numpy(rollout.num_finished),
        "random.choices": rollout.generator.get_state(),
        "random.order": trainer.order_generator.get_state(),
        "random.torch": torch.get_rng_state(),
    }


def _check_fit(state: Path, header: StateHeader, tensors: dict[str, Tensor], trainer: Trainer) -> None:
    """Refuse a state of other worlds; weights of another shape are found when they are loaded."""
    present = _describe(trainer)
    for name, hint in (
        ("num_worlds", "training_env.num_worlds"),
        ("num_agents", "the game's num_agents"),
        ("game", "training_env.game"),
    ):
        then, now = getattr(header, name), getattr(present, name)
        if then != now:
            values = "" if name == "game" else f" ({then} then, {now} now)"
            raise UserError(
                f"{state} was saved with another {hint}{values}; choose another run name to start anew"
            )
    for name, wanted in _fixed_tensors(trainer).items():
        found = tensors.get(name)
        if found is None or found.dtype != wanted.dtype or found.shape != wanted.shape:
            told = "absent" if found is None else f"{tuple(found.shape)} {found.dtype}"
            raise UserError(
                f"{state / TENSORS} does not fit: {name} should be {tuple(wanted.shape)} {wanted.dtype} and is "
                f"{told}"
            )


def _restore_learner(trainer: Trainer, header: StateHeader, tensors: dict[str, Tensor]) -> None:
    _restore_module(trainer.policy, tensors, "policy.", "policy_architecture")
    for name, loss in trainer.losses.items():
        _restore_module(loss, tensors, f"losses.{name}.", f"trainer.losses.{name}")
    if trainer.average is not None:
        has_average = any(name.startswith("average.") for name in tensors)  # else it begins with the latest
        _restore_module(
            trainer.average, tensors, "average." if has_average else "policy.", "policy_architecture"
        )
    groups = [[_with_tuples(group) for group in part] for part in header.optimizer_groups]
    try:
        trainer.optimizer.restore(groups, _below(tensors, "optimizer."))
    except ValueError as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(
            f"the run was trained with another trainer.optimizer or other losses: {reason}"
        ) from None
    if header.schedules is not None:
        trainer.schedules.restore(header.schedules.model_dump())
    trainer.reward_centre = tensors["reward_centre"].to(trainer.device)


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _with_tuples(group: dict[str, Any]) -> dict[str, Any]:
    """JSON makes lists of tuples."""
    return {
        key: tuple(value) if isinstance(value, list) and key != "params" else value
        for key, value in group.items()
    }


def _restore_module(module: nn.Module, tensors: dict[str, Tensor], prefix: str, setting: str) -> None:
    weights = _below(tensors, prefix)
    wanted = module.state_dict()
    try:
        for name in wanted.keys() & weights.keys():
            if weights[name].dtype != wanted[name].dtype:  # which PyTorch would cast
                raise RuntimeError(f"{name} is {weights[name].dtype} and should be {wanted[name].dtype}")
        module.load_state_dict(weights)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"the run was trained with another {setting}: {reason}") from None


def _restore_rollout(trainer: Trainer, header: StateHeader, tensors: dict[str, Tensor], state: Path) -> None:
    rollout, env, share = trainer.rollout, trainer.env, trainer.share
    try:
        worlds = unpack(tensors["worlds"], share.total)
        for world, data in enumerate(worlds[share.first : share.first + share.num_worlds]):
            env.restore(world, data)
        _restore_generators(trainer, tensors)
    except (KeyError, ValueError, RuntimeError) as error:  # PyTorch refuses random states with the last
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"{state} is damaged: {reason}; delete it to start the run anew") from None
    env.continue_maps(trainer.progress.num_agent_steps // (share.total * env.num_agents))
    rollout.seats[0].memory = tensors["memory"].to(trainer.device)
    rollout.resets.copy_(tensors["resets"])
    rollout.num_finished[:] = tensors["num_finished"].numpy()
    rollout.desynced = header.desynced
    _restore_curriculum(trainer, tensors)


def _restore_generators(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    trainer.rollout.generator.set_state(tensors["random.choices"])
    trainer.order_generator.set_state(tensors["random.order"])
    torch.set_rng_state(tensors["random.torch"])
    if "random.cuda" in tensors and trainer.device.type == "cuda":
        torch.cuda.set_rng_state(tensors["random.cuda"], trainer.device)


def _restore_curriculum(trainer: Trainer, tensors: dict[str, Tensor]) -> None:
    """After the worlds: what they play next follows from how many episodes each has finished."""
    if trainer.tasks is None:
        return
    try:
        trainer.tasks.curriculum.restore(_below(tensors, "curriculum."))
    except ValueError as error:
        raise UserError(f"the run was trained with another training_env.curriculum: {error}") from None
    trainer.rollout.choose_next_games()
