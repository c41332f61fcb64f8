"""What must hold for every core: one rule for resets in play and training, and gradients that respect it."""

import pytest
import torch
from torch import Tensor

from metta.policy.configs.core_config import CoreConfig
from metta.policy.cores.core import Core

T, B, D = 12, 5, 16
CORES = sorted(name for name in CoreConfig.known() if not name.endswith("_test"))
MEMORIES = [name for name in CORES if name != "none"]


def make(name: str) -> Core:
    torch.manual_seed(0)
    return CoreConfig.resolve(name).build(D)


def sequence(seed: int, steps: int = T, share: float = 0.2) -> tuple[Tensor, Tensor]:
    """Inputs and resets at random places; row 0 has none, row 1 one at the first step."""
    generator = torch.Generator().manual_seed(seed)
    resets = torch.rand(steps, B, generator=generator) < share
    resets[:, 0] = False
    resets[0, 1] = True
    return torch.randn(steps, B, D, generator=generator), resets


def lived(core: Core, seed: int = 99) -> Tensor:
    """A memory as it is after some steps of life."""
    with torch.no_grad():
        inputs, resets = sequence(seed)
        return core(inputs, torch.zeros(B, core.memory_size), resets)[1]


def step_by_step(core: Core, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
    outputs = []
    for inputs_t, resets_t in zip(inputs, resets, strict=True):
        output, memory = core(inputs_t[None], memory, resets_t[None])
        outputs.append(output[0])
    return torch.stack(outputs), memory


@pytest.mark.parametrize("name", CORES)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("steps", [T, 150])
def test_a_sequence_equals_its_steps(name: str, seed: int, steps: int) -> None:
    core = make(name)
    inputs, resets = sequence(seed, steps, share=(0.0, 0.02, 0.2, 0.7)[seed])
    memory = lived(core)
    outputs, after = core(inputs, memory, resets)
    expected, expected_after = step_by_step(core, inputs, memory, resets)
    assert outputs.shape == (steps, B, D)
    assert after.shape == (B, core.memory_size)
    assert after.dtype == torch.float32
    torch.testing.assert_close(outputs, expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(after, expected_after, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", CORES)
def test_what_was_before_a_reset_is_forgotten(name: str) -> None:
    core = make(name)
    inputs, resets = sequence(0)
    cut = 7
    resets[cut] = True
    outputs, after = core(inputs, lived(core), resets)
    fresh, fresh_after = core(inputs[cut:], torch.zeros(B, core.memory_size), resets[cut:])
    torch.testing.assert_close(outputs[cut:], fresh, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(after, fresh_after, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", CORES)
def test_empty_memory_is_zeros(name: str) -> None:
    core = make(name)
    inputs, resets = sequence(0)
    empty = torch.zeros(B, core.memory_size)
    resets[0] = False
    outputs, _ = core(inputs, empty, resets)
    resets[0] = True
    torch.testing.assert_close(core(inputs, empty, resets)[0], outputs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", MEMORIES)
def test_the_past_matters(name: str) -> None:
    core = make(name)
    inputs, resets = sequence(0, share=0.0)
    outputs, _ = core(inputs, lived(core), resets)
    fresh, _ = core(inputs, torch.zeros(B, core.memory_size), resets)
    assert (outputs[0, 0] - fresh[0, 0]).abs().max() > 1e-4
    changed = inputs.clone()
    changed[-2] += torch.randn(B, D)
    later, _ = core(changed, lived(core), resets)
    assert (later[-1] - outputs[-1]).abs().amax(dim=-1).min() > 1e-4
    torch.testing.assert_close(later[:-2], outputs[:-2])  # and the future does not


@pytest.mark.parametrize("name", MEMORIES)
def test_gradients_do_not_leak_across_resets(name: str) -> None:
    core = make(name)
    inputs, _ = sequence(1)
    resets = torch.zeros(T, B, dtype=torch.bool)
    resets[6, 2:] = True
    memory = lived(core).requires_grad_()
    inputs.requires_grad_()
    outputs, _ = core(inputs, memory, resets)
    of_inputs, of_memory = torch.autograd.grad(outputs[6:].square().sum(), [inputs, memory])
    assert (of_inputs[:6, 2:] == 0).all()
    assert (of_memory[2:] == 0).all()
    assert (of_inputs[5, :2].abs().sum(-1) > 0).all()
    assert (of_memory[:2].abs().sum(-1) > 0).all()
    assert (of_inputs[6:].abs().sum(-1) > 0).all()


@pytest.mark.parametrize("name", MEMORIES)
def test_gradients_reach_every_weight(name: str) -> None:
    """A core of the original's relatives had half of a projection whose gradient was exactly zero."""
    core = make(name)
    inputs, resets = sequence(2)
    outputs, after = core(inputs, lived(core), resets)
    (outputs.square().sum() + after.sum()).backward()
    for weight_name, weight in core.named_parameters():
        assert weight.grad is not None, weight_name
        dead = (weight.grad.flatten(1) if weight.dim() > 1 else weight.grad.unsqueeze(0)).abs().sum(-1) == 0
        assert dead.float().mean() < 0.3, weight_name


@pytest.mark.parametrize("name", MEMORIES)
def test_gradients_are_those_of_finite_differences(name: str) -> None:
    core = make(name).double()
    inputs, resets = sequence(3, steps=5)
    memory = lived(make(name)).double()
    inputs = inputs.double()
    direction = torch.randn_like(inputs)
    weights = list(core.parameters())
    directions = [torch.randn_like(weight) for weight in weights]
    aim = torch.randn(5, B, D).double()

    def value(size: float) -> Tensor:
        moved = [weight.detach().clone() for weight in weights]
        with torch.no_grad():
            for weight, move in zip(weights, directions, strict=True):
                weight.add_(move, alpha=size)
            result = (core(inputs + size * direction, memory, resets)[0] * aim).sum()
            for weight, old in zip(weights, moved, strict=True):
                weight.copy_(old)
        return result

    step = 1e-5
    expected = (value(step) - value(-step)) / (2 * step)
    inputs.requires_grad_()
    loss = (core(inputs, memory, resets)[0] * aim).sum()
    gradients = torch.autograd.grad(loss, [inputs, *weights])
    found = sum(
        (gradient * move).sum() for gradient, move in zip(gradients, [direction, *directions], strict=True)
    )
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", CORES)
def test_bfloat16_keeps_memory_in_float32(name: str) -> None:
    core = make(name)
    inputs, resets = sequence(0)
    exact, _ = core(inputs, lived(core), resets)
    with torch.autocast("cpu", torch.bfloat16):
        outputs, after = core(inputs, lived(core), resets)
    assert after.dtype == torch.float32
    torch.testing.assert_close(outputs.float(), exact, rtol=0.1, atol=0.1)


@pytest.mark.parametrize("name", CORES)
def test_one_row_is_independent_of_the_others(name: str) -> None:
    core = make(name)
    inputs, resets = sequence(0)
    memory = lived(core)
    outputs, _ = core(inputs, memory, resets)
    alone, _ = core(inputs[:, 2:3], memory[2:3], resets[:, 2:3])
    torch.testing.assert_close(alone, outputs[:, 2:3], rtol=1e-5, atol=1e-6)
