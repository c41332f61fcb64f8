import torch

from metta.io.action_head import FORBIDDEN, ActionHead, mask_logits
from metta.io.spec import ChoiceHead


def test_forbidden_choices_have_probability_zero() -> None:
    logits = torch.tensor([[5.0, -3.0, 40.0]])
    masked = mask_logits(logits, torch.tensor([[True, True, False]]))
    assert masked.softmax(-1)[0, 2] == 0.0
    assert torch.equal(masked[0, :2], logits[0, :2])


def test_head_prefers_nothing_at_first() -> None:
    torch.manual_seed(0)
    head = ActionHead(ChoiceHead(choices=["noop", "left", "right"]), num_inputs=8)
    logits = head(torch.randn(4, 8), torch.ones(4, 3, dtype=torch.bool))
    assert logits.shape == (4, 3)
    assert logits.abs().max() < 0.1


def test_forbidden_survives_half_precision() -> None:
    assert torch.tensor(FORBIDDEN).bfloat16().isfinite()


def test_logits_are_not_rounded_where_the_rest_is_in_bfloat16() -> None:
    head = ActionHead(ChoiceHead(choices=["noop", "left", "right"]), num_inputs=8)
    features, mask = 10.0 * torch.randn(4, 8).bfloat16(), torch.ones(4, 3, dtype=torch.bool)
    with torch.autocast("cpu", torch.bfloat16):
        logits = head(features, mask)
    assert torch.equal(logits, head.linear(features.float()))
