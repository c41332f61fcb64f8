import pytest
import torch

from metta.policy.adapted import AdaptedPolicy, adapt_policy
from metta.policy.architectures.fast import FastConfig
from metta.policy.policy import Policy
from mettagrid.spec import GameSpec
from tests.policy.games import make_spec, random_mask, random_observations

B = 6
SPEC = make_spec()
START = torch.ones(B, dtype=torch.bool)


@pytest.fixture
def policy() -> Policy:
    policy = FastConfig(channels=8, hidden=16).build(SPEC)
    torch.nn.init.normal_(policy.action_head.linear.weight)
    return policy


def shuffled_features() -> tuple[GameSpec, torch.Tensor]:
    """The same game with other feature ids, and the new id of each old one."""
    new_id = torch.randperm(len(SPEC.feature_names))
    names, scales = list(SPEC.feature_names), list(SPEC.feature_scales)
    for old, new in enumerate(new_id.tolist()):
        names[new], scales[new] = SPEC.feature_names[old], SPEC.feature_scales[old]
    return SPEC.model_copy(update={"feature_names": names, "feature_scales": scales}), new_id


def test_own_game_needs_no_wrapping(policy: Policy) -> None:
    other = SPEC.model_copy(update={"num_agents": 7, "num_tokens": 99, "name": "other"})
    assert adapt_policy(policy, other) is policy


def test_other_feature_ids_give_equal_outputs(policy: Policy) -> None:
    spec, new_id = shuffled_features()
    observations, mask = random_observations(SPEC, B), random_mask(SPEC, B)
    renamed = observations.clone()
    used = observations[..., 0] != 255
    renamed[..., 1][used] = new_id[observations[..., 1][used].long()].to(torch.uint8)
    adapted = adapt_policy(policy, spec)
    assert isinstance(adapted, AdaptedPolicy)
    state = policy.initial_state(B)
    expected = policy(observations, mask, state, START)
    torch.testing.assert_close(adapted(renamed, mask, state, START).logits, expected.logits)


def test_unknown_features_are_ignored(policy: Policy) -> None:
    spec = SPEC.model_copy(
        update={
            "feature_names": [*SPEC.feature_names, "magic"],
            "feature_scales": [*SPEC.feature_scales, 1.0],
        }
    )
    observations, mask = random_observations(SPEC, B), random_mask(SPEC, B)
    magic = observations.clone()
    magic[:, -1] = torch.tensor([0x55, len(SPEC.feature_names), 3], dtype=torch.uint8)
    without = observations.clone()
    without[:, -1] = 255
    state = policy.initial_state(B)
    expected = policy(without, mask, state, START)
    torch.testing.assert_close(adapt_policy(policy, spec)(magic, mask, state, START).value, expected.value)


def test_actions_are_matched_by_name(policy: Policy) -> None:
    spec = SPEC.model_copy(
        update={"action_names": ["noop", "fly", "act_3", "act_1"]}
    )  # act_2, act_4 are gone
    observations, state = random_observations(SPEC, B), policy.initial_state(B)
    own_mask = torch.tensor([True, True, False, True, False]).expand(B, -1)
    expected = policy(observations, own_mask, state, START).logits
    logits = adapt_policy(policy, spec)(observations, torch.ones(B, 4, dtype=torch.bool), state, START).logits
    torch.testing.assert_close(logits[:, [0, 2, 3]], expected[:, [0, 3, 1]])
    assert (logits[:, 1] <= -1e9).all()


def test_masks_hold_in_the_other_game(policy: Policy) -> None:
    spec = SPEC.model_copy(update={"action_names": list(reversed(SPEC.action_names))})
    mask = random_mask(SPEC, B).flip(-1)
    logits = adapt_policy(policy, spec)(
        random_observations(SPEC, B), mask, policy.initial_state(B), START
    ).logits
    assert (logits.softmax(-1)[~mask] == 0).all()


@pytest.mark.parametrize(("view", "centre"), [(7, 0x33), (15, 0x77)])
def test_views_meet_in_their_centre(policy: Policy, view: int, centre: int) -> None:
    spec = make_spec(view=view)
    here, there = (torch.full((B, 1, 3), 255, dtype=torch.uint8) for _ in range(2))
    here[:, 0] = torch.tensor([centre + 0x12, 2, 5], dtype=torch.uint8)
    there[:, 0] = torch.tensor([0x55 + 0x12, 2, 5], dtype=torch.uint8)
    mask, state = random_mask(SPEC, B), policy.initial_state(B)
    expected = policy(there, mask, state, START)
    torch.testing.assert_close(adapt_policy(policy, spec)(here, mask, state, START).value, expected.value)


def test_cells_beyond_the_policys_view_are_ignored(policy: Policy) -> None:
    far, nothing = (torch.full((B, 1, 3), 255, dtype=torch.uint8) for _ in range(2))
    far[:, 0] = torch.tensor([0x00, 2, 5], dtype=torch.uint8)
    mask, state = random_mask(SPEC, B), policy.initial_state(B)
    expected = policy(nothing, mask, state, START)
    adapted = adapt_policy(policy, make_spec(view=15))
    torch.testing.assert_close(adapted(far, mask, state, START).value, expected.value)


def test_sequences_are_adapted_too(policy: Policy) -> None:
    spec, _ = shuffled_features()
    adapted, state = adapt_policy(policy, spec), policy.initial_state(3)
    observations, mask = random_observations(SPEC, B).unflatten(0, (2, 3)), random_mask(SPEC, 2, 3)
    whole = adapted(observations, mask, state, START.view(2, 3))
    first = adapted(observations[0], mask[0], state, START[:3])
    torch.testing.assert_close(whole.logits[0], first.logits)


def test_nothing_in_common_is_refused(policy: Policy) -> None:
    with pytest.raises(ValueError, match="no action in common"):
        adapt_policy(policy, SPEC.model_copy(update={"action_names": ["sing"]}))
