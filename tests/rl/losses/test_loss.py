"""Losses by name: in a recipe and on the command line."""

from typing import Any

import pytest

from metta.common.parse import readings
from metta.rl.config import TrainerConfig, ppo_losses
from metta.rl.losses.dynamics import DynamicsConfig
from metta.rl.losses.loss import LOSSES, LossConfig, LossContext


def changed(**changes: str) -> TrainerConfig:
    """Settings as the command line changes them; `__` stands for the dot."""
    config = TrainerConfig()
    config.override_all({name.replace("__", "."): readings(text) for name, text in changes.items()})
    return config


def test_ppo_alone_by_default_in_this_order() -> None:
    assert list(TrainerConfig().losses) == ["ppo_actor", "ppo_critic"]


def test_a_recipe_adds_one() -> None:
    config = TrainerConfig(losses={**ppo_losses(), "ahead": DynamicsConfig(weight=0.3)})
    assert list(config.losses) == ["ppo_actor", "ppo_critic", "ahead"]
    assert config.model_dump()["losses"]["ahead"]["kind"] == "dynamics"
    again = TrainerConfig.model_validate(config.model_dump(mode="json"))
    assert again == config


@pytest.mark.parametrize(
    "changes",
    [
        {"losses__dynamics__weight": "0.3", "losses__dynamics__horizon": "7"},
        {"losses__dynamics": "{weight: 0.3, horizon: 7}"},
        {"losses__dynamics": "{kind: dynamics, weight: 0.3}", "losses__dynamics__horizon": "7"},
    ],
)
def test_the_command_line_adds_one(changes: dict[str, str]) -> None:
    config = changed(**changes)
    assert list(config.losses) == ["ppo_actor", "ppo_critic", "dynamics"]
    assert config.losses["dynamics"] == DynamicsConfig(weight=0.3, horizon=7)


def test_the_command_line_changes_one_and_lists_them() -> None:
    assert changed(losses__ppo_actor__ent_coef="0.5").losses["ppo_actor"].model_dump()["ent_coef"] == 0.5
    assert list(changed(losses="ppo_critic,ppo_actor").losses) == ["ppo_critic", "ppo_actor"]
    assert list(changed(losses="[dynamics]").losses) == ["dynamics"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"losses__dynamcs__weight": "1"}, "unknown loss 'dynamcs'; did you mean dynamics"),
        ({"losses__dynamics__horizn": "1"}, "horizn"),
        ({"losses__dynamics__weight": "-1"}, "greater than or equal to 0"),
        ({"losses__ppo_actor__clip": "1"}, "clip_coef"),
        ({"losses": "[]"}, "a list of different kinds"),
        ({"losses": "[dynamics, dynamics]"}, "a list of different kinds"),
        ({"losses": "{A-b: {kind: dynamics}}"}, "cannot name a loss"),
    ],
)
def test_mistakes_are_one_line(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        changed(**changes)
    assert "\n" not in str(error.value)


def test_two_losses_of_one_kind_need_names() -> None:
    with pytest.raises(ValueError, match="two are called 'dynamics'"):
        TrainerConfig.model_validate({"losses": [DynamicsConfig(), DynamicsConfig()]})
    near = DynamicsConfig(horizon=1)
    assert list(TrainerConfig(losses={"near": near, "far": DynamicsConfig()}).losses) == ["near", "far"]


def test_a_kind_has_one_class_and_a_name() -> None:
    with pytest.raises(ValueError, match="exists already"):

        class Other(DynamicsConfig):
            """Is called like another one."""

    with pytest.raises(ValueError, match="needs a field `kind"):

        class Nameless(LossConfig):
            """Has no kind."""

            def build(self, context: LossContext) -> Any:
                """Never called."""


@pytest.mark.parametrize("config", [cls() for cls in LOSSES.known().values()], ids=lambda c: type(c).__name__)
def test_every_loss_describes_its_settings(config: Any) -> None:
    assert all(field.description for field in type(config).model_fields.values())
    assert type(config).__doc__
