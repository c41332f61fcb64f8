import pytest
import torch
from torch import Tensor
from torch.nn import functional

import metta.io.token_planes
from metta.io.spec import DiscreteAttribute, ScaledAttribute, TokenTable
from metta.io.token_planes import TokenPlanes

NUM_FEATURES = 4


@pytest.fixture(params=["of a CPU", "of other devices"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of computing: that of a CPU, and that which never asks how many tokens there are."""
    monkeypatch.setattr(metta.io.token_planes, "asking_is_free", lambda tensor: request.param == "of a CPU")


def table_for(view: int) -> TokenTable:
    return TokenTable(
        max_rows=20,
        view_height=view,
        view_width=view,
        feature=DiscreteAttribute(num_values=NUM_FEATURES),
        value=ScaledAttribute(scales=[1.0, 2.0, 10.0, 100.0]),
    )


def random_tokens(view: int, num_rows: int = 8) -> Tensor:
    shape = (num_rows, 20)
    where = torch.randint(view, shape) * 16 + torch.randint(view, shape)
    where = torch.where(torch.rand(shape) < 0.2, 254, where)
    tokens = torch.stack([where, torch.randint(NUM_FEATURES, shape), torch.randint(1, 256, shape)], dim=-1)
    return torch.where(torch.rand(shape).unsqueeze(-1) < 0.3, 255, tokens).to(torch.uint8)


def dense_planes(tokens: Tensor, scales: list[float], view: int) -> tuple[Tensor, Tensor]:
    """Write planes [B, 2 * features, view, view] and global features [B, 2 * features] token by token."""
    planes = torch.zeros(len(tokens), NUM_FEATURES, 2, view, view)
    glob = torch.zeros(len(tokens), NUM_FEATURES, 2)
    for row, row_tokens in enumerate(tokens.tolist()):
        for where, feature, value in row_tokens:
            entry = torch.tensor([value / scales[feature], 1.0]) if where != 255 else None
            if where == 254:
                glob[row, feature] += entry
            elif entry is not None:
                planes[row, feature, :, where >> 4, where & 15] += entry
    return planes.flatten(1, 2), glob.flatten(1)


def slow_forward(module: TokenPlanes, tokens: Tensor, view: int, kernel: int, stride: int) -> Tensor:
    planes, glob = dense_planes(tokens, table_for(view).value.scales, view)
    side = round((module.num_patches - 1) ** 0.5)
    begin = ((side - 1) * stride + kernel - view) // 2
    end = (side - 1) * stride + kernel - view - begin
    weights = module.kernel.view(NUM_FEATURES, kernel * kernel + 1, 2, -1)
    conv = weights[:, :-1].permute(3, 0, 2, 1).reshape(-1, 2 * NUM_FEATURES, kernel, kernel)
    convolved = functional.conv2d(functional.pad(planes, (begin, end, begin, end)), conv, stride=stride)
    seen = convolved.flatten(2).transpose(1, 2)
    own = glob @ weights[:, -1].flatten(0, 1)
    return torch.cat([seen, own.unsqueeze(1)], dim=1) + module.bias


@pytest.mark.parametrize(
    ("view", "kernel", "stride"), [(11, 5, 5), (11, 5, 3), (9, 5, 5), (7, 3, 2), (15, 5, 5)]
)
@pytest.mark.usefixtures("way")
def test_equals_convolution_over_dense_planes(view: int, kernel: int, stride: int) -> None:
    module = TokenPlanes(table_for(view), channels=7, kernel_size=kernel, stride=stride)
    tokens = random_tokens(view)
    fast, slow = module(tokens), slow_forward(module, tokens, view, kernel, stride)
    torch.testing.assert_close(fast, slow, rtol=1e-5, atol=1e-5)
    weight = torch.randn_like(fast)
    gradients = torch.autograd.grad((fast * weight).sum(), [module.kernel, module.bias])
    expected = torch.autograd.grad((slow * weight).sum(), [module.kernel, module.bias])
    torch.testing.assert_close(gradients, expected, rtol=1e-5, atol=1e-5)


def test_both_ways_give_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    module, tokens = TokenPlanes(table_for(11), channels=64), random_tokens(11, num_rows=50)
    found = []
    for asks in (True, False):
        monkeypatch.setattr(metta.io.token_planes, "asking_is_free", lambda tensor, asks=asks: asks)
        output = module(tokens)
        found.append((output, torch.autograd.grad(output.square().sum(), module.kernel)[0]))
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


@pytest.mark.usefixtures("way")
def test_order_of_tokens_does_not_matter() -> None:
    module = TokenPlanes(table_for(11), channels=5)
    tokens = random_tokens(11)
    order = torch.rand(tokens.shape[:2]).argsort(dim=1)
    shuffled = tokens.gather(1, order.unsqueeze(-1).expand_as(tokens))
    torch.testing.assert_close(module(tokens), module(shuffled), rtol=1e-5, atol=1e-5)


@pytest.mark.usefixtures("way")
def test_empty_observations_give_the_bias() -> None:
    module = TokenPlanes(table_for(11), channels=5)
    nothing = torch.full((3, 20, 3), 255, dtype=torch.uint8)
    assert torch.equal(module(nothing), module.bias.expand(3, -1, -1))
    assert module(nothing[:0]).shape == (0, 10, 5)


@pytest.mark.usefixtures("way")
def test_cells_outside_the_view_are_refused() -> None:
    outside = torch.tensor([[[12 << 4 | 12, 0, 1]]], dtype=torch.uint8)
    with pytest.raises(RuntimeError):
        TokenPlanes(table_for(11), channels=5)(outside)


@pytest.mark.usefixtures("way")
def test_same_result_for_any_number_of_threads() -> None:
    module = TokenPlanes(table_for(11), channels=64)
    tokens = random_tokens(11, num_rows=500)
    alone = module(tokens)
    torch.set_num_threads(2)
    assert torch.equal(alone, module(tokens))
