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
