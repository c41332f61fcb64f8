import pytest
import torch

from metta.policy.architectures.fast import FastConfig
from metta.policy.policy import Policy
from tests.policy.games import make_spec, random_mask, random_observations

T, B = 7, 4
SPEC = make_spec()


@pytest.fixture
def policy() -> Policy:
    policy = FastConfig(channels=8, hidden=16).build(SPEC)
    torch.nn.init.normal_(policy.action_head.linear.weight)  # the initial head hides differences
    return policy


def inputs() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    observations = random_observations(SPEC, T * B).unflatten(0, (T, B))
    resets = torch.zeros(T, B, dtype=torch.bool)
    resets[0, 0] = resets[3, 1] = resets[3, 2] = resets[6, 2] = True
    return observations, random_mask(SPEC, T, B), torch.randn(B, 16), resets


def test_sequence_equals_step_by_step_with_resets_inside(policy: Policy) -> None:
    observations, mask, state, resets = inputs()
    whole = policy(observations, mask, state, resets)
    logits, values = [], []
    for t in range(T):
        step = policy(observations[t], mask[t], state, resets[t])
        state = step.state
        logits.append(step.logits)
        values.append(step.value)
    torch.testing.assert_close(whole.logits, torch.stack(logits), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(whole.value, torch.stack(values), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(whole.state, state, rtol=1e-5, atol=1e-5)


def test_memory_matters_and_resets_clear_it(policy: Policy) -> None:
    observations, mask, state, _ = inputs()
    step, never, always = observations[0], torch.zeros(B, dtype=torch.bool), torch.ones(B, dtype=torch.bool)
    remembering = policy(step, mask[0], state, never)
    forgetting = policy(step, mask[0], state, always)
    fresh = policy(step, mask[0], policy.initial_state(B), never)
    assert not torch.allclose(remembering.value, forgetting.value, atol=1e-3)
    torch.testing.assert_close(forgetting.value, fresh.value)


def test_order_of_tokens_does_not_matter(policy: Policy) -> None:
    observations, mask, state, resets = inputs()
    order = torch.randperm(observations.shape[2])
    first = policy(observations, mask, state, resets)
    second = policy(observations[:, :, order], mask, state, resets)
    torch.testing.assert_close(first.logits, second.logits, rtol=1e-5, atol=1e-4)


def test_forbidden_actions_have_probability_zero(policy: Policy) -> None:
    observations, mask, state, resets = inputs()
    probabilities = policy(observations, mask, state, resets).logits.softmax(-1)
    assert (probabilities[~mask] == 0).all()
    assert (probabilities[mask] > 0).all()


def test_gradients_reach_every_weight_and_the_first_memory(policy: Policy) -> None:
    observations, mask, state, resets = inputs()
    state.requires_grad_()
    output = policy(observations, mask, state, resets)
    (output.logits[mask].sum() + output.value.sum()).backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in policy.parameters())
    assert state.grad is not None
    assert (state.grad[0] == 0).all()  # row 0 resets at its first step
    assert state.grad[3].abs().sum() > 0


def test_same_seed_same_weights() -> None:
    def weights() -> list[torch.Tensor]:
        torch.manual_seed(5)
        return list(FastConfig().build(SPEC).parameters())

    assert all(torch.equal(first, second) for first, second in zip(weights(), weights(), strict=True))


@pytest.mark.parametrize("view", [7, 15])
def test_other_views(view: int) -> None:
    spec = make_spec(view=view)
    policy = FastConfig(channels=4, hidden=8).build(spec)
    observations = random_observations(spec, B)
    output = policy(
        observations, random_mask(spec, B), policy.initial_state(B), torch.ones(B, dtype=torch.bool)
    )
    assert output.logits.shape == (B, len(spec.action_names))
    assert output.value.shape == (B,)


def test_autocast_keeps_memory_in_float32(policy: Policy) -> None:
    observations, mask, state, resets = inputs()
    exact = policy(observations, mask, state, resets)
    with torch.autocast("cpu", torch.bfloat16):
        output = policy(observations, mask, state, resets)
    assert output.state.dtype == output.logits.dtype == output.value.dtype == torch.float32
    torch.testing.assert_close(output.value, exact.value, rtol=0.1, atol=0.1)
