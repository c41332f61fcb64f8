"""What a game shows as tables and takes as heads, so that networks can be built for any game.

Free of PyTorch. The networks are in `token_planes` and `action_head`.
"""

from typing import Annotated

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.spec import GameSpec

GLOBAL_CELL = 254
"""`where` of a token about the observer itself."""
EMPTY_CELL = 255
"""`where` of an unused token."""


Scale = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class DiscreteAttribute(Config):
    """A column of a table that holds one of `num_values` ids."""

    name: str = Field(default="feature", description="Name of the column")
    num_values: int = Field(default=1, ge=1, description="Ids are 0 .. num_values - 1")


class ScaledAttribute(Config):
    """A column of a table that holds numbers; dividing them by `scales[row's feature]` gives about 0..1."""

    name: str = Field(default="value", description="Name of the column")
    scales: list[Scale] = Field(default_factory=lambda: [1.0], description="One scale per feature id")


class TokenTable(Config):
    """A table of tokens (where, feature, value), uint8 [max_rows, 3]; unused rows have `where` 255."""

    name: str = Field(default="tokens", description="Name of the table")
    max_rows: int = Field(default=1, ge=1, description="Most tokens that one observation holds")
    view_height: int = Field(default=11, ge=1, le=15, description="Rows of cells that `where` can name")
    view_width: int = Field(default=11, ge=1, le=15, description="Columns of cells that `where` can name")
    feature: DiscreteAttribute = Field(default_factory=DiscreteAttribute, description="What a token tells of")
    value: ScaledAttribute = Field(default_factory=ScaledAttribute, description="How much of it there is")


class ChoiceHead(Config):
    """One choice among named alternatives, of which some may be forbidden at a time."""

    name: str = Field(default="action", description="Name of the head")
    choices: list[str] = Field(
        default_factory=lambda: ["noop"], min_length=1, description="Index = action id"
    )


class ObservationSpec(Config):
    """The tables that a game shows to each agent."""

    tokens: TokenTable = Field(default_factory=TokenTable, description="What the agent sees")


class ActionSpec(Config):
    """The heads by which an agent acts."""

    action: ChoiceHead = Field(default_factory=ChoiceHead, description="What the agent does")


def observation_spec(game: GameSpec) -> ObservationSpec:
    """Return the tables of a game."""
    return ObservationSpec(
        tokens=TokenTable(
            max_rows=game.num_tokens,
            view_height=game.view_height,
            view_width=game.view_width,
            feature=DiscreteAttribute(num_values=len(game.feature_names)),
            value=ScaledAttribute(scales=game.feature_scales),
        )
    )


def action_spec(game: GameSpec) -> ActionSpec:
    """Return the heads of a game."""
    return ActionSpec(action=ChoiceHead(choices=game.action_names))
