"""A selective state space: what is kept and what is written depends on the input.

Mamba-2 (Dao and Gu, 2024, arXiv:2405.21060). In pure PyTorch the scan is the matrix form of the paper, chunk by
chunk; `mamba_ssm` has the same as a fused kernel that keeps the reset rule (`seq_idx`), and it is used on GPUs if it
is installed. Its Mamba-1 kernel takes neither resets nor an initial state, so Mamba-1 is not offered.
"""

import functools
import importlib.util
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.cores.causal_conv import causal_convolution, initial_taps
from metta.policy.cores.core import Core, widened
from metta.policy.cores.decay import CHUNK, log_decays


class Mamba(Core):
    """S_t = exp(-A dt_t) S_{t-1} + dt_t x_t B_t^T, y_t = S_t C_t + D x_t, out = W norm(y * silu(z)).

    (z, x, B, C, dt) are linear in the input; (x, B, C) pass a short causal convolution first.

    Args:
        size: of inputs and outputs.
        heads: A, D and dt are one number per head.
        state_size: N, length of B and C.
        expand: inner size / size.
        window: of the convolution.
    """

    def __init__(
        self, size: int, heads: int = 4, state_size: int = 16, expand: int = 1, window: int = 4
    ) -> None:
        self.heads, self.inner, self.state_size = heads, expand * size, state_size
        mixed = self.inner + 2 * state_size  # x, B and C
        shape = (heads, self.inner // heads, state_size)
        super().__init__(size, {"past": (window - 1, mixed), "state": shape})
        self.into = nn.Linear(size, self.inner + mixed + heads, bias=False)
        self.taps = nn.Parameter(initial_taps(mixed, window))
        self.tap_bias = nn.Parameter(torch.zeros(mixed))
        step = torch.exp(torch.linspace(math.log(1e-3), math.log(0.1), heads))
        self.step_bias = nn.Parameter(step + torch.log(-torch.expm1(-step)))  # softplus of it is `step`
        self.log_rate = nn.Parameter(torch.linspace(1.0, 16.0, heads).log())
        self.skip = nn.Parameter(torch.ones(heads))
        self.norm = nn.RMSNorm(self.inner, eps=1e-5)
        self.out = nn.Linear(self.inner, size, bias=False)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        parts = self.unpack(memory)
        projected = widened(self.into(inputs))
        gate, mixed, step = projected.split([self.inner, self.taps.shape[1], self.heads], dim=-1)
        mixed, past = causal_convolution(mixed, parts["past"], resets, self.taps)
        mixed = functional.silu(mixed + self.tap_bias)
        x, write, read = mixed.split([self.inner, self.state_size, self.state_size], dim=-1)
        x = x.unflatten(-1, (self.heads, -1))
        step = functional.softplus(step + self.step_bias)
        with self.full_precision():
            scan = choose_scan(inputs.device.type)
            y, state = scan(x, step, -self.log_rate.exp(), write, read, parts["state"], resets)
        y = (y + self.skip.unsqueeze(-1) * x).flatten(2)
        outputs = widened(self.out(self.norm(y * functional.silu(gate))))
        return outputs, self.pack({"past": past, "state": state})


def selective_scan(
    x: Tensor, step: Tensor, rate: Tensor, write: Tensor, read: Tensor, state: Tensor, resets: Tensor
) -> tuple[Tensor, Tensor]:
    """S_t = exp(rate step_t) S_{t-1} + step_t x_t write_t^T and y_t = S_t read_t, with S cleared by resets.

    Args:
        x: float32 [T, B, H, P].
        step: float32 [T, B, H], above 0.
        rate: float32 [H], below 0.
        write: float32 [T, B, N].
        read: float32 [T, B, N].
        state: float32 [B, H, P, N], before the first step.
        resets: bool [T, B].

    Returns:
        y, [T, B, H, P], and the state after the last step.
    """
    outputs = []
    for chunk in zip(*(part.split(CHUNK) for part in (x, step, write, read, resets)), strict=True):
        y, state = _chunk(rate, state, *chunk)
        outputs.append(y)
    return torch.cat(outputs), state


def _chunk(
    rate: Tensor, state: Tensor, x: Tensor, step: Tensor, write: Tensor, read: Tensor, resets: Tensor
) -> tuple[Tensor, Tensor]:
    between, from_memory = log_decays(step * rate, resets)
    between, from_memory = between.exp(), from_memory.exp()
    drive = (step.unsqueeze(-1) * x).permute(1, 2, 0, 3)  # [B, H, T, P]
    write, read = write.transpose(0, 1), read.transpose(0, 1)  # [B, T, N]
    weights = between * (read @ write.transpose(1, 2)).unsqueeze(1)  # [B, H, T, T]
    remembered = torch.einsum("bhpn,btn->bhtp", state, read) * from_memory.unsqueeze(-1)
    y = weights @ drive + remembered
    left = between[:, :, -1].unsqueeze(-1) * drive  # what of each step is left at the last
    state = from_memory[:, :, -1, None, None] * state + torch.einsum("bhtp,btn->bhpn", left, write)
    return y.permute(2, 0, 1, 3), state


def choose_scan(device: str) -> Callable[..., tuple[Tensor, Tensor]]:
    """Return the kernel of mamba_ssm on GPUs if it is installed, else `selective_scan`; same arguments and numbers."""
    fused = fused_scan() if device == "cuda" else None
    return fused or selective_scan


@functools.cache
def fused_scan() -> Callable[..., tuple[Tensor, Tensor]] | None:
    """Return `selective_scan` by the kernel of mamba_ssm, or None if that is not installed."""
    if importlib.util.find_spec("mamba_ssm") is None:
        return None
    kernel = importlib.import_module("mamba_ssm.ops.triton.ssd_combined").mamba_chunk_scan_combined
    return lambda *arguments: _fused(kernel, *arguments)


def _fused(
    kernel: Callable[..., Any],
    x: Tensor,
    step: Tensor,
    rate: Tensor,
    write: Tensor,
    read: Tensor,
    state: Tensor,
    resets: Tensor,
) -> tuple[Tensor, Tensor]:
    """The kernel has the batch first, and forgets where `seq_idx` changes; the initial state belongs to index 0."""
    y, state = kernel(
        x.transpose(0, 1).contiguous(),
        step.transpose(0, 1).contiguous(),
        rate,
        write.transpose(0, 1).unsqueeze(2).contiguous(),
        read.transpose(0, 1).unsqueeze(2).contiguous(),
        chunk_size=CHUNK,
        initial_states=state.contiguous(),
        seq_idx=torch.cumsum(resets, 0, dtype=torch.int32).t().contiguous(),
        return_final_states=True,
    )
    return y.transpose(0, 1), state
