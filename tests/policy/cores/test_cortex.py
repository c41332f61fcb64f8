import pytest
import torch

from metta.policy.configs.core_config import CoreConfig
from metta.policy.configs.cores import GRUConfig, LSTMConfig
from metta.policy.configs.cortex import SYMBOLS, CortexConfig
from metta.policy.cores.cortex import Cortex

T, B, D = 6, 3, 8


def names(pattern: str, **fields: object) -> list[list[str]]:
    return [[cell.name for cell in block] for block in CortexConfig(pattern=pattern, **fields).blocks()]


def test_patterns() -> None:
    assert names("L") == [["lstm"]]
    assert names("MiX") == [["mingru"], ["transformer_xl"]]
    assert names("S5S") == [["s5"], ["slstm"]]
    assert names("[AgS] L") == [["agalite", "slstm"], ["lstm"]]
    assert names("LX", repeats=2) == [["lstm"], ["transformer_xl"]] * 2
    assert [name for (name,) in names("".join(SYMBOLS))] == list(SYMBOLS.values())


def test_symbols_can_be_changed_and_added() -> None:
    config = CortexConfig.model_validate(
        {"pattern": "LQ", "cells": {"L": {"name": "lstm", "longest_memory": 9}, "Q": "gru"}}
    )
    assert config.blocks() == [[LSTMConfig(longest_memory=9)], [GRUConfig()]]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        ("Q", "at 'Q'"),
        ("L]", "at ']'"),
        ("[L", "ends in a bracket"),
        ("[]", "empty block"),
        ("[L[M]]", r"at '\[M"),
        ("l", "at 'l'"),
    ],
)
def test_wrong_patterns_are_one_line(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"cannot be read: .*{reason}.*; valid: Ag, C, Gr"):
        CortexConfig(pattern=pattern)


def test_wrong_symbols_are_refused() -> None:
    with pytest.raises(ValueError, match="is no symbol"):
        CortexConfig.model_validate({"cells": {"[x": "gru"}})


@pytest.mark.parametrize("block", ["residual", "gated"])
@pytest.mark.parametrize("expand", [0.0, 1.5])
def test_a_residual_or_gated_stack_is_its_blocks(block: str, expand: float) -> None:
    torch.manual_seed(0)
    cortex = Cortex(D, CortexConfig(pattern="LGr", block=block, expand=expand))
    inputs, resets = torch.randn(T, B, D), torch.rand(T, B) < 0.3
    stream = inputs
    for layer in cortex.blocks:
        read, _ = layer.cells[0](layer.norm(stream), torch.zeros(B, layer.memory_size), resets)
        read = layer.mix(read)
        if block == "residual":
            stream = stream + read
        else:
            r, z, n = layer.join.of_result(read).chunk(3, -1)
            sr, sz = layer.join.of_stream(stream).chunk(2, -1)
            z = (z + sz - 2.0).sigmoid()
            stream = (1 - z) * stream + z * (n + layer.join.of_reset((r + sr).sigmoid() * stream)).tanh()
        if expand:
            stream = layer.layer_join(stream, layer.layer(stream))
    expected = stream / (stream.square().mean(-1, keepdim=True) + 1e-5).sqrt()
    outputs, _ = cortex(inputs, torch.zeros(B, cortex.memory_size), resets)
    torch.testing.assert_close(outputs, expected, rtol=1e-5, atol=1e-5)


def test_a_router_weighs_cores_step_by_step() -> None:
    torch.manual_seed(0)
    block = Cortex(D, CortexConfig(pattern="[LS5]", expand=0)).blocks[0]
    torch.nn.init.normal_(block.router.weight)
    inputs, resets = torch.randn(T, B, D), torch.zeros(T, B, dtype=torch.bool)
    normal = block.norm(inputs)
    lstm, s5 = (cell(normal, torch.zeros(B, cell.memory_size), resets)[0] for cell in block.cells)
    share = block.router(normal).softmax(-1)
    expected = inputs + block.mix(share[..., :1] * lstm + share[..., 1:] * s5)
    outputs, _ = block(inputs, torch.zeros(B, block.memory_size), resets)
    torch.testing.assert_close(outputs, expected, rtol=1e-5, atol=1e-5)
    assert share.std(0).min() > 0.01  # it differs from step to step


def test_a_gated_stack_starts_near_no_memory() -> None:
    torch.manual_seed(0)
    cortex = Cortex(D, CortexConfig(pattern="LX", block="gated"))
    inputs = torch.randn(T, B, D)
    outputs, _ = cortex(inputs, torch.zeros(B, cortex.memory_size), torch.zeros(T, B, dtype=torch.bool))
    normal = torch.nn.functional.rms_norm(inputs, (D,))
    assert torch.nn.functional.cosine_similarity(outputs, normal, dim=-1).mean() > 0.9


@pytest.mark.parametrize("name", ["mamba", "mlstm", "slstm", "transformer_xl", "agalite"])
def test_heads_must_divide_the_size(name: str) -> None:
    with pytest.raises(ValueError, match=f"core {name}: heads=3 does not divide its size 16"):
        CoreConfig.resolve({"name": name, "heads": 3}).build(16)
