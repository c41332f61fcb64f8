import pytest
import torch
from torch import Tensor

from metta.policy.cores.mingru import MinGRU
from metta.policy.cores.recurrence import linear_recurrence

B, D = 4, 6


def slow_recurrence(keep: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
    states = [initial]
    for keep_t, drive_t in zip(keep, drive, strict=True):
        states.append(keep_t * states[-1] + drive_t)
    return torch.stack(states[1:])


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
@pytest.mark.parametrize("steps", [1, 2, 9, 16])
def test_recurrence_and_its_derivative_equal_the_definition(
    parallel: bool, dtype: torch.dtype, steps: int
) -> None:
    torch.manual_seed(0)
    shapes = [(steps, B, D), (steps, B, D), (B, D)]
    inputs = [torch.randn(shape, dtype=dtype).requires_grad_() for shape in shapes]
    weight = torch.randn(steps, B, D, dtype=dtype)
    fast, slow = linear_recurrence(*inputs, parallel), slow_recurrence(*inputs)
    torch.testing.assert_close(fast, slow)

    def gradients(result: Tensor) -> tuple[Tensor, ...]:
        return torch.autograd.grad((result * weight).abs().square().sum(), inputs)

    torch.testing.assert_close(gradients(fast), gradients(slow))


def test_gates_start_with_a_range_of_time_scales() -> None:
    core = MinGRU(64, longest_memory=100.0)
    rates = core.gates.bias[:64].sigmoid()
    torch.testing.assert_close(rates.max().item(), 0.5)
    torch.testing.assert_close(rates.min().item(), 0.01)
