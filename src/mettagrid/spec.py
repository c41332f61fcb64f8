"""GameSpec: the names and shapes by which a policy knows a game. Checkpoints keep one. Knows nothing of rules."""

from typing import Literal

from pydantic import Field

from mettagrid.config.base import Config


class GameSpec(Config):
    """Names and shapes of a game's observations, actions and statistics.

    An index into a list of names is the id that observations, actions and statistics use. A policy that meets another
    game maps ids by name.
    """

    version: Literal[1] = 1
    """Version of this form; a file with another one is refused."""
    name: str
    """Name of the game."""
    num_agents: int = Field(ge=1)
    """Agents in a world."""
    max_steps: int = Field(ge=1)
    """Steps after which an episode ends."""
    view_height: int = Field(ge=3, le=15)
    """Rows of the view, odd."""
    view_width: int = Field(ge=3, le=15)
    """Columns of the view, odd."""
    num_tokens: int = Field(ge=1)
    """Tokens in an observation: uint8 [num_tokens, 3]."""
    feature_names: list[str]
    """Name of each feature id: `kind:wall`, `frozen`, `own:energy`, `last_action:use`, `progress` ..."""
    feature_scales: list[float]
    """Divide a token's value by its feature's scale to get a number of about 0 to 1."""
    action_names: list[str]
    """Name of each action id; 0 is always `noop`."""
    stat_names: list[str]
    """Name of each statistic, counted per agent and episode: `heart.gained`, `action.use.success` ..."""
    kind_names: list[str]
    """Name of each kind of thing; 0 is `empty`, 1 is `agent`."""
    variable_names: list[str]
    """Name of each variable that things carry; 0 is `heading`."""
