"""Small games and random observations for tests of policies."""

import torch
from torch import Tensor

from mettagrid.spec import GameSpec

NUM_TOKENS = 24


def make_spec(num_features: int = 6, num_actions: int = 5, view: int = 11) -> GameSpec:
    return GameSpec(
        name="test",
        num_agents=2,
        max_steps=10,
        view_height=view,
        view_width=view,
        num_tokens=NUM_TOKENS,
        feature_names=[f"feature_{index}" for index in range(num_features)],
        feature_scales=[1.0 + index for index in range(num_features)],
        action_names=["noop", *(f"act_{index}" for index in range(1, num_actions))],
        stat_names=[],
        kind_names=["empty", "agent"],
        variable_names=["heading"],
    )


def random_observations(spec: GameSpec, num_rows: int, seed: int = 0) -> Tensor:
    """Return uint8 [num_rows, num_tokens, 3]; a sixth of them unused, a sixth global."""
    generator = torch.Generator().manual_seed(seed)
    shape = (num_rows, spec.num_tokens)
    row = torch.randint(spec.view_height, shape, generator=generator)
    column = torch.randint(spec.view_width, shape, generator=generator)
    kind = torch.randint(6, shape, generator=generator)
    where = torch.where(kind == 0, 254, row * 16 + column)
    feature = torch.randint(len(spec.feature_names), shape, generator=generator)
    value = torch.randint(1, 20, shape, generator=generator)
    tokens = torch.stack([where, feature, value], dim=-1)
    return torch.where((kind == 1).unsqueeze(-1), 255, tokens).to(torch.uint8)


def random_mask(spec: GameSpec, *shape: int, seed: int = 1) -> Tensor:
    """Return bool [*shape, num_actions] in which noop is always allowed."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.rand(*shape, len(spec.action_names), generator=generator) < 0.6
    mask[..., 0] = True
    return mask
