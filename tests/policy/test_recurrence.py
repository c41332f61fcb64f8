import torch

from metta.policy.recurrence import MinGRU, linear_recurrence

T, B, D = 9, 4, 6


def slow_recurrence(keep: torch.Tensor, drive: torch.Tensor, initial: torch.Tensor) -> torch.Tensor:
    states = [initial]
    for keep_t, drive_t in zip(keep, drive, strict=True):
        states.append(keep_t * states[-1] + drive_t)
    return torch.stack(states[1:])


def test_recurrence_equals_its_definition() -> None:
    torch.manual_seed(0)
    inputs = [torch.rand(T, B, D), torch.randn(T, B, D), torch.randn(B, D)]
    inputs = [tensor.double().requires_grad_() for tensor in inputs]
    weight = torch.randn(T, B, D).double()
    fast, slow = linear_recurrence(*inputs), slow_recurrence(*inputs)
    torch.testing.assert_close(fast, slow)
    torch.testing.assert_close(
        torch.autograd.grad((fast * weight).sum(), inputs), torch.autograd.grad((slow * weight).sum(), inputs)
    )


def test_reset_forgets_everything_before() -> None:
    torch.manual_seed(0)
    core, inputs = MinGRU(D), torch.randn(T, B, D)
    resets = torch.zeros(T, B, dtype=torch.bool)
    resets[4] = True
    whole = core(inputs, torch.randn(B, D), resets)
    fresh = core(inputs[4:], torch.zeros(B, D), resets[4:])
    torch.testing.assert_close(whole[4:], fresh)


def test_gates_start_with_a_range_of_time_scales() -> None:
    core = MinGRU(64, longest_memory=100.0)
    rates = core.gates.bias[:64].sigmoid()
    torch.testing.assert_close(rates.max().item(), 0.5)
    torch.testing.assert_close(rates.min().item(), 0.01)
