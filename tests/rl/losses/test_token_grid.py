"""Pairs of place and feature against a slow reading of the tokens."""

import torch

from metta.io.spec import observation_spec
from metta.rl.losses.token_grid import TokenGrid, TokenSums
from tests.rl.fakes import echo_spec

TOKENS = torch.tensor(
    [
        [[0x11, 0, 2], [254, 1, 51], [0x22, 1, 255]],
        [[255, 255, 255], [0x00, 0, 4], [255, 0, 9]],
        [[0x07, 0, 1], [255, 255, 255], [255, 255, 255]],  # a cell beyond a view of 3 x 3
    ],
    dtype=torch.uint8,
)


def test_pairs_and_values() -> None:
    pair, value = TokenGrid(observation_spec(echo_spec()).tokens)(TOKENS)
    assert pair.tolist() == [[1 + 4 * 2, 1 + 9 * 2 + 1, 1 + 8 * 2 + 1], [0, 1, 0], [0, 0, 0]]
    torch.testing.assert_close(value, torch.tensor([[0.5, 0.2, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))


def test_sums_are_over_used_tokens_in_any_order() -> None:
    torch.manual_seed(0)
    sums = TokenSums(observation_spec(echo_spec()).tokens, 5)
    result = sums(TOKENS)
    pair, value = sums.grid(TOKENS)
    for row in range(3):
        expected = torch.zeros(5)
        for number, scaled in zip(pair[row], value[row], strict=True):
            if number:
                expected = expected + sums.presence[number] + scaled * sums.value[number]
        torch.testing.assert_close(result[row], expected)
    torch.testing.assert_close(sums(TOKENS.flip(1)), result)
    assert (result[2] == 0).all()
    torch.testing.assert_close(sums.without_gradient(TOKENS), result)
