import pytest
from pydantic import ValidationError

from metta.io.spec import ScaledAttribute, action_spec, observation_spec
from mettagrid.spec import GameSpec


def test_tables_and_heads_come_from_the_game() -> None:
    game = GameSpec(
        name="test",
        num_agents=1,
        max_steps=5,
        view_height=7,
        view_width=9,
        num_tokens=30,
        feature_names=["wall", "energy"],
        feature_scales=[1.0, 255.0],
        action_names=["noop", "use"],
        stat_names=[],
        kind_names=[],
        variable_names=[],
    )
    tokens = observation_spec(game).tokens
    assert (tokens.max_rows, tokens.view_height, tokens.view_width) == (30, 7, 9)
    assert tokens.feature.num_values == 2
    assert tokens.value.scales == [1.0, 255.0]
    assert action_spec(game).action.choices == ["noop", "use"]


@pytest.mark.parametrize("scale", [0.0, -1.0, float("inf"), float("nan")])
def test_scales_must_divide(scale: float) -> None:
    with pytest.raises(ValidationError):
        ScaledAttribute(scales=[scale])
