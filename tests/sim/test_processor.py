import pytest
import torch

from metta.sim import processor


@pytest.fixture(autouse=True)
def _as_it_was() -> object:
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")  # PyTorch's default
    yield
    torch.set_float32_matmul_precision(before)


def test_products_stay_in_float32() -> None:
    processor.multiply_with_onednn()
    left, right = torch.randn(384, 600), torch.randn(600, 128)
    exact = left.double() @ right.double()
    torch.testing.assert_close((left @ right).double(), exact, rtol=0, atol=1e-3)
    assert ((left.bfloat16() @ right.bfloat16()).double() - exact).abs().max() > 0.05  # what must not happen


def test_a_library_that_rounds_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "keeps_float32", lambda: False)
    assert not processor.multiply_with_onednn()
    assert torch.get_float32_matmul_precision() == "highest"


def test_rounding_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processor.keeps_float32()
    exact = torch.Tensor.__matmul__
    monkeypatch.setattr(torch.Tensor, "__matmul__", lambda a, b: exact(a.bfloat16(), b.bfloat16()).float())
    assert not processor.keeps_float32()
