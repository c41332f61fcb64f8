from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from metta.policy.architecture import PolicyArchitecture, resolve_architecture
from metta.policy.check import check_policy
from metta.policy.checkpoint import CheckpointMetadata, read_checkpoint, save_checkpoint
from metta.policy.cores.gru import GRU
from metta.policy.own_module import register_module
from mettagrid.spec import GameSpec
from tests.policy.games import make_spec, random_mask, random_observations
from tests.policy.test_architecture import Holder

SPEC = make_spec()


def counted(tokens: Tensor) -> Tensor:
    """Sum of values per feature id, [B, 256]."""
    used = tokens[..., 0] != 255
    values = tokens[..., 2].float() * used
    return torch.zeros(len(tokens), 256).scatter_add_(1, tokens[..., 1].long(), values)


class Glance(nn.Module):
    """A module without memory."""

    def __init__(self, spec: GameSpec, hidden: int = 8) -> None:
        super().__init__()
        self.layer = nn.Linear(256, hidden)
        self.heads = nn.Linear(hidden, len(spec.action_names) + 1)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        out = self.heads(self.layer(counted(tokens)).relu())
        return out[:, 1:], out[:, 0]


class Memory(nn.Module):
    """A module with a memory, that may get resets wrong on purpose."""

    def __init__(self, spec: GameSpec, forgetful: bool = True) -> None:
        super().__init__()
        self.glance = Glance(spec)
        self.core = GRU(8)
        self.memory_size = self.core.memory_size
        self.forgetful = forgetful

    def forward(self, tokens: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        seen = self.glance.layer(counted(tokens.flatten(0, 1))).unflatten(0, tokens.shape[:2])
        hidden, memory = self.core(seen, memory, resets & self.forgetful)
        out = self.glance.heads(hidden)
        return out[..., 1:], out[..., 0], memory


class Wrong(nn.Module):
    """Values with an axis too many."""

    def __init__(self, spec: GameSpec, number: int = 2) -> None:
        super().__init__()
        self.num_actions, self.number = len(spec.action_names), number

    def forward(self, tokens: Tensor) -> tuple[Tensor, ...]:
        results = torch.zeros(len(tokens), self.num_actions), torch.zeros(len(tokens), 1), torch.zeros(1)
        return results[: self.number]


register_module("glance_test", Glance)
register_module("memory_test", Memory)
register_module("wrong_test", Wrong)


@pytest.mark.parametrize("name", ["glance_test", "memory_test"])
def test_a_registered_module_is_an_architecture_like_any_other(name: str, tmp_path: Path) -> None:
    holder = Holder().override("policy_architecture.name", f"pytorch/{name}")
    policy = holder.policy_architecture.build(SPEC)
    check_policy(policy)
    path = save_checkpoint(tmp_path / "x:v1.mpt", policy, CheckpointMetadata())
    loaded, _ = read_checkpoint(path)
    args = random_observations(SPEC, 3), random_mask(SPEC, 3), policy.initial_state(3), torch.zeros(3).bool()
    assert torch.equal(loaded(*args).logits, policy(*args).logits)


def test_settings_of_the_constructor_are_fields() -> None:
    typed = {"policy_architecture.name": "pytorch/glance_test", "policy_architecture.hidden": "12"}
    architecture = Holder().override_all(typed).policy_architecture
    assert architecture.model_dump() == {"name": "pytorch/glance_test", "hidden": 12}
    assert architecture.build(SPEC).module.layer.out_features == 12
    with pytest.raises(ValueError, match="did you mean hidden"):
        Holder().override_all({**typed, "policy_architecture.hiden": 3})


def test_building_draws_no_more_than_the_weights() -> None:
    torch.manual_seed(3)
    Memory(SPEC)
    expected = torch.rand(1)
    torch.manual_seed(3)
    resolve_architecture("pytorch/memory_test").build(SPEC)
    assert torch.rand(1) == expected


def test_a_memory_that_ignores_resets_is_found() -> None:
    """The original's training was blind to resets; a user's own memory is tested for that by one call."""
    policy = resolve_architecture({"name": "pytorch/memory_test", "forgetful": False}).build(SPEC)
    with pytest.raises(ValueError, match="a reset does not clear the memory"):
        check_policy(policy)


def test_a_memory_that_differs_between_training_and_play_is_found() -> None:
    policy = resolve_architecture("pytorch/memory_test").build(SPEC)
    step = policy.module.forward

    def forward(tokens: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits, values, memory = step(tokens, memory, resets)
        return logits + len(tokens), values, memory

    policy.module.forward = forward
    with pytest.raises(ValueError, match="training would not see what play does"):
        check_policy(policy)


def test_wrong_shapes_are_one_line() -> None:
    with pytest.raises(ValueError, match=r"\Apytorch/wrong_test: values should be \(6,\) and are \(6, 1\)\Z"):
        resolve_architecture("pytorch/wrong_test").build(SPEC)
    with pytest.raises(ValueError, match=r"should return 2 tensors: logits \(6, 5\), values \(6,\)"):
        resolve_architecture({"name": "pytorch/wrong_test", "number": 1}).build(SPEC)


def test_settings_need_defaults() -> None:
    with pytest.raises(ValueError, match="setting 'hidden' needs a default"):
        register_module("needy_test", lambda spec, hidden: None)


def test_names_are_taken_once() -> None:
    with pytest.raises(ValueError, match="exists already"):
        register_module("glance_test", Memory)


def test_unregistered_modules_say_what_is_missing() -> None:
    with pytest.raises(ValueError, match=r"import the file that calls register_module.'mine'"):
        resolve_architecture("pytorch/mine")


def test_the_prefix_also_works_for_what_comes_with_metta() -> None:
    fast: PolicyArchitecture = resolve_architecture("pytorch/fast")
    assert fast == resolve_architecture("fast")
