"""Rule: an agent does something to a thing (or a step passes); if the filters hold, the effects happen."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import Field

from mettagrid.config.base import Config
from mettagrid.rules.effects import Become, ChangeBody, Effect, Gather, Push, Remove, Spawn, Step, Swap
from mettagrid.rules.filters import (
    AtLeast,
    AtMost,
    CanBear,
    Compare,
    Every,
    Filter,
    HasRoom,
    Nearby,
    Not,
    OnGround,
    OnTrace,
    Total,
)
from mettagrid.rules.ground import Lay, Leave
from mettagrid.rules.names import Names, unknown_name
from mettagrid.rules.society import Birth, Bond, Bonded, ChangeKinship, Court, Courted, Mates, Part, Related
from mettagrid.rules.word import WHO, EffectRow, FilterRow, Word, unknown_party

STEP = "step"
"""What `Rule.on` says for rules that run at every step, for each thing of their kinds."""

_TARGET_OPERANDS = (2, 4)
"""Operand modes that read the target's body or variables."""
_ABOUT_PLACES = (Nearby, Total, OnGround, OnTrace, CanBear, Lay, Leave, Birth, Gather)
"""Words that look at the target's cell, or act on it, and need nobody there."""
_ABOUT_TWO = (Swap, Push, Court, Bond, ChangeKinship)
"""Effects between an actor and another."""
_BETWEEN_AGENTS = (Related, Courted, Mates, Court, Bond, ChangeKinship)


class Rule(Config):
    """One line of a game's rule book: `(on, target): when -> then`.

    For a verb, the rules of its target's kind are tried in the order of the game; the first whose filters all
    hold runs, and the action has succeeded. At every step (`on="step"`) all rules that hold run, in order;
    the thing is both actor and target.
    """

    on: str | list[str]
    """The verb (`attack`) or action (`give_energy`), several of them, or `step`."""
    target: str | list[str] = "self"
    """Kinds that the verb meets; `empty` for an empty cell, `self` for verbs that aim at oneself."""
    when: list[Filter] = Field(default_factory=list)
    """Filters that must all hold; none means always."""
    then: list[Effect] = Field(default_factory=list)
    """Effects, done in this order."""

    @property
    def verbs(self) -> list[str]:
        """What `on` names, as a list."""
        return [self.on] if isinstance(self.on, str) else self.on

    @property
    def targets(self) -> list[str]:
        """What `target` names, as a list."""
        return [self.target] if isinstance(self.target, str) else self.target

    def target_kinds(self, names: Names) -> list[int]:
        """Ids of the kinds that the rule is for; ValueError for an unknown one."""
        valid = [*names.kinds, "self"]
        for name in self.targets:
            if name not in valid:
                raise unknown_name("target", name, valid)
        return [names.kind("agent" if name == "self" else name) for name in self.targets]

    def encode(self, names: Names) -> tuple[list[FilterRow], list[EffectRow]]:
        """The rows of its filters and effects; ValueError (one line, with the place) for what cannot be."""
        filters = _placed("when", self.when, lambda word: [self._checked(word, names).encode(names)])
        if names.kind("empty") in self.target_kinds(names) and any(
            _reads_target(w, names) for w in self.when
        ):
            raise ValueError("when: the empty cell has no variables and no body to look at")
        for index, word in enumerate(self.then):
            _placed_at(f"then.{index}", self._checked, word, names)
            _placed_at(f"then.{index}", self._check_effect, word, index, names)
        filters += _placed("then", self.then, lambda word: word.needs(names))
        return filters, _placed("then", self.then, lambda word: word.encode(names))

    def _checked(self, word: Any, names: Names) -> Any:
        """The word, if it is about somebody whom the rule can meet."""
        _check_parties(word, names)
        plain = word
        while isinstance(plain, Not):
            plain = plain.filter
        is_about_agents = isinstance(plain, _BETWEEN_AGENTS) or (
            isinstance(plain, (Part, Bonded)) and plain.of == "target"
        )
        if is_about_agents and names.kind("agent") not in self.target_kinds(names):
            raise ValueError(f"{type(plain).__name__} is about two agents, and this rule's targets are none")
        return word

    def _check_effect(self, word: Any, index: int, names: Names) -> None:
        """Refuses effects that do not fit what the rule's targets are."""
        name, kinds = type(word).__name__, set(self.target_kinds(names))
        empty, agent = names.kind("empty"), names.kind("agent")
        is_spawn_there = isinstance(word, Spawn) and word.where == "there"
        has_spawned = any(isinstance(w, Spawn) and w.where == "there" for w in self.then[:index])
        if isinstance(word, Step) or is_spawn_there:
            if kinds != {empty} or STEP in self.verbs:
                raise ValueError(f"{name} needs a verb and target='empty'")
        elif empty in kinds and not has_spawned and _acts_on_target(word, names):
            raise ValueError(f"{name} needs a target, and the empty cell is none")
        if isinstance(word, _ABOUT_TWO) and STEP in self.verbs:
            raise ValueError(f"{name} needs a verb; at every step a thing has only itself")
        is_agent = agent in kinds or (STEP not in self.verbs and getattr(word, "of", "") == "actor")
        if isinstance(word, Become) and word.around is None and is_agent:
            raise ValueError("Become is for objects only; agents use ChangeBody")
        is_object = kinds != {agent} and (STEP in self.verbs or getattr(word, "of", "") == "target")
        if isinstance(word, ChangeBody) and word.around is None and is_object:
            raise ValueError("ChangeBody is for agents only; objects use Become")
        if isinstance(word, (Become, ChangeBody, Remove)) and word.around is None:
            placeless = (
                {names.kinds.get(name) for name in ("world", "group")} if STEP in self.verbs else set()
            )
            if word.of in ("world", "group") or kinds & placeless:
                raise ValueError(f"{name} is for things with a place, not for the world or a group")


def encode_conditions(filters: Sequence[Filter], names: Names) -> list[FilterRow]:
    """Rows of what a verb requires to be chosen: filters that look at the actor alone, without chance.

    Raises:
        ValueError: one line that begins with the position of the filter.
    """
    return _placed("requires", filters, lambda word: [_condition(word, names)])


def encode_attempt(effects: Sequence[Effect], names: Names) -> list[EffectRow]:
    """Rows of what happens to the actor whenever it tries a verb, whether or not a rule then matches.

    Raises:
        ValueError: one line that begins with the position of the effect.
    """
    return _placed("always", effects, lambda word: _attempt(word, names))


_CONDITIONS = (AtLeast, AtMost, HasRoom, Compare, Every, Nearby, Total, Bonded, CanBear, OnGround, OnTrace)


def _condition(word: Any, names: Names) -> FilterRow:
    plain = word
    while isinstance(plain, Not):
        plain = plain.filter
    if not isinstance(plain, _CONDITIONS):
        raise ValueError(f"{type(plain).__name__} cannot be required of a verb; put it into a rule's `when`")
    _check_parties(word, names)
    row = word.encode(names)
    if row[1] == WHO["target"] or _operand_reads_target(plain, row):
        raise ValueError("what a verb requires may look at the actor only")
    return row


def _attempt(word: Any, names: Names) -> list[EffectRow]:
    _check_parties(word, names)
    rows = word.encode(names)
    needs_a_rule = isinstance(word, (Step, Remove, Become, Birth, *_ABOUT_TWO)) or word.needs(names)
    is_about_target = any(
        row[1] == WHO["target"] or row[3] in _TARGET_OPERANDS or _receives(word, row) for row in rows
    )
    if needs_a_rule or is_about_target:
        raise ValueError(f"{type(word).__name__} cannot be done here, only plain effects on the actor itself")
    return rows


def _check_parties(word: Any, names: Names) -> None:
    party = unknown_party(word, names)
    if party is not None:
        raise ValueError(f"{type(word).__name__} is about the {party}, and the game has none; set `{party}`")


def _operand_reads_target(word: Any, row: FilterRow) -> bool:
    return row[3] in _TARGET_OPERANDS or (isinstance(word, Compare) and row[5] in _TARGET_OPERANDS)


def _reads_target(word: Any, names: Names) -> bool:
    while isinstance(word, Not):
        word = word.filter
    row = word.encode(names)
    is_about_it = row[1] == WHO["target"] and not isinstance(word, _ABOUT_PLACES)
    return is_about_it or _operand_reads_target(word, row)


def _acts_on_target(word: Any, names: Names) -> bool:
    if isinstance(word, _ABOUT_PLACES) or getattr(word, "around", None) is not None:
        return False
    rows = word.encode(names)
    return any(row[1] == WHO["target"] or row[3] in _TARGET_OPERANDS or _receives(word, row) for row in rows)


def _receives(word: Any, row: EffectRow) -> bool:
    return word.op == "move" and row[5] == WHO["target"]


def _placed_at(place: str, check: Callable[..., None], *values: Any) -> None:
    try:
        check(*values)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _placed(name: str, words: Sequence[Word], encode: Callable[[Any], list[Any]]) -> list[Any]:
    """Joins what `encode` gives for each word; errors get the word's place in front."""
    rows: list[Any] = []
    for index, word in enumerate(words):
        try:
            rows += encode(word)
        except ValueError as error:
            raise ValueError(f"{name}.{index}: {error}") from None
    return rows
