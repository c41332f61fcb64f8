"""h_t = keep_t h_{t-1} + drive_t, element by element: what most cores come down to.

A reset is keep_t = 0. On a CPU a loop with one fused multiply-add per step is fastest; on a GPU, where a step costs
as much as a launch, the log-depth scan of Hillis and Steele (1986). Both give the same numbers up to rounding.
"""

from typing import Any

import torch
from torch import Tensor


def linear_recurrence(keep: Tensor, drive: Tensor, initial: Tensor, parallel: bool | None = None) -> Tensor:
    """Return h [T, B, ...] with h_t = keep_t * h_{t-1} + drive_t.

    Args:
        keep: float32 or complex64 [T, B, ...].
        drive: same shape and type.
        initial: [B, ...], h before the first step.
        parallel: use the scan of log(T) steps instead of the loop; None = on GPUs.
    """
    return _LinearRecurrence.apply(keep, drive, initial, drive.is_cuda if parallel is None else parallel)


class _LinearRecurrence(torch.autograd.Function):
    """Autograd's own graph is several times slower; the derivative is the same recurrence backwards."""

    @staticmethod
    def forward(ctx: Any, keep: Tensor, drive: Tensor, initial: Tensor, parallel: bool) -> Tensor:
        states = _scan(keep, drive, initial) if parallel else _loop(keep, drive, initial)
        ctx.save_for_backward(keep, initial, states)
        ctx.parallel = parallel
        return states

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        # g_t = gradient_t + keep_{t+1} g_{t+1} is the gradient of h_t, and so of drive_t.
        keep, initial, states = ctx.saved_tensors
        gradient = gradients[0]
        if keep.is_complex():
            keep, states, initial = keep.conj(), states.conj(), initial.conj()
        run = _scan_back if ctx.parallel else _loop_back
        of_drive = run(keep, gradient)
        before = torch.cat([initial.unsqueeze(0), states[:-1]])
        return of_drive * before, of_drive, of_drive[0] * keep[0], None


def _loop(keep: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
    states = torch.empty_like(drive)
    state = initial
    for keep_t, drive_t, state_t in zip(keep.unbind(), drive.unbind(), states.unbind(), strict=True):
        torch.addcmul(drive_t, keep_t, state, out=state_t)
        state = state_t
    return states


def _loop_back(keep: Tensor, gradient: Tensor) -> Tensor:
    result = torch.empty_like(gradient)
    result[-1] = gradient[-1]
    steps, keeps, results = gradient.unbind(), keep.unbind(), result.unbind()
    for t in range(len(steps) - 2, -1, -1):
        torch.addcmul(steps[t], keeps[t + 1], results[t + 1], out=results[t])
    return result


def _scan(keep: Tensor, drive: Tensor, initial: Tensor) -> Tensor:
    """After round n, (a_t, b_t) stands for the 2^n steps that end with t."""
    a, b = keep, torch.cat([torch.addcmul(drive[:1], keep[:1], initial.unsqueeze(0)), drive[1:]])
    reach = 1
    while reach < len(a):
        b = torch.cat([b[:reach], torch.addcmul(b[reach:], a[reach:], b[:-reach])])
        a = torch.cat([a[:reach], a[reach:] * a[:-reach]])
        reach *= 2
    return b


def _scan_back(keep: Tensor, gradient: Tensor) -> Tensor:
    following = torch.cat([torch.zeros_like(keep[:1]), keep[1:].flip(0)])
    return _scan(following, gradient.flip(0), torch.zeros_like(gradient[0])).flip(0)
