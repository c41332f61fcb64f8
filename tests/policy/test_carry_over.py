"""A policy goes on learning in a richer game: as before where the games agree, and what is new is learned."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from metta.io.game_match import GameMatch, OfGame
from metta.policy.adapted import adapt_policy
from metta.policy.architecture import resolve_architecture
from metta.policy.carry_over import carry_over
from metta.policy.own_module import register_module
from metta.policy.policy import Policy
from mettagrid.spec import GameSpec
from tests.policy.games import make_spec, random_mask, random_observations

T, B = 3, 5
OLD = make_spec()
PLANES = ["fast", "lstm", "mamba", "cortex", "memory_free"]
ATTENTION = ["vit_tiny", "vit_small", "vit_med"]


def richer(**changes: Any) -> GameSpec:
    """The old game with one feature and one action more, all others with other ids and scales."""
    names, scales = list(reversed(OLD.feature_names)), [3.0 * scale for scale in reversed(OLD.feature_scales)]
    return OLD.model_copy(
        update={
            "name": "richer",
            "feature_names": [*names[:2], "gold", *names[2:]],
            "feature_scales": [*scales[:2], 7.0, *scales[2:]],
            "action_names": ["noop", "trade", *reversed(OLD.action_names[1:])],
            **changes,
        }
    )


def trained(name: str, spec: GameSpec = OLD) -> Policy:
    """As if it had learned: nothing is zero, and actions differ."""
    torch.manual_seed(0)
    policy = resolve_architecture(name).build(spec)
    for parameter in policy.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return policy


def translated(observations: Tensor, spec: GameSpec) -> Tensor:
    """The same tokens in the ids of another game."""
    new_id = torch.tensor([spec.feature_names.index(name) for name in OLD.feature_names])
    used = observations[..., 0] != 255
    result = observations.clone()
    result[..., 1][used] = new_id[observations[..., 1][used].long()].to(torch.uint8)
    return result


def outputs(policy: Policy, observations: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    resets = torch.zeros(T, B, dtype=torch.bool)
    resets[0] = resets[2, 1] = True
    output = policy(observations, mask, policy.initial_state(B), resets)
    return output.logits, output.value


@pytest.mark.parametrize("name", PLANES + ATTENTION)
def test_it_does_the_same_where_the_games_agree(name: str) -> None:
    spec = richer()
    old, new = trained(name), resolve_architecture(name).build(spec)
    carry_over(new, old)
    observations = random_observations(OLD, T * B).unflatten(0, (T, B))
    everything = torch.ones(T, B, len(spec.action_names), dtype=torch.bool)
    logits, value = outputs(new, translated(observations, spec), everything)
    expected, expected_value = outputs(old, observations, everything[..., 1:])
    shared = [spec.action_names.index(name) for name in OLD.action_names]
    torch.testing.assert_close(logits[..., shared], expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(value, expected_value, rtol=1e-4, atol=1e-5)
    trade = logits[..., spec.action_names.index("trade")]
    torch.testing.assert_close(trade, expected.mean(-1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", PLANES)
def test_what_is_new_says_nothing_at_first(name: str) -> None:
    """With planes it does exactly what it does when it only plays there, whatever there is to see."""
    spec = richer()
    old, new = trained(name), resolve_architecture(name).build(spec)
    carry_over(new, old)
    observations, mask = random_observations(spec, T * B).unflatten(0, (T, B)), random_mask(spec, T, B)
    gold = observations[..., 1] == spec.feature_names.index("gold")
    assert (gold & (observations[..., 0] != 255)).any()
    guest = outputs(adapt_policy(old, spec), observations, mask)
    shared = [spec.action_names.index(name) for name in OLD.action_names]
    logits, value = outputs(new, observations, mask)
    torch.testing.assert_close(logits[..., shared], guest[0][..., shared], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(value, guest[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", PLANES + ATTENTION)
def test_what_is_new_is_learned(name: str) -> None:
    """Half of the agents see gold; it tells nothing at first, and after some steps who sees it trades."""
    torch.manual_seed(0)
    spec = richer()
    policy = resolve_architecture(name).build(spec)
    carry_over(policy, trained(name))
    nothing = torch.full((1, B, spec.num_tokens, 3), 255, dtype=torch.uint8)
    nothing[:, : B // 2, 0] = torch.tensor([254, spec.feature_names.index("gold"), 7], dtype=torch.uint8)
    target = torch.where(torch.arange(B) < B // 2, spec.action_names.index("trade"), 0)
    mask, resets = (
        torch.ones(1, B, len(spec.action_names), dtype=torch.bool),
        torch.ones(1, B, dtype=torch.bool),
    )
    optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)

    def loss() -> Tensor:
        logits = policy(nothing, mask, policy.initial_state(B), resets).logits[0]
        return nn.functional.cross_entropy(logits, target)

    before = loss().item()
    for _ in range(40):
        optimizer.zero_grad()
        error = loss()
        error.backward()
        optimizer.step()
    assert loss().item() < 0.3 * before


@pytest.mark.parametrize("name", ["fast", "lstm"])
@pytest.mark.parametrize("view", [7, 15])
def test_views_of_other_sizes_meet_in_their_centre(name: str, view: int) -> None:
    """What both views show counts the same; 7 and 15 cells have other numbers of patches than 11."""
    spec = make_spec(view=view)
    old, new = trained(name), resolve_architecture(name).build(spec)
    carry_over(new, old)
    here, there = (torch.full((T, B, 1, 3), 255, dtype=torch.uint8) for _ in range(2))
    here[:, :, 0, 0], there[:, :, 0, 0] = (view // 2) * 17 + 0x12, 0x55 + 0x12
    for tokens in (here, there):
        tokens[..., 1], tokens[..., 2] = 2, 5
    mask = random_mask(OLD, T, B)
    for found, expected in zip(outputs(new, here, mask), outputs(old, there, mask), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_what_is_gone_is_left_out_and_said() -> None:
    spec = richer(action_names=["noop", "act_1"], feature_names=["feature_5"], feature_scales=[1.0])
    match = carry_over(resolve_architecture("fast").build(spec), trained("fast"))
    assert match.actions.gone == ["act_2", "act_3", "act_4"]
    assert match.features.gone == [f"feature_{number}" for number in range(5)]
    assert match.features.new == []


def test_nothing_in_common_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot go on in 'richer': they have no action in common"):
        carry_over(resolve_architecture("fast").build(richer(action_names=["sing"])), trained("fast"))


class Reader(nn.Module):
    """Knows features by their ids, and says nothing about it."""

    def __init__(self, spec: GameSpec) -> None:
        super().__init__()
        self.look = nn.Embedding(256, 4)
        self.logits, self.value = nn.Linear(4, len(spec.action_names)), nn.Linear(4, 1)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        seen = self.look(tokens[..., 1].int()).sum(1)
        return self.logits(seen), self.value(seen).squeeze(-1)


class MovingReader(Reader, OfGame):
    """The same, and can be moved."""

    def carry_over(self, old: Any, match: GameMatch) -> None:
        with torch.no_grad():
            self.look.weight.zero_()
            self.look.weight[match.features.here] = old.look.weight[match.features.there]
            self.logits.weight[match.actions.here] = old.logits.weight[match.actions.there]
            self.logits.bias[match.actions.here] = old.logits.bias[match.actions.there]
            self.value.load_state_dict(old.value.state_dict())


def test_own_modules_say_how_they_move_or_are_refused() -> None:
    for name, module in (("carried_reader", Reader), ("moving_reader", MovingReader)):
        register_module(name, module)
    still, moving = (resolve_architecture(f"pytorch/{name}") for name in ("carried_reader", "moving_reader"))
    carry_over(still.build(OLD), still.build(OLD))  # the same game asks for nothing
    with pytest.raises(
        ValueError, match=r"pytorch/carried_reader of 'test' cannot go on in 'richer'.*carry_over"
    ):
        carry_over(still.build(richer()), still.build(OLD))
    old, new = moving.build(OLD), moving.build(richer())
    carry_over(new, old)
    assert torch.equal(new.module.look.weight[0], old.module.look.weight[5])


def test_a_module_whose_size_depends_on_the_game_is_refused() -> None:
    policies = [resolve_architecture("fast").build(spec) for spec in (OLD, OLD)]
    for policy, size in zip(policies, (3, 4), strict=True):
        policy.extra = nn.Linear(size, 1)
    with pytest.raises(
        ValueError, match=r"extra\.weight is \(1, 4\) and was \(1, 3\): it depends on the game"
    ):
        carry_over(policies[1], policies[0])
