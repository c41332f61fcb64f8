"""The rule book as rows: filters, effects and rules, and which rules each action and each kind has."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mettagrid.compile.compiled import Frame
from mettagrid.config.game import Action, GameConfig
from mettagrid.rules import STEP, AtLeast, Names, Take, Trait, encode_attempt, encode_conditions
from mettagrid.rules.word import EffectRow, FilterRow

Tables = dict[str, np.ndarray]
EncodedRule = tuple[tuple[FilterRow, ...], tuple[EffectRow, ...]]
Place = tuple[int | str, ...]
MAX_CONDITIONS = 64


@dataclass
class RuleBook:
    """Collects rows; equal lists of rules and equal conditions are stored once.

    In a game whose numbers vary (it has a frame) only what stands at the same place is one: what is equal by
    accident may differ in the next episode.
    """

    game: GameConfig
    frame: Frame | None = None
    filters: list[FilterRow] = field(default_factory=list)
    effects: list[EffectRow] = field(default_factory=list)
    rules: list[tuple[int, int, int, int]] = field(default_factory=list)
    conditions: dict[tuple[FilterRow, Place], int] = field(default_factory=dict)
    sources: list[tuple[int, ...]] = field(default_factory=list)
    """For each row of `rules`, the places in the game's list of the rules that are stored there."""
    names: Names = field(init=False)
    _lists: dict[tuple[tuple[EncodedRule, ...], Place], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reads the names once: the table of reaches grows with what the rules ask for."""
        self.names = self.game.names()
        if self.frame is not None:
            self.names = replace(self.names, reaches=self.frame.reaches)

    def tables(self) -> Tables:
        """All tables about actions and rules.

        Raises:
            ValueError: the game has more different conditions of actions than the core can test.
        """
        actions = self.game.actions()
        of_actions = [self._condition_ids(action) for action in actions]
        if len(self.conditions) > MAX_CONDITIONS:
            most = f"at most {MAX_CONDITIONS} can be tested"
            raise ValueError(f"verbs: {len(self.conditions)} different requirements, {most}")
        costs = [self._cost_range(action) for action in actions]
        action_rules = [
            [self._action_rules(action, kind) for kind in range(len(self.game.kind_names()))]
            for action in actions
        ]
        step_rules = [self._step_rules(kind) for kind in range(len(self.game.kind_names()))]
        condition_filters = [self._add_filters([row])[0] for row, _ in self.conditions]
        return {
            "actions": np.array([action.aim.row() for action in actions]),
            "action_conditions_begin": np.cumsum([0, *(len(ids) for ids in of_actions)]),
            "action_conditions": np.array([i for ids in of_actions for i in ids], int),
            "conditions": np.array(condition_filters, int),
            "action_costs": np.array(costs),
            "action_rules": np.array(action_rules),
            "step_rules": np.array(step_rules),
            "rules": np.array(self.rules).reshape(-1, 4),
            "filters": np.array(self.filters).reshape(-1, 8),
            "effects": np.array(self.effects).reshape(-1, 8),
            "reaches": np.array(list(self.names.reaches)).reshape(-1, 6),
        }

    def _condition_ids(self, action: Action) -> list[int]:
        names = self.names.with_argument(action.number)
        filters = list(action.requires)
        if action.verb.pays is not None:
            filters.append(AtLeast(action.verb.pays, self._price(action)))
        rows = encode_conditions(filters, names)
        keys = [(row, self._place_of_condition(action, index)) for index, row in enumerate(rows)]
        return [self.conditions.setdefault(key, len(self.conditions)) for key in keys]

    def _place_of_condition(self, action: Action, index: int) -> Place:
        """Whose requirement it is: all verbs', one verb's (its price is the last) or one action's."""
        if self.frame is None:
            return ()
        of_all, of_verb = len(self.game.requires), len(action.verb.requires)
        if index < of_all:
            return (index,)
        is_of_verb = index < of_all + of_verb or index == len(action.requires)
        return (action.verb_name if is_of_verb else action.name, index)

    def _price(self, action: Action) -> int | Trait:
        """What the action costs; a plain number if that is the same for all bodies, so that verbs share conditions."""
        if self.frame is not None:
            return Trait(f"price_{action.verb_name}")
        prices = {body.prices.get(action.verb_name, action.verb.price) for body in self.game.bodies.values()}
        return prices.pop() if len(prices) == 1 else Trait(f"price_{action.verb_name}")

    def _cost_range(self, action: Action) -> tuple[int, int]:
        names = self.names.with_argument(action.number)
        rows = encode_attempt(action.verb.always, names)
        if action.verb.pays is not None:
            rows = Take(action.verb.pays, self._price(action)).encode(names) + rows
        return self._add_effects(rows)

    def _action_rules(self, action: Action, kind: int) -> tuple[int, int]:
        """Range of the rules for an action that meets a kind."""
        names = self.names.with_argument(action.number)
        if action.verb_name == "noop":
            return self._add_rules([((), ())], ())
        return self._rules_for({action.name, action.verb_name}, kind, names)

    def _step_rules(self, kind: int) -> tuple[int, int]:
        return self._rules_for({STEP}, kind, self.names)

    def _rules_for(self, verbs: set[str], kind: int, names: Names) -> tuple[int, int]:
        mine = [i for i, rule in enumerate(self.game.rules) if verbs & set(rule.verbs)]
        mine = [i for i in mine if kind in self.game.rules[i].target_kinds(names)]
        return self._add_rules([_frozen(self.game.rules[i].encode(names)) for i in mine], mine)

    def _add_rules(self, encoded: Sequence[EncodedRule], mine: Sequence[int]) -> tuple[int, int]:
        """Stores a list of rules; `mine` are their places in the game's list (a noop has none)."""
        key = (tuple(encoded), () if self.frame is None else tuple(mine))
        if key not in self._lists:
            rows = [
                (*self._add_filters(filters), *self._add_effects(effects)) for filters, effects in encoded
            ]
            self._lists[key] = (len(self.rules), len(rows))
            self.rules += rows
            self.sources += [()] * len(rows)
        begin, _ = self._lists[key]
        for row, source in enumerate(mine, begin):
            self.sources[row] = tuple(sorted({*self.sources[row], source}))
        return self._lists[key]

    def _add_filters(self, rows: Sequence[FilterRow]) -> tuple[int, int]:
        self.filters += rows
        return len(self.filters) - len(rows), len(rows)

    def _add_effects(self, rows: Sequence[EffectRow]) -> tuple[int, int]:
        self.effects += rows
        return len(self.effects) - len(rows), len(rows)


def _frozen(encoded: tuple[list[FilterRow], list[EffectRow]]) -> EncodedRule:
    filters, effects = encoded
    return tuple(filters), tuple(effects)
