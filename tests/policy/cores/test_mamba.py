"""The fused kernel is handed what it wants: a stand-in with its documented meaning gives the same numbers."""

import importlib.machinery
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from metta.policy.cores import mamba
from metta.policy.cores.mamba import Mamba, _fused, choose_scan, fused_scan, selective_scan

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


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """mamba_ssm as if it were installed, with a slow kernel; counts its calls."""
    calls: list[int] = []

    def counting(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        return kernel(*arguments, **options)

    for name in ("mamba_ssm", "mamba_ssm.ops", "mamba_ssm.ops.triton", "mamba_ssm.ops.triton.ssd_combined"):
        module = types.ModuleType(name)
        module.__path__ = []
        module.__spec__ = importlib.machinery.ModuleSpec(name, None)
        monkeypatch.setitem(sys.modules, name, module)
    last = sys.modules["mamba_ssm.ops.triton.ssd_combined"]
    monkeypatch.setattr(last, "mamba_chunk_scan_combined", counting, raising=False)
    fused_scan.cache_clear()
    yield calls
    fused_scan.cache_clear()


def test_the_kernel_is_found_where_it_is_installed(installed: list[int]) -> None:
    found = fused_scan()
    assert found is not None
    torch.testing.assert_close(found(*inputs())[0], selective_scan(*inputs())[0], rtol=1e-4, atol=1e-5)
    assert installed == [1]


def test_only_gpus_use_it(installed: list[int]) -> None:
    assert choose_scan("cpu") is selective_scan
    assert choose_scan("mps") is selective_scan
    assert choose_scan("cuda") is fused_scan()


def test_the_core_gives_the_same_numbers_and_gradients_with_it(
    installed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole core, as on a GPU: what is handed over and taken back has the right shapes, also for its gradient."""
    torch.manual_seed(0)
    core = Mamba(16, heads=2, state_size=4)
    resets = torch.rand(T, B) < 0.05
    sequence, memory = torch.randn(T, B, 16), torch.randn(B, core.memory_size)
    results = []
    for device in ("cpu", "cuda"):
        monkeypatch.setattr(mamba, "choose_scan", lambda _, device=device: choose_scan(device))
        outputs, after = core(sequence, memory, resets)
        gradients = torch.autograd.grad(outputs.square().sum() + after.sum(), list(core.parameters()))
        results.append([outputs, after, *gradients])
    assert installed == [1]
    for found, expected in zip(results[1], results[0], strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)


def test_without_the_package_there_is_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    fused_scan.cache_clear()
    assert fused_scan() is None
    assert choose_scan("cuda") is selective_scan
    fused_scan.cache_clear()
