"""M2: damaged checkpoints and trainer states: flips, cuts, lies about sizes, other versions.

Each is one line and exit code 2, in bounded memory.

Half of the changes are signed anew (their SHA-256 is right), so that what stands behind the check is met as well.
"""

import hashlib
import io
import json
import random
import resource
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch

from metta.cli.failures import describe, exit_code
from metta.policy.architectures.fast import FastConfig
from metta.policy.checkpoint import CheckpointMetadata, read_checkpoint, save_checkpoint
from metta.policy.policy import Policy
from metta.rl.trainer_state import load_trainer_state, save_trainer_state
from tests.policy.games import make_spec
from tests.rl.runs import echo_trainer, weights

MOST_GROWTH_BYTES = 512 << 20
NUMBERS = (-1, 0, 2**31, 2**60, 1e308, None, "x", [], {}, True)


def run(count: int, seed: int, folder: Path) -> str:
    """Damage so many files, every other one a trainer state."""
    chance, torch_state = random.Random(seed), torch.get_rng_state()
    before = _peak_bytes()
    refused = harmless = 0
    checkpoint, state = _make_checkpoint(folder), _make_state(folder / "state")
    for number in range(count):
        trial = folder / "trial"
        if number % 2 == 0:
            trial.mkdir()
            file = trial / "run:v1.mpt"
            file.write_bytes(_damaged_checkpoint(chance, checkpoint.read_bytes()))
            is_refused = _refuses(number, lambda file=file: _load_checkpoint(file, checkpoint))
        else:
            shutil.copytree(state.parent, trial)
            _damage_state(chance, trial / state.name)
            is_refused = _refuses(number, lambda trial=trial: _load_state(trial))
        refused, harmless = refused + is_refused, harmless + (not is_refused)
        shutil.rmtree(trial)
    torch.set_rng_state(torch_state)
    grown = _peak_bytes() - before
    assert grown < MOST_GROWTH_BYTES, f"memory grew by {grown >> 20} MiB"
    return (
        f"{count} damaged files: {refused} refused with one line and exit code 2, {harmless} without effect; "
        f"memory grew by {grown >> 20} MiB"
    )


def _refuses(number: int, load: Callable[[], None]) -> bool:
    try:
        load()
    except Exception as error:
        told = describe(error)
        assert exit_code(error) == 2, f"damage {number}: exit code {exit_code(error)}: {told}"
        assert "\n" not in str(error), f"damage {number}: more than one line: {error}"
        return True
    return False


def _make_checkpoint(folder: Path) -> Path:
    policy: Policy = FastConfig(channels=2, hidden=4).build(make_spec())
    return save_checkpoint(folder / "good.mpt", policy, CheckpointMetadata(run="run", epoch=1))


def _make_state(folder: Path) -> Path:
    trainer = echo_trainer(epochs=4)
    trainer.train([], lambda: trainer.progress.epoch == 2)
    return save_trainer_state(folder, trainer)


def _load_checkpoint(file: Path, good: Path) -> None:
    loaded, whole = read_checkpoint(file)[0], read_checkpoint(good)[0]
    assert sum(value.numel() for value in loaded.parameters()) == sum(v.numel() for v in whole.parameters())


def _load_state(folder: Path) -> None:
    trainer = echo_trainer(epochs=4)
    assert load_trainer_state(folder, trainer)
    trainer.train()  # what was taken must also work
    assert weights(trainer).shape == weights(echo_trainer()).shape


def _damaged_checkpoint(chance: random.Random, data: bytes) -> bytes:
    if chance.random() < 0.5:
        return _damaged_bytes(chance, data)
    members = _members(data)
    header, tensors = json.loads(members["policy.json"]), members["weights.safetensors"]
    if chance.random() < 0.5:
        tensors = _damaged_tensors(chance, tensors)
        header["weights_sha256"] = hashlib.sha256(tensors).hexdigest()
    else:
        _damage_value(chance, header)
    return _zipped({"policy.json": json.dumps(header).encode(), "weights.safetensors": tensors})


def _damage_state(chance: random.Random, state: Path) -> None:
    head, body = state / "state.json", state / "state.safetensors"
    kind = chance.randrange(4)
    if kind == 0:
        file = chance.choice([head, body])
        file.write_bytes(_damaged_bytes(chance, file.read_bytes()))
    elif kind == 1:
        chance.choice([head, body]).unlink()
    else:
        header = json.loads(head.read_bytes())
        if kind == 2:
            body.write_bytes(_damaged_tensors(chance, body.read_bytes()))
            header["sha256"] = hashlib.sha256(body.read_bytes()).hexdigest()
        else:
            _damage_value(chance, header)
        head.write_text(json.dumps(header))


def _damaged_bytes(chance: random.Random, data: bytes) -> bytes:
    kind, changed = chance.randrange(4), bytearray(data)
    if kind == 0:
        return data[: chance.randrange(len(data))]
    if kind == 1:
        return data + chance.randbytes(chance.randrange(1, 4096))
    if kind == 2:
        for _ in range(chance.choice([1, 1, 8, 200])):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    else:
        at = chance.randrange(max(1, len(data) - 8))
        changed[at : at + 8] = struct.pack("<Q", chance.choice([0, 2**31, 2**60, 2**64 - 1]))
    return bytes(changed)


def _damaged_tensors(chance: random.Random, data: bytes) -> bytes:
    """Change the header of a safetensors file: shapes, kinds, offsets, names, its length."""
    (length,) = struct.unpack_from("<Q", data)
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    name = chance.choice([name for name in header if name != "__metadata__"])
    kind = chance.randrange(5)
    if kind == 0:
        header[name]["shape"] = [chance.choice([0, 1, 3, 2**40])] * chance.randrange(4)
    elif kind == 1:
        header[name]["dtype"] = chance.choice(["F64", "I8", "BOOL", "U8", "X"])
    elif kind == 2:
        header[name]["data_offsets"][chance.randrange(2)] = chance.choice([0, 1, 2**50])
    elif kind == 3:
        header[name + chance.choice(["x", ".0", ".exp"])] = header.pop(name)
    else:
        del header[name]
    text = json.dumps(header).encode()
    return struct.pack("<Q", chance.choice([len(text)] * 9 + [2**62])) + text + body


def _damage_value(chance: random.Random, document: dict[str, object]) -> None:
    """Change, remove or add one value somewhere in a JSON document."""
    place: object = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))  # pyright: ignore[reportArgumentType]
        key = chance.choice(keys)
        inner = place[key]  # pyright: ignore[reportIndexIssue]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
            place = inner
            continue
        if isinstance(place, dict) and chance.random() < 0.2:
            place[chance.choice(["surprise", "version", str(key) + "x"])] = place.pop(key)
        else:
            place[key] = chance.choice(NUMBERS)  # pyright: ignore[reportIndexIssue]
        return


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
