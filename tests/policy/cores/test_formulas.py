"""Each core against its formula, written down step by step and row by row, as slowly as it reads."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from metta.policy.configs.core_config import CoreConfig
from metta.policy.cores.agalite import AGaLiTe
from metta.policy.cores.causal_conv import CausalConv
from metta.policy.cores.core import Core
from metta.policy.cores.mamba import Mamba
from metta.policy.cores.mingru import MinGRU
from metta.policy.cores.mlstm import MLSTM
from metta.policy.cores.s5 import S5
from metta.policy.cores.slstm import SLSTM
from metta.policy.cores.transformer_xl import TransformerXL, sinusoids

T, D, H = 40, 16, 4
W = D // H
Definition = Callable[[Core, list[Tensor]], list[Tensor]]


def mingru(core: MinGRU, episode: list[Tensor]) -> list[Tensor]:
    hidden, outputs = torch.zeros(D), []
    for x in episode:
        gates = core.gates(x)
        z = gates[:D].sigmoid()
        hidden = (1 - z) * hidden + z * gates[D:].tanh()
        outputs.append(hidden)
    return outputs


def causal_conv(core: CausalConv, episode: list[Tensor]) -> list[Tensor]:
    def at(t: int) -> Tensor:
        return sum((core.taps[k] * episode[t - k] for k in range(len(core.taps)) if t >= k), core.bias)

    return [core.mixer(functional.silu(at(t))) for t in range(len(episode))]


def s5(core: S5, episode: list[Tensor]) -> list[Tensor]:
    size = len(core.decay)
    eigenvalue = torch.complex(-core.decay.exp(), core.frequency)
    keep = torch.exp(eigenvalue * core.log_step.exp())
    into = torch.complex(core.into.weight[0::2], core.into.weight[1::2])
    out = torch.complex(core.out.weight[:, 0::2], -core.out.weight[:, 1::2])
    state, outputs = torch.zeros(size, dtype=into.dtype), []
    for x in episode:
        u = core.norm(x)
        state = keep * state + (keep - 1) / eigenvalue * (into @ u.to(into.dtype))
        y = functional.gelu(2 * (out @ state).real + core.skip * u)
        value, gate = core.gate(y).chunk(2)
        outputs.append(value * gate.sigmoid())
    return outputs


def mamba(core: Mamba, episode: list[Tensor]) -> list[Tensor]:
    size, state_size = core.inner, core.state_size
    projected = [core.into(x) for x in episode]
    mixed = [row[size:-H] for row in projected]
    state, outputs = torch.zeros(H, size // H, state_size), []
    for t, row in enumerate(projected):
        window = sum(core.taps[k] * mixed[t - k] for k in range(len(core.taps)) if t >= k)
        seen = functional.silu(window + core.tap_bias)
        x, write, read = seen[:size].view(H, -1), seen[size : size + state_size], seen[size + state_size :]
        step = functional.softplus(row[-H:] + core.step_bias)
        for head in range(H):
            decay = torch.exp(-core.log_rate[head].exp() * step[head])
            state = state.clone()
            state[head] = decay * state[head] + step[head] * torch.outer(x[head], write)
        y = (state @ read + core.skip.unsqueeze(-1) * x).flatten()
        outputs.append(core.out(core.norm(y * functional.silu(row[:size]))))
    return outputs


def mlstm(core: MLSTM, episode: list[Tensor]) -> list[Tensor]:
    matrix, norm, outputs = torch.zeros(H, W, W), torch.zeros(H, W), []
    for x in episode:
        q, k, v, o = (part.view(H, W) for part in core.into(x).chunk(4))
        k = k / math.sqrt(W)
        write, keep = core.gates(x).chunk(2)
        write, keep = write.exp(), keep.sigmoid()
        matrix = torch.stack([keep[h] * matrix[h] + write[h] * torch.outer(v[h], k[h]) for h in range(H)])
        norm = torch.stack([keep[h] * norm[h] + write[h] * k[h] for h in range(H)])
        read = torch.stack([matrix[h] @ q[h] / max(abs(norm[h] @ q[h]), 1.0) for h in range(H)])
        normal = (read - read.mean(1, keepdim=True)) / (read.var(1, keepdim=True, correction=0) + 1e-5).sqrt()
        outputs.append(core.out(o.flatten().sigmoid() * core.scale * normal.flatten()))
    return outputs


def slstm(core: SLSTM, episode: list[Tensor]) -> list[Tensor]:
    hidden, cell, norm, outputs = (torch.zeros(D), torch.zeros(D), torch.zeros(D), [])
    for x in episode:
        mixed = torch.stack([hidden.view(H, W)[h] @ core.recurrent[h] for h in range(H)]).view(H, 4, W)
        z, i, f, o = _gates(core, x, mixed)
        cell = f.sigmoid() * cell + i.exp() * z.tanh()
        norm = f.sigmoid() * norm + i.exp()
        hidden = o.sigmoid() * cell / norm
        normal = functional.layer_norm(hidden.view(H, W), (W,)).flatten()
        outputs.append(core.out(core.scale * normal))
    return outputs


def transformer_xl(core: TransformerXL, episode: list[Tensor]) -> list[Tensor]:
    q, k, v = zip(*(core.into(x).view(3, H, W) for x in episode), strict=True)
    relative = core.by_distance(sinusoids(core.window + 1, D)).view(-1, H, W)
    outputs = []
    for t in range(len(episode)):
        seen = range(max(0, t - core.window), t + 1)
        read = []
        for h in range(H):
            scores = torch.stack(
                [
                    (q[t][h] + core.content_bias[h]) @ k[s][h]
                    + (q[t][h] + core.distance_bias[h]) @ relative[t - s, h]
                    for s in seen
                ]
            )
            weights = (scores / math.sqrt(W)).softmax(0)
            read.append(sum(weight * v[s][h] for weight, s in zip(weights, seen, strict=True)))
        outputs.append(core.out(torch.cat(read)))
    return outputs


def agalite(core: AGaLiTe, episode: list[Tensor]) -> list[Tensor]:
    waves, eta = core.num_waves, core.lengthen.out_features // (3 * H)
    keys, values = torch.zeros(waves, H, W * eta), torch.zeros(waves, H, W)
    norm, outputs = torch.zeros(H, W * eta), []

    def outer(first: Tensor, second: Tensor) -> Tensor:
        return torch.stack([torch.outer(first[h], second[h]).flatten() for h in range(H)])

    for t, x in enumerate(episode, start=1):
        k, q, g, v, b = core.into(x).view(H, 5, W).unbind(1)
        p1, p2, p3 = core.lengthen(x).view(H, 3, eta).unbind(1)
        k, q, g = (
            outer(k.relu(), p1.relu()),
            outer(q.relu(), p2.relu()),
            outer(g.sigmoid(), p3.sigmoid()),
        )
        b = b.sigmoid()
        wave = [math.cos(t * math.pi * j / (waves - 1)) for j in range(waves)]
        keys = torch.stack([(1 - g) * keys[j] + wave[j] * g * k for j in range(waves)])
        values = torch.stack([(1 - b) * values[j] + wave[j] * b * v for j in range(waves)])
        norm = (1 - g) * norm + g * k
        read = sum(values[j] * (keys[j] * q).sum(1, keepdim=True) for j in range(waves))
        outputs.append(core.out((read / (2 * waves * (norm * q).sum(1, keepdim=True) + 1e-5)).flatten()))
    return outputs


def _gates(core: SLSTM, x: Tensor, mixed: Tensor) -> list[Tensor]:
    """z, i, f, o of all heads; the recurrent part has the gates inside each head."""
    return [part + mixed[:, gate].flatten() for gate, part in enumerate(core.into(x).chunk(4))]


DEFINITIONS: dict[str, Definition] = {
    "agalite": agalite,
    "causal_conv": causal_conv,
    "mamba": mamba,
    "mingru": mingru,
    "mlstm": mlstm,
    "s5": s5,
    "slstm": slstm,
    "transformer_xl": transformer_xl,
}


@pytest.fixture
def double() -> object:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_core_is_its_formula_within_each_episode(name: str, double: object) -> None:
    torch.manual_seed(1)
    core = CoreConfig.resolve(name).build(D)
    with torch.no_grad():
        for weight in core.parameters():  # no zeros and ones that would hide a term
            weight.add_(0.1 * torch.randn_like(weight))
    starts = [0, 1, 13]
    resets = torch.zeros(T, 1, dtype=torch.bool)
    resets[starts] = True
    inputs = torch.randn(T, 1, D)
    outputs, _ = core(inputs, torch.randn(1, core.memory_size), resets)
    expected = []
    for start, end in zip(starts, [*starts[1:], T], strict=True):
        expected += DEFINITIONS[name](core, list(inputs[start:end, 0]))
    torch.testing.assert_close(outputs[:, 0], torch.stack(expected), rtol=1e-9, atol=1e-9)


def test_every_core_has_a_formula() -> None:
    """LSTM and GRU are compared with PyTorch's, cortex with its parts."""
    elsewhere = {"none", "lstm", "gru", "cortex"}
    assert set(DEFINITIONS) | elsewhere == {n for n in CoreConfig.known() if not n.endswith("_test")}


def test_s5_is_linear_up_to_what_it_reads() -> None:
    """A relative of the original's called itself a state space and was not linear."""
    torch.manual_seed(0)
    core = S5(D)
    never = torch.zeros(T, 2, dtype=torch.bool)
    zero = torch.zeros(2, len(core.decay), dtype=torch.complex64)
    first, second = torch.randn(2, T, 2, D)
    both = core.run_states(first + 3 * second, zero, never)
    parts = core.run_states(first, zero, never) + 3 * core.run_states(second, zero, never)
    torch.testing.assert_close(both, parts, rtol=1e-4, atol=1e-5)
