"""`check_policy`: does a policy keep the rules that training and play rely on? For those who write their own."""

import torch
from torch import Tensor

from metta.policy.policy import Policy, PolicyOutput

_STEPS, _ROWS = 9, 6


def check_policy(policy: Policy, tolerance: float = 1e-5) -> None:
    """Play made-up observations and compare what must be equal.

    Args:
        policy: any; its weights stay as they are.
        tolerance: of comparisons, absolute and relative.

    Raises:
        ValueError: one line with the rule that is broken.
    """
    generator = torch.Generator().manual_seed(0)
    observations, mask = _made_up(policy, generator)
    resets = torch.rand(_STEPS, _ROWS, generator=generator) < 0.2
    resets[0, 0] = True
    resets[0, 1:3] = False
    with torch.no_grad():
        empty = policy.initial_state(_ROWS)
        lived = policy(observations.flip(0), mask, empty, resets).state
        whole = policy(observations, mask, lived, resets)
        _compare_with_steps(policy, observations, mask, lived, resets, whole, tolerance)
        _compare_with_fresh(policy, observations, mask, lived, tolerance)
    forbidden = whole.logits.softmax(-1)[~mask]
    if (forbidden > 0).any():
        raise ValueError("forbidden actions have a probability above 0; see metta.io.action_head.mask_logits")


def _compare_with_steps(
    policy: Policy,
    observations: Tensor,
    mask: Tensor,
    state: Tensor,
    resets: Tensor,
    whole: PolicyOutput,
    tolerance: float,
) -> None:
    for t in range(_STEPS):
        step = policy(observations[t], mask[t], state, resets[t])
        state = step.state
        for name, found, expected in (
            ("logits", whole.logits[t], step.logits),
            ("values", whole.value[t], step.value),
        ):
            if not torch.allclose(found, expected, rtol=tolerance, atol=tolerance):
                raise ValueError(
                    f"{name} of step {t} of a sequence differ from those of single steps by up to "
                    f"{(found - expected).abs().max():.2g}: training would not see what play does"
                )
    if not torch.allclose(whole.state, state, rtol=tolerance, atol=tolerance):
        raise ValueError("the memory after a sequence differs from that after its single steps")


def _compare_with_fresh(
    policy: Policy, observations: Tensor, mask: Tensor, lived: Tensor, tolerance: float
) -> None:
    start = torch.ones(_ROWS, dtype=torch.bool)
    after_life = policy(observations[0], mask[0], lived, start)
    fresh = policy(observations[0], mask[0], policy.initial_state(_ROWS), start)
    if not torch.allclose(after_life.value, fresh.value, rtol=tolerance, atol=tolerance):
        raise ValueError("a reset does not clear the memory: values after it depend on what was before")


def _made_up(policy: Policy, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return observations that agree with the policy's game, and masks."""
    spec = policy.spec
    shape = (_STEPS, _ROWS, min(spec.num_tokens, 32))
    row = torch.randint(spec.view_height, shape, generator=generator)
    column = torch.randint(spec.view_width, shape, generator=generator)
    feature = torch.randint(len(spec.feature_names), shape, generator=generator)
    value = torch.randint(1, 20, shape, generator=generator)
    tokens = torch.stack([row * 16 + column, feature, value], dim=-1).to(torch.uint8)
    mask = torch.rand(_STEPS, _ROWS, len(spec.action_names), generator=generator) < 0.7
    mask[..., 0] = True
    return tokens, mask
