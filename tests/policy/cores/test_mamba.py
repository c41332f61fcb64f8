"""The fused kernel is handed what it wants: a stand-in with its documented meaning gives the same numbers."""

import importlib.machinery
import sys
import types

import pytest
import torch
from torch import Tensor

from metta.policy.cores.mamba import _fused, fused_scan, selective_scan

T, B, H, P, N = 130, 3, 2, 4, 5


def inputs() -> tuple[Tensor, ...]:
    torch.manual_seed(0)
    resets = torch.rand(T, B) < 0.05
    resets[:, 0] = False
    resets[0, 1] = True
    step = torch.rand(T, B, H) * 0.2
    shapes = [(T, B, N), (T, B, N), (B, H, P, N)]
    return torch.randn(T, B, H, P), step, -torch.rand(H) - 0.5, *map(torch.randn, shapes), resets


def kernel(
    x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, chunk_size: int, **options: object
) -> tuple[Tensor, Tensor]:
    """mamba_chunk_scan_combined as documented: (batch, length, heads, ..); states end where seq_idx changes."""
    state, seq_idx = options.pop("initial_states"), options.pop("seq_idx")
    assert options == {"return_final_states": True}
    assert all(tensor.is_contiguous() for tensor in (x, dt, B, C, state, seq_idx))
    assert seq_idx.dtype == torch.int32
    assert chunk_size in (16, 32, 64, 128, 256)
    outputs = []
    before = torch.zeros(len(x), dtype=torch.int32)
    for t in range(x.shape[1]):
        same = (seq_idx[:, t] == before).float()
        decay = (dt[:, t] * A).exp() * same[:, None]
        write = torch.einsum("bh,bhp,bn->bhpn", dt[:, t], x[:, t], B[:, t, 0])
        state = decay[..., None, None] * state + write
        outputs.append(torch.einsum("bhpn,bn->bhp", state, C[:, t, 0]))
        before = seq_idx[:, t]
    return torch.stack(outputs, dim=1), state


def test_fused_scan_gives_the_same_numbers() -> None:
    arguments = inputs()
    expected, state = selective_scan(*arguments)
    found, found_state = _fused(kernel, *arguments)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(found_state, state, rtol=1e-4, atol=1e-5)


def test_the_kernel_is_found_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mamba_ssm", "mamba_ssm.ops", "mamba_ssm.ops.triton", "mamba_ssm.ops.triton.ssd_combined"):
        module = types.ModuleType(name)
        module.__path__ = []
        module.__spec__ = importlib.machinery.ModuleSpec(name, None)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(
        sys.modules["mamba_ssm.ops.triton.ssd_combined"], "mamba_chunk_scan_combined", kernel, raising=False
    )
    found = fused_scan()
    assert found is not None
    torch.testing.assert_close(found(*inputs())[0], selective_scan(*inputs())[0], rtol=1e-4, atol=1e-5)


def test_without_the_package_there_is_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert fused_scan() is None
