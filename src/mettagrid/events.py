"""Events of a world: what happened in its last step, which rule did it, and who earned what through whom.

`env.log_events(world)` switches the log of a world on, `env.events(world)` gives the events of its last step. The log
is no part of the world: with it or without, the same steps give the same world. Knows nothing of pictures.

    env.log_events(0)
    env.step(actions)
    rules = env.explain_rules()
    for event in env.events(0):
        if event["what"] == What.FIRED:
            print(event["actor"], rules[event["rule"]].sentence)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from mettagrid.config.game import GameConfig
from mettagrid.reference.sentences import describe_rule

MOST_EVENTS = 2**20
"""Events of one step that are kept unless somebody asks for more; 32 bytes each, reserved only as they come."""


class What(IntEnum):
    """What an event says, and which columns it fills; all others are -1, `amount` is 0.

    `rule` and `actor` are those of the last ACTED or FIRED before it: what led to it. `cell` is where the target is.
    """

    ACTED = 0
    """`actor` tries the action `amount` on `target` (-1: an empty cell) and pays for it. A noop is no event."""
    FIRED = 1
    """`rule` applies to `actor` and `target` (-1: an empty cell); both are the same in rules of every step."""
    CHANGED = 2
    """`variable` of `target` changes by `amount`, which is never 0. Without a rule it is the price of an action."""
    HANDED_OVER = 3
    """`source` loses `amount` of `variable`, and `target` gets it. Of a gift `source` is the actor, of a theft not."""
    REWARDED = 4
    """`target` earns `amount` thousandths of reward."""
    SHARED = 5
    """`source` passes `amount` thousandths of reward on to `target`, by entry `variable` of `GameConfig.sharing`.

    -1 as `source`: rewards of ranks, and what the largest possible reward cuts off.
    """
    SPAWNED = 6
    """`target` appears, of kind `amount`."""
    BECAME = 7
    """`target` becomes a thing of kind `amount`."""
    REMOVED = 8
    """`target`, of kind `amount`, is gone and all that it had."""
    BORN = 9
    """`target` is born to `actor` and `source` (-1: nobody). Its slot may have been another agent's."""
    DIED = 10
    """`target`, an agent, is gone and all that it had."""
    BONDED = 11
    """`source` and `target` are mates from now on."""
    PARTED = 12
    """`source` and `target` are no longer mates."""


COLUMNS = ("what", "rule", "actor", "source", "target", "variable", "amount", "cell")
EVENT = np.dtype([(name, np.int32) for name in COLUMNS])
"""One event. Actors, sources and targets are objects (`0..A-1` are the agents), variables are indices into
`GameSpec.variable_names`, a cell is row * width + column."""


@dataclass(frozen=True)
class ExplainedRule:
    """Where a compiled rule comes from."""

    sources: tuple[int, ...]
    """Its index in `GameConfig.rules`. Rules that say the same of different targets are compiled once: then all of
    them. None for what a noop does."""
    sentence: str
    """What it says, in one line."""


def explain_rules(game: GameConfig, rule_sources: Iterable[tuple[int, ...]]) -> list[ExplainedRule]:
    """For each compiled rule, by the index that events name, its rules in the game and what they say.

    Args:
        game: whose rules.
        rule_sources: `CompiledGame.rule_sources` of that game.
    """
    explained = []
    for sources in rule_sources:
        lines = dict.fromkeys(describe_rule(game.rules[index]) for index in sources)
        explained.append(ExplainedRule(sources, " / ".join(lines) or "noop: nothing happens"))
    return explained


@dataclass(frozen=True)
class RewardShares:
    """What the rewards of a step are made of, in thousandths. `total` is what the agents were paid."""

    earned: NDArray[np.int64]
    """[A] by rules, before anything is passed on."""
    passed: NDArray[np.int64]
    """[A, A] from the row's agent to the column's: negative where a loss is shared."""
    ranked: NDArray[np.int64]
    """[A] from nobody: rewards of ranks."""

    @property
    def own(self) -> NDArray[np.int64]:
        """[A] what each keeps of what it earned, less what it passes on of what it was given."""
        return self.earned - self.passed.sum(axis=1)

    @property
    def total(self) -> NDArray[np.int64]:
        """[A] own, from others and from nobody: exactly `WorldView.rewards`."""
        return self.own + self.passed.sum(axis=0) + self.ranked


def reward_shares(events: NDArray[np.void], num_agents: int) -> RewardShares:
    """Splits the rewards of a step into each agent's own part and what came from whom. events: of that step."""
    earned, ranked = np.zeros((2, num_agents), np.int64)
    passed = np.zeros((num_agents, num_agents), np.int64)
    by_rules, by_others = (events[events["what"] == what] for what in (What.REWARDED, What.SHARED))
    by_nobody = by_others["source"] < 0
    np.add.at(earned, by_rules["target"], by_rules["amount"])
    np.add.at(ranked, by_others["target"][by_nobody], by_others["amount"][by_nobody])
    given = by_others[~by_nobody]
    np.add.at(passed, (given["source"], given["target"]), given["amount"])
    return RewardShares(earned, passed, ranked)


def transfers(events: NDArray[np.void], num_agents: int, variable: int) -> NDArray[np.int64]:
    """What changed hands between agents: [A, A], from the row's agent to the column's.

    Gifts and thefts alike; who acted says the event's `actor`. events: of one step or of many.
    """
    is_one = (events["what"] == What.HANDED_OVER) & (events["variable"] == variable)
    is_between = (events["source"] < num_agents) & (events["target"] < num_agents)
    chosen = events[is_one & is_between]
    moved = np.zeros((num_agents, num_agents), np.int64)
    np.add.at(moved, (chosen["source"], chosen["target"]), chosen["amount"])
    return moved
