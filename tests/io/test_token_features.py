import math

import torch

from metta.io.spec import EMPTY_CELL, GLOBAL_CELL, TokenTable, observation_spec
from metta.io.token_features import TokenFeatures, place_table
from tests.policy.games import make_spec, random_observations


def table(view: int = 11) -> TokenTable:
    return observation_spec(make_spec(view=view)).tokens


def test_a_token_is_what_how_much_and_where() -> None:
    torch.manual_seed(0)
    module = TokenFeatures(table(), embedding=3, num_frequencies=2)
    tokens = torch.tensor([[[0x57, 2, 6], [GLOBAL_CELL, 4, 5], [EMPTY_CELL, 255, 255]]], dtype=torch.uint8)
    features, used = module(tokens)
    assert used.tolist() == [[True, True]]  # the unused one at the end is left out
    weights = module.embedding
    here = weights[2, :3] + 6 / 3.0 * weights[2, 3:]  # scales are 1, 2, 3, ...
    angles = [0.0, 0.0, math.pi / 8 * 2, math.pi / 4 * 2]  # row 5 is the centre, column 7 two to its right
    waves = [*map(math.sin, angles), *map(math.cos, angles), 0.0]
    torch.testing.assert_close(features[0, 0], torch.cat([here, torch.tensor(waves)]))
    mine = weights[4, :3] + 5 / 5.0 * weights[4, 3:]
    torch.testing.assert_close(features[0, 1], torch.cat([mine, torch.tensor([0.0] * 8 + [1.0])]))


def test_views_of_all_sizes_share_coordinates() -> None:
    large, small = place_table(15, 15, 3), place_table(7, 7, 3)
    torch.testing.assert_close(large[0x77 + 0x12], small[0x33 + 0x12])


def test_places_differ() -> None:
    places = place_table(15, 15, 2)
    cells = [row << 4 | column for row in range(15) for column in range(15)]
    distances = torch.cdist(places[cells], places[cells]) + 9 * torch.eye(len(cells))
    assert distances.min() > 0.1


def test_nothing_but_unused_tokens() -> None:
    features, used = TokenFeatures(table(), 3, 2)(torch.full((2, 5, 3), 255, dtype=torch.uint8))
    assert not used.any()
    assert features.isfinite().all()


def test_gradients_reach_the_features_that_are_seen() -> None:
    module = TokenFeatures(table(), 3, 2)
    module(random_observations(make_spec(), 8))[0].square().sum().backward()
    assert (module.embedding.grad.abs().sum(1) > 0).all()
