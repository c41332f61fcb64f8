"""What an action does to the thing ahead, read from a game's own rules."""

from dataclasses import dataclass

from metta.policy.scripted.planning.state import Values
from mettagrid.config.game import GameConfig
from mettagrid.config.verb import HEADINGS, Ahead
from mettagrid.rules import (
    Add,
    AtLeast,
    AtMost,
    Become,
    Count,
    Effect,
    Filter,
    HasRoom,
    Remove,
    Reward,
    Rule,
    Set,
    Step,
    Swap,
    Take,
)

MOVES = tuple(f"move_{name}" for name in HEADINGS)
"""The actions of walking: they turn, and step if the cell is empty."""


@dataclass(frozen=True)
class Outcome:
    """What an action does to the thing ahead."""

    own: Values
    """The agent's variables afterwards."""
    thing: tuple[str, Values] | None
    """Kind and variables of the thing afterwards; None if it is gone."""
    swaps: bool
    """Whether the two change places."""
    reward: float
    """What is paid."""


class Rulebook:
    """The rules of a game in which nothing happens by itself, but that timers of things run out, and nothing by chance.

    Args:
        game: needs the actions `move_north`, ...; other actions count if they aim at the cell ahead.

    Raises:
        ValueError: the rules have words that a plan cannot foresee.
    """

    def __init__(self, game: GameConfig) -> None:
        self.game = game
        self.actions = [action.name for action in game.actions() if _is_deed(action.aim, action.number)]
        self.own = [name for name, variable in game.variables.items() if variable.agents]
        self.caps = {name: variable.cap for name, variable in game.variables.items()}
        self.kinds = {name: list(kind.has) for name, kind in game.objects.items() if self._is_in_rules(name)}
        """The variables of each kind that rules say something about."""
        self.marks = sorted({name for variables in self.kinds.values() for name in variables})
        """The variables that things of those kinds have."""
        self.timers = {name for name, variable in game.variables.items() if variable.countdown}
        """Variables of things that fall by 1 at every step."""
        self._known: dict[tuple[str, Values, str, Values], Outcome | None] = {}
        self._check()

    def outcome(self, action: str, own: Values, kind: str, values: Values) -> Outcome | None:
        """Return what an action does to a thing ahead, None if nothing."""
        key = (action, own, kind, values)
        if key not in self._known:
            self._known[key] = self._find(action, own, kind, values)
        return self._known[key]

    def later(self, kind: str, values: Values, steps: int) -> Values:
        """Return the variables of a thing after some steps in which nobody touched it."""
        if not self.timers:
            return values
        pairs = zip(self.kinds[kind], values, strict=True)
        return tuple(max(value - steps, 0) if name in self.timers else value for name, value in pairs)

    def rests(self, kind: str, values: Values) -> int:
        """Return the steps until all timers of a thing are 0."""
        if not self.timers:
            return 0
        pairs = zip(self.kinds[kind], values, strict=True)
        return max((value for name, value in pairs if name in self.timers), default=0)

    def can_pay(self, kind: str, values: Values) -> bool:
        """Whether a thing would pay a reward to somebody who has whatever it asks for."""
        target = dict(zip(self.kinds[kind], values, strict=True))
        return any(
            any(isinstance(effect, Reward) and effect.amount > 0 for effect in rule.then)
            and all(_holds(f, {}, target, self.caps) for f in rule.when if f.of == "target")  # type: ignore[union-attr]
            for rule in self._rules_for(kind)
        )

    def initial(self, kind: str) -> Values:
        """Return the variables that a thing of a kind begins with."""
        return tuple(self.game.objects[kind].has.values())

    def _is_in_rules(self, kind: str) -> bool:
        return any(self._rules_for(kind))

    def _rules_for(self, kind: str) -> list[Rule]:
        return [rule for rule in self.game.rules if {kind, "any"} & set(rule.targets)]

    def _find(self, action: str, own: Values, kind: str, values: Values) -> Outcome | None:
        actor = dict(zip(self.own, own, strict=True))
        target = dict(zip(self.kinds[kind], values, strict=True))
        for rule in self._rules_for(kind):
            if action in rule.verbs and all(_holds(f, actor, target, self.caps) for f in rule.when):
                outcome = self._apply(rule.then, actor, kind, target)
                same = outcome.own == own and outcome.thing == (kind, values) and not outcome.swaps
                return None if same and outcome.reward == 0 else outcome
        return None

    def _apply(
        self, effects: list[Effect], actor: dict[str, int], kind: str, target: dict[str, int]
    ) -> Outcome:
        swaps, reward, is_gone = False, 0.0, False
        for effect in effects:
            if isinstance(effect, Add | Take | Set):
                self._change(effect, actor if effect.of == "actor" else target)
            elif isinstance(effect, Become):
                kind = effect.kind
                target = dict(self.game.objects[kind].has)
            elif isinstance(effect, Reward):
                reward += effect.amount
            swaps |= isinstance(effect, Swap)
            is_gone |= isinstance(effect, Remove)
        thing = None if is_gone else (kind, tuple(target.values()))
        return Outcome(tuple(actor.values()), thing, swaps, reward)

    def _change(self, effect: Add | Take | Set, owner: dict[str, int]) -> None:
        if effect.variable not in owner:
            return
        amount = ALL if effect.amount == "all" else int(effect.amount)  # type: ignore[arg-type]
        before = owner[effect.variable]
        after = {"add": before + amount, "take": before - amount, "set": amount}[effect.op]
        owner[effect.variable] = min(max(after, 0), self.caps[effect.variable])

    def _check(self) -> None:
        missing = [name for name in MOVES if name not in {action.name for action in self.game.actions()}]
        timers = [name for name in self.timers if self.game.variables[name].agents]
        unforeseen = [
            word for rule in self.game.rules for word in (*rule.when, *rule.then) if not _is_known(word)
        ]
        if missing or timers or unforeseen:
            what = missing or timers or [type(word).__name__ for word in unforeseen]
            raise ValueError(f"game {self.game.name!r} cannot be planned: {', '.join(map(str, what))}")


ALL = 32767
"""The amount `all`."""


def _is_deed(aim: object, number: int | None) -> bool:
    return isinstance(aim, Ahead) and (aim.forward, aim.right) == (1, 0) and number is None


def _is_known(word: Filter | Effect) -> bool:
    """Whether a word is about actor or target and plain numbers."""
    if isinstance(word, Step | Swap | Count):
        return True
    if isinstance(word, Remove | Become):
        return word.of == "target" and word.around is None
    if isinstance(word, Reward):
        return word.of == "actor" and word.around is None
    if isinstance(word, AtLeast | AtMost | HasRoom):
        return word.of in ("actor", "target") and isinstance(word.amount, int)
    if isinstance(word, Add | Take | Set):
        is_number = isinstance(word.amount, int) or word.amount == "all"
        return word.of in ("actor", "target") and word.around is None and is_number
    return False


def _holds(word: Filter, actor: dict[str, int], target: dict[str, int], caps: dict[str, int]) -> bool:
    assert isinstance(word, AtLeast | AtMost | HasRoom)
    assert isinstance(word.amount, int)
    value = (actor if word.of == "actor" else target).get(word.variable, 0)
    if isinstance(word, AtLeast):
        return value >= word.amount
    if isinstance(word, AtMost):
        return value <= word.amount
    return value + word.amount <= caps[word.variable]
