"""Without resets the classic cores are PyTorch's own, weight for weight."""

import torch

from metta.policy.cores.gru import GRU
from metta.policy.cores.lstm import LSTM

T, B, D = 9, 4, 8
NEVER = torch.zeros(T, B, dtype=torch.bool)


def test_lstm_is_torchs_lstm() -> None:
    torch.manual_seed(0)
    core, library = LSTM(D), torch.nn.LSTM(D, D)
    with torch.no_grad():
        library.weight_ih_l0.copy_(core.input.weight)
        library.weight_hh_l0.copy_(core.recurrent)
        library.bias_ih_l0.copy_(core.input.bias)
        library.bias_hh_l0.zero_()
    inputs, memory = torch.randn(T, B, D), torch.randn(B, 2 * D)
    outputs, after = core(inputs, memory, NEVER)
    expected, (hidden, cell) = library(inputs, (memory[None, :, :D], memory[None, :, D:]))
    torch.testing.assert_close(outputs, expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(after, torch.cat([hidden[0], cell[0]], -1), rtol=1e-5, atol=1e-6)


def test_an_lstm_in_pieces_is_one_in_a_loop() -> None:
    """CPUs take the one, GPUs the other: outputs, memory and all gradients are the same, wherever resets are."""
    torch.manual_seed(0)
    core = LSTM(D)
    for chance in (0.0, 0.1, 0.5, 1.0):
        resets = torch.rand(T, B) < chance
        results = []
        for run in (core._in_pieces, core._in_a_loop):
            inputs = torch.linspace(-1, 1, T * B * D).view(T, B, D).requires_grad_()
            hidden, cell = (torch.full((B, D), value, requires_grad=True) for value in (0.3, -0.6))
            outputs, after = run(inputs, hidden, cell, resets)
            (outputs.square().sum() + after.sin().sum()).backward()
            gradients = [value.grad for value in (inputs, hidden, cell, *core.parameters())]
            results.append([outputs, after, *(g.clone() for g in gradients if g is not None)])
            core.zero_grad()
        assert len(results[0]) == len(results[1]) == 8
        for mine, other in zip(*results, strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-4, atol=1e-5)


def test_gru_is_torchs_gru() -> None:
    torch.manual_seed(0)
    core, library = GRU(D), torch.nn.GRU(D, D)
    with torch.no_grad():
        library.weight_ih_l0.copy_(core.input.weight)
        library.weight_hh_l0.copy_(core.recurrent.weight)
        library.bias_ih_l0.copy_(core.input.bias)
        library.bias_hh_l0.copy_(torch.randn_like(core.recurrent.bias))
        core.recurrent.bias.copy_(library.bias_hh_l0)
    inputs, memory = torch.randn(T, B, D), torch.randn(B, D)
    outputs, _ = core(inputs, memory, NEVER)
    torch.testing.assert_close(outputs, library(inputs, memory[None])[0], rtol=1e-5, atol=1e-6)


def test_slowest_units_remember_as_long_as_asked() -> None:
    for gate_bias in (
        LSTM(32, longest_memory=200.0).input.bias[32:64],
        GRU(32, longest_memory=200.0).input.bias[32:64],
    ):
        kept = gate_bias.sigmoid()
        torch.testing.assert_close(kept.max().item(), 1 - 1 / 200, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(kept.min().item(), 0.5, rtol=1e-5, atol=1e-5)
