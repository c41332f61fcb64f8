"""Nothing reads from the device per minibatch: as many reads with sixteen minibatches as with four.

A read makes the host wait until a GPU has done all its work. On the CPU nothing waits, so reads are counted: operators
whose result or shape depends on data, and the methods that turn tensors into Python or NumPy.
"""

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import metta.io.token_features
import metta.io.token_planes
import metta.policy.cores.lstm
from metta.policy.architecture import known_architectures, resolve_architecture
from metta.rl.config import TrainerConfig
from metta.rl.losses.loss import LOSSES
from metta.rl.trainer import Trainer
from mettagrid import BatchEnv, make_arena
from tests.rl.losses.test_in_training import ALL
from tests.rl.runs import Listener, echo_trainer

NAMES = sorted(name for name, cls in known_architectures().items() if cls.__module__.startswith("metta."))
READERS = ("item", "tolist", "numpy", "cpu", "__bool__", "__int__", "__float__", "__index__", "__array__")


class ReadCounter(TorchDispatchMode):
    """Counts operators that wait for the device."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []
        self.is_on = False

    def __enter__(self) -> Any:
        self.is_on = True
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        self.is_on = False
        super().__exit__(*error)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        waits = torch.Tag.data_dependent_output in func.tags or torch.Tag.dynamic_output_shape in func.tags
        is_index = func.overloadpacket in (torch.ops.aten.index, torch.ops.aten.index_put_)
        by_mask = is_index and any(i is not None and i.dtype == torch.bool for i in args[1])
        if by_mask or (waits and not is_index):
            self.reads.append(str(func))
        return func(*args, **(kwargs or {}))


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> ReadCounter:
    """Counts, too, what turns tensors into something else; networks compute as they do on a GPU."""
    counter = ReadCounter()
    for module in (metta.io.token_planes, metta.io.token_features, metta.policy.cores.lstm):
        monkeypatch.setattr(module, "asking_is_free", lambda tensor: False)
    for name in READERS:
        original = getattr(torch.Tensor, name)

        def read(
            self: torch.Tensor, *args: Any, _name: str = name, _original: Any = original, **kw: Any
        ) -> Any:
            if counter.is_on:
                counter.reads.append(_name)
            return _original(self, *args, **kw)

        monkeypatch.setattr(torch.Tensor, name, read)
    return counter


def reads_of_updates(trainer: Trainer, counter: ReadCounter) -> list[str]:
    """What was read between the rollout and the end of the second epoch's updates."""
    trainer.train([], lambda: trainer.progress.epoch == 1)
    trainer._begin_epoch()
    trainer._collect_rollout()
    with counter:
        trainer._update()
    return counter.reads


def test_the_counter_counts(counter: ReadCounter) -> None:
    with counter:
        tensor = torch.ones(3)
        float(tensor.sum())
        tensor.nonzero()
        tensor[tensor > 0]
        tensor[torch.tensor([0, 1])]
    assert counter.reads == [
        "__float__",
        "aten._local_scalar_dense.default",
        "aten.nonzero.default",
        "aten.index.Tensor",
    ]


@pytest.mark.parametrize("name", sorted(LOSSES.known()))
def test_no_loss_reads_per_minibatch(name: str, counter: ReadCounter) -> None:
    settings = {f"losses__{name}": ALL.get(name, {})}
    trainer = echo_trainer(epochs=2, minibatch_size=8, update_epochs=2, **settings)
    assert reads_of_updates(trainer, counter) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_architecture_reads_per_minibatch(name: str, counter: ReadCounter) -> None:
    assert reads_of_updates(trainer_of(name), counter) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_architecture_reads_while_it_plays(name: str, counter: ReadCounter) -> None:
    """A step hands its actions to the worlds, which is the one wait that there must be; nothing else waits."""
    trainer = trainer_of(name)
    trainer._begin_epoch()
    with counter:
        trainer._collect_rollout()
    assert trainer.rollout.num_finished.sum() > 0, "ends of episodes are part of it"
    assert counter.reads == []


def trainer_of(architecture: str) -> Trainer:
    """A small run of a named architecture in the arena."""
    torch.set_num_threads(1)
    env = BatchEnv(make_arena(num_agents=2).model_copy(update={"max_steps": 10}), num_worlds=2, num_maps=1)
    config = TrainerConfig(batch_size=64, minibatch_size=16, bptt_horizon=4, total_timesteps=128)
    return Trainer(config, env, resolve_architecture(architecture).build(env.spec))


def test_the_epoch_is_read_once() -> None:
    listener = Listener()
    echo_trainer(epochs=1, minibatch_size=4).train([listener])
    assert len(listener.reports[0].updates.metrics) == 16
