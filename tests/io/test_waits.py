import torch

from metta.io.waits import asking_is_free


def test_only_a_cpu_is_asked() -> None:
    assert asking_is_free(torch.ones(2))
    assert not asking_is_free(torch.ones(2, device="meta"))  # stands for all devices that work on their own
