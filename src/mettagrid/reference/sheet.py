"""The rule sheet of a game: everything that a GameConfig says, as a page of tables and sentences."""

from collections.abc import Iterator
from typing import Any

from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.config.things import Body, ObjectKind, Variable
from mettagrid.config.vary import Together, source
from mettagrid.config.verb import Ahead, Aim, Toward, Verb
from mettagrid.maps import AsciiMap, RandomMap
from mettagrid.reference.code import code_of
from mettagrid.reference.makers import Maker
from mettagrid.reference.markdown import code, join, name, names, table
from mettagrid.reference.sentences import describe, describe_rule
from mettagrid.rules import STEP, Rule

_SEEN_BY = {"all": "all near", "self": "itself", "nobody": "nobody"}
_MOST_ACTIONS = 12
_MOST_OPTIONS = 4
_ONE_LINE = 10**6


def rule_sheet(maker: Maker, page: str | None) -> str:
    """The page of a game that needs no arguments; `page` is the link to what is written about it by hand."""
    game = maker.make()
    source = f"[`{maker.make.__name__}()`](../../../src/{maker.source})"
    about = f" [What the game is about]({page})." if page else ""
    return (
        join(
            [
                f"# {maker.name}: the rules",
                f"{maker.about}",
                f"What {source} makes, written by `python -m mettagrid.reference`.{about}",
                _frame(game),
                *(_section(title, text) for title, text in sheet_sections(game).items()),
            ]
        )
        + "\n"
    )


def sheet_sections(game: GameConfig) -> dict[str, str]:
    """The parts of a game's rule sheet in Markdown, by title; empty where the game says nothing."""
    return {
        "What agents do": _verbs(game),
        "What they carry": _variables(game),
        "Bodies": _bodies(game),
        "Objects": _objects(game),
        "Land": _land(game),
        "Society": _society(game),
        "Rules": _rules(game),
        "Numbers that vary": _vary(game),
    }


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def _frame(game: GameConfig) -> str:
    agents = f"{game.num_agents} agents"
    if game.num_starting < game.num_agents:
        agents = f"{game.num_starting} agents at first and at most {game.num_agents}"
    shape = "x".join(map(str, game.map.shape))
    turns = ", turned so that they look up" if game.view.heading_up else ""
    return (
        f"{agents}, {game.max_steps} steps, a map of {shape} cells, a sight of "
        f"{game.view.height}x{game.view.width} cells{turns}."
    )


def _verbs(game: GameConfig) -> str:
    general = " and ".join(describe(word) for word in game.requires)
    rows = [
        (name(verb_name), _actions(game, verb_name), *_verb(verb)) for verb_name, verb in game.verbs.items()
    ]
    listing = table(("verb", "actions", "aims at", "price", "asks for", "always"), rows)
    return join([listing, f"Everything but `noop` asks that {general}." if general else ""])


def _actions(game: GameConfig, verb: str) -> str:
    actions = [action.name for action in game.actions() if action.verb_name == verb]
    if len(actions) <= _MOST_ACTIONS:
        return names(actions)
    return f"{name(actions[0])} ... {name(actions[-1])} ({len(actions)})"


def _verb(verb: Verb) -> tuple[str, str, str, str]:
    aims = [choice.aim or verb.aim for choice in verb.choices] or [verb.aim]
    price = f"{verb.price} {verb.pays}" if verb.pays else ""
    asked = [describe(word) for word in verb.requires]
    asked += [f"{describe(word)} ({choice.name})" for choice in verb.choices for word in choice.requires]
    return _aims(aims), price, "; ".join(asked), ", ".join(map(describe, verb.always))


def _aims(aims: list[Aim]) -> str:
    said = list(dict.fromkeys(_aim(aim) for aim in aims))
    if len(said) == 1:
        return said[0]
    return f"one of: {'; '.join(said)}" if len(said) < 4 else _many(aims)


def _many(aims: list[Aim]) -> str:
    return "a cell beside it" if all(isinstance(aim, Toward) for aim in aims) else f"one of {len(aims)} cells"


def _aim(aim: Aim) -> str:
    if isinstance(aim, Toward):
        return f"the cell to the {('north', 'east', 'south', 'west')[aim.direction]}"
    if not isinstance(aim, Ahead):
        return "itself"
    sideways = f", {abs(aim.right)} to the {'right' if aim.right > 0 else 'left'}" if aim.right else ""
    return "the cell ahead" if (aim.forward, aim.right) == (1, 0) else f"{aim.forward} ahead{sideways}"


def _variables(game: GameConfig) -> str:
    rows = [(name(key), *_variable(variable)) for key, variable in game.variables.items()]
    return table(("variable", "at first", "at most", "seen by", "remarks"), rows)


def _variable(variable: Variable) -> tuple[object, ...]:
    remarks = ["a timer: falls by 1 each step"] if variable.countdown else []
    remarks += ["of objects only"] if not variable.agents else []
    remarks += ["gains and losses are counted"] if variable.counted else []
    return (
        variable.initial if variable.agents else "",
        variable.cap,
        _SEEN_BY[variable.shown],
        "; ".join(remarks),
    )


def _bodies(game: GameConfig) -> str:
    bodies = game.bodies
    rows = [(name(key), *_body(body)) for key, body in bodies.items()]
    header = ("body", "share", "sees", "at first", "at most", "prices", "traits")
    is_plain = len(bodies) == 1 and next(iter(bodies.values())) == Body()
    drawn = "Every agent draws its body anew in each episode." if game.sample_bodies else ""
    starts = table(
        ("variable", "first values, dealt out in turn"), [(name(k), _some(v)) for k, v in game.starts.items()]
    )
    return join(["" if is_plain else table(header, rows), drawn, starts])


def _body(body: Body) -> tuple[str, ...]:
    radius = "" if body.radius is None else f"{body.radius} cells"
    return (
        f"{body.share:g}",
        radius,
        _pairs(body.initial),
        _pairs(body.caps),
        _pairs(body.prices),
        _pairs(body.traits),
    )


def _objects(game: GameConfig) -> str:
    counts = _counts(game)
    rows = [(name(key), counts.get(key, ""), *_object(kind)) for key, kind in game.all_objects().items()]
    return table(("object", "on the map", "has", "at most", "shows", "traits"), rows)


def _object(kind: ObjectKind) -> tuple[str, ...]:
    shows = "" if kind.shows is None else names(kind.shows) or "nothing"
    return _pairs(kind.has), _pairs(kind.caps), shows, _pairs(kind.traits)


def _counts(game: GameConfig) -> dict[str, object]:
    """How many of each kind a map has."""
    there: dict[str, object] = {WORLD: "nowhere", GROUP: f"nowhere, {game.num_groups} of them"}
    if isinstance(game.map, RandomMap):
        border = {game.map.border: "the border"} if game.map.border else {}
        there |= border | game.map.stations | game.map.obstacles
    elif isinstance(game.map, AsciiMap):
        drawing = "".join(game.map.rows())
        legend = {"#": "wall"} | game.map.legend
        there |= {kind: drawing.count(sign) for sign, kind in legend.items()}
    return there


def _land(game: GameConfig) -> str:
    shares = game.map.grounds if isinstance(game.map, RandomMap) else {}
    rows = [
        (
            name(key),
            f"{100 * shares[key]:g}% of the map" if key in shares else "",
            "cover: hides who stands on it" if ground.hides else "",
            "" if ground.shown else "unseen",
        )
        for key, ground in game.grounds.items()
    ]
    traces = f"Traces that fade: {names(game.traces)}." if game.traces else ""
    return join([table(("ground", "share", "remarks", "seen"), rows), traces])


def _society(game: GameConfig) -> str:
    lines = []
    if game.kinship.op != "none":
        lines.append(f"Kinship:\n\n{code(code_of(game.kinship, 100))}")
    if game.sharing:
        lines.append(f"Rewards are shared, in this order:\n\n{code(code_of(game.sharing, 100))}")
    if game.group_variable:
        lines.append(f"Who is in which group says {name(game.group_variable)}.")
    if game.heredity:
        rows = [(name(key), f"{100 * gene.mutation:g}%", gene.span) for key, gene in game.heredity.items()]
        lines.append(table(("inherited", "mutates", "by at most"), rows))
    return join(lines)


def _rules(game: GameConfig) -> str:
    """The rules by verb, in the order in which they are tried; then those of every step."""
    heads = dict.fromkeys([*(verb for rule in game.rules for verb in rule.verbs if verb != STEP), STEP])
    return join(_rules_of(game, head) for head in heads)


def _rules_of(game: GameConfig, head: str) -> str:
    lines = list(_lines(game.rules, head))
    title = "every step" if head == STEP else name(head)
    return f"**{title}**\n\n" + "\n".join(lines) if lines else ""


def _lines(rules: list[Rule], head: str) -> Iterator[str]:
    for rule in rules:
        if head in rule.verbs and (head == STEP or rule.verbs[0] == head):
            yield f"- {_escaped(describe_rule(rule))}."


def _vary(game: GameConfig) -> str:
    rows = [(name(path), _varied(varied)) for path, varied in game.vary.items()]
    return table(("what", "from"), rows)


def _varied(varied: Any) -> str:
    drawn = source(varied)
    if not isinstance(drawn, Together) or len(drawn.options) <= _MOST_OPTIONS:
        return name(code_of(varied, _ONE_LINE))
    shown = ", shown" if drawn is not varied else ""
    return f"one of {len(drawn.options)} options{shown}, which set {names(drawn.options[0])}"


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name(key)} {value}" for key, value in values.items())


def _some(values: list[int]) -> str:
    return ", ".join(map(str, values[:_MOST_ACTIONS])) + (", ..." if len(values) > _MOST_ACTIONS else "")


def _escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "\\<")
