"""Nothing reads from the device per minibatch: as many reads with sixteen minibatches as with four.

A read makes the host wait until a GPU has done all its work. On the CPU nothing waits, so reads are counted: operators
whose result or shape depends on data, and the methods that turn tensors into Python or NumPy.
"""

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from metta.rl.losses.loss import LOSSES
from tests.rl.losses.test_in_training import ALL
from tests.rl.runs import Listener, echo_trainer

READERS = ("item", "tolist", "numpy", "cpu", "__bool__", "__int__", "__float__", "__index__", "__array__")


class ReadCounter(TorchDispatchMode):
    """Counts operators that wait for the device."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        waits = torch.Tag.data_dependent_output in func.tags or torch.Tag.dynamic_output_shape in func.tags
        is_index = func.overloadpacket in (torch.ops.aten.index, torch.ops.aten.index_put_)
        by_mask = is_index and any(i is not None and i.dtype == torch.bool for i in args[1])
        if by_mask or (waits and not is_index):
            self.reads.append(str(func))
        return func(*args, **(kwargs or {}))


def reads_of_an_epoch(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> list[str]:
    """What was read between the rollout and the end of the second epoch's updates."""
    trainer = echo_trainer(epochs=2, **settings)
    trainer.train([], lambda: trainer.progress.epoch == 1)
    counter = ReadCounter()
    trainer._begin_epoch()
    trainer._collect_rollout()
    with monkeypatch.context() as patch:
        for name in READERS:
            original = getattr(torch.Tensor, name)

            def read(
                self: torch.Tensor, *args: Any, _name: str = name, _original: Any = original, **kw: Any
            ) -> Any:
                counter.reads.append(_name)
                return _original(self, *args, **kw)

            patch.setattr(torch.Tensor, name, read)
        with counter:
            trainer._update()
    return counter.reads


def test_the_counter_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = ReadCounter()
    with counter:
        tensor = torch.ones(3)
        tensor.sum().item()
        tensor.nonzero()
        tensor[tensor > 0]
        tensor[torch.tensor([0, 1])]
    assert len(counter.reads) == 3


@pytest.mark.parametrize("name", sorted(LOSSES.known()))
def test_no_loss_reads_per_minibatch(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {f"losses__{name}": ALL.get(name, {})}
    assert reads_of_an_epoch(monkeypatch, minibatch_size=8, update_epochs=2, **settings) == []


def test_the_epoch_is_read_once() -> None:
    listener = Listener()
    echo_trainer(epochs=1, minibatch_size=4).train([listener])
    assert len(listener.reports[0].updates.metrics) == 16
