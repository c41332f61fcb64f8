"""What must hold for every named architecture, whatever it is made of."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from metta.policy.adapted import adapt_policy
from metta.policy.architecture import known_architectures, resolve_architecture
from metta.policy.checkpoint import CheckpointMetadata, read_checkpoint, save_checkpoint
from metta.policy.policy import Policy
from tests.policy.games import make_spec, random_mask, random_observations

T, B = 7, 4
SPEC = make_spec()
NAMES = sorted(
    name for name, cls in known_architectures().items() if cls.__module__.startswith("metta.policy.")
)


@pytest.fixture(params=NAMES)
def policy(request: pytest.FixtureRequest) -> Policy:
    policy = resolve_architecture(request.param).build(SPEC)
    torch.nn.init.normal_(policy.action_head.linear.weight)  # the initial head hides differences
    return policy


def inputs(policy: Policy) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Observations, masks, a memory as it is after some life, and resets at random places."""
    observations = random_observations(SPEC, T * B).unflatten(0, (T, B))
    resets = torch.zeros(T, B, dtype=torch.bool)
    resets[0, 0] = resets[3, 1] = resets[3, 2] = resets[6, 2] = True
    with torch.no_grad():
        lived = policy(observations.flip(0), random_mask(SPEC, T, B), policy.initial_state(B), resets).state
    return observations, random_mask(SPEC, T, B), lived, resets


def test_the_promised_names_exist() -> None:
    promised = {"fast", "vit_tiny", "vit_small", "vit_med", "lstm", "mamba", "cortex", "memory_free", "agent"}
    assert promised <= set(NAMES)


def test_training_on_a_row_equals_stepping_through_it(policy: Policy) -> None:
    """The original's training ignored resets inside a row."""
    observations, mask, state, resets = inputs(policy)
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


def test_gradients_reach_every_weight(policy: Policy) -> None:
    observations, mask, state, resets = inputs(policy)
    output = policy(observations, mask, state, resets)
    (output.logits[mask].square().sum() + output.value.square().sum() + output.state.sum()).backward()
    idle = [
        name for name, weight in policy.named_parameters() if weight.grad is None or not weight.grad.any()
    ]
    assert not idle


def test_order_of_tokens_does_not_matter(policy: Policy) -> None:
    observations, mask, state, resets = inputs(policy)
    order = torch.randperm(observations.shape[2])
    first = policy(observations, mask, state, resets)
    second = policy(observations[:, :, order], mask, state, resets)
    torch.testing.assert_close(first.logits, second.logits, rtol=1e-4, atol=1e-4)


def test_unused_tokens_do_not_matter(policy: Policy) -> None:
    observations, mask, state, resets = inputs(policy)
    more = torch.full((T, B, 9, 3), 255, dtype=torch.uint8)
    first = policy(observations, mask, state, resets)
    second = policy(torch.cat([more, observations, more], dim=2), mask, state, resets)
    torch.testing.assert_close(first.logits, second.logits, rtol=1e-4, atol=1e-4)


def test_seeing_nothing_at_all_is_finite(policy: Policy) -> None:
    _, mask, state, resets = inputs(policy)
    output = policy(torch.full((T, B, 8, 3), 255, dtype=torch.uint8), mask, state, resets)
    assert output.value.isfinite().all()
    assert output.logits[mask].isfinite().all()


@pytest.mark.parametrize(("view", "num_actions", "num_features"), [(7, 3, 2), (15, 40, 60)])
@pytest.mark.parametrize("name", NAMES)
def test_other_games(name: str, view: int, num_actions: int, num_features: int) -> None:
    """The original's networks were made for 11x11 cells, and masked all actions from the 22nd on."""
    spec = make_spec(num_features, num_actions, view)
    policy = resolve_architecture(name).build(spec)
    observations = random_observations(spec, B)
    everything = torch.ones(B, num_actions, dtype=torch.bool)
    output = policy(observations, everything, policy.initial_state(B), torch.ones(B, dtype=torch.bool))
    assert output.value.shape == (B,)
    probabilities = output.logits.softmax(-1)
    assert probabilities.shape == (B, num_actions)
    assert (probabilities > 0.1 / num_actions).all()


def test_checkpoints_give_the_same_policy(policy: Policy, tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path / "x:v1.mpt", policy, CheckpointMetadata())
    loaded, _ = read_checkpoint(path)
    assert loaded.architecture == policy.architecture
    args = inputs(policy)
    assert torch.equal(loaded(*args).logits, policy(*args).logits)


def test_a_game_with_more_things_and_verbs_is_played_the_same(policy: Policy) -> None:
    richer = SPEC.model_copy(
        update={
            "feature_names": ["kind:dragon", *SPEC.feature_names, "own:gold"],
            "feature_scales": [1.0, *SPEC.feature_scales, 100.0],
            "action_names": [*SPEC.action_names, "fly"],
        }
    )
    observations, mask, state, resets = inputs(policy)
    renamed = observations.clone()
    used = observations[..., 0] != 255
    renamed[..., 1][used] += 1
    strange = torch.tensor([[0x55, 0, 1], [254, len(SPEC.feature_names) + 1, 7]], dtype=torch.uint8)
    renamed = torch.cat([renamed, strange.expand(T, B, 2, 3)], dim=2)
    richer_mask = torch.cat([mask, torch.ones(T, B, 1, dtype=torch.bool)], dim=-1)
    expected = policy(observations, mask, state, resets)
    output = adapt_policy(policy, richer)(renamed, richer_mask, state, resets)
    torch.testing.assert_close(output.logits[..., :-1], expected.logits, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(output.value, expected.value, rtol=1e-5, atol=1e-5)
    assert (output.logits[..., -1] <= -1e9).all()


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_same_weights(name: str) -> None:
    def weights() -> list[Tensor]:
        torch.manual_seed(5)
        return list(resolve_architecture(name).build(SPEC).parameters())

    assert all(torch.equal(first, second) for first, second in zip(weights(), weights(), strict=True))
