"""A world as coloured characters, two columns per cell, for terminals. It prints nothing itself."""

from rich.table import Table
from rich.text import Text

from mettagrid.render.ground import ground_tint
from mettagrid.render.looks import kind_color
from mettagrid.render.palette import LIGHT, mix, to_hex
from mettagrid.render.scene import Scene, Thing
from mettagrid.render.signs import kind_sign, signs_of

_ARROWS = "▲▶▼◀"
_MARKS = "•◆■▲★+○♥"
_EMPTY = "· "
_EMPTY_STYLE = "grey30"
_LEGEND_WIDTH = 72  # at least
_Signs = dict[tuple[str, str], str]


def scene_text(scene: Scene) -> Text:
    """The map: arrows are agents, each in its own colour, `◆` diamonds, `ϟ` chargers, `♥` altars; see `legend_text`."""
    signs = _signs(scene)
    things = sorted(scene.things, key=lambda thing: thing.agent)
    cells = {(thing.row, thing.column): _cell(thing, signs) for thing in things}
    tints = {(spot.row, spot.column): _ground_color(spot.kind) for spot in scene.grounds}
    below = {
        (spot.row, spot.column): (signs["ground", spot.kind], to_hex(ground_tint(spot.kind)))
        for spot in scene.grounds
    }
    below |= {(spot.row, spot.column): (signs["trace", spot.kind], "bold") for spot in scene.traces}
    text = Text(no_wrap=True)
    for row in range(scene.height):
        for column in range(scene.width):
            place = row, column
            sign, style = cells.get(place) or below.get(place) or (_EMPTY, _EMPTY_STYLE)
            text.append(sign, f"{style} on {tints[place]}" if place in tints else style)
        text.append("\n" if row + 1 < scene.height else "")
    return text


def legend_text(scene: Scene) -> Text:
    """What the signs of the map stand for: all kinds, grounds and traces of the game, in lines as wide as the map."""
    text = Text(f"{_ARROWS[0]} agent")
    width = max(_LEGEND_WIDTH, 2 * scene.width)
    column = len(text)
    for (sort, name), sign in _signs(scene).items():
        color = ground_tint(name) if sort == "ground" else kind_color(name) if sort == "kind" else LIGHT.stone
        needed = 3 + len(sign.strip()) + len(name)
        is_full = column + needed > width
        text.append("\n" if is_full else "  ")
        text.append(sign.strip(), to_hex(color))
        text.append(f" {name}")
        column = needed if is_full else column + needed
    return text


def agent_table(scene: Scene, rewards: dict[int, float] | None = None, max_rows: int = 24) -> Table:
    """The first `max_rows` agents: heading, energy, state, what they carry, and their return so far."""
    table = Table(title=None, box=None, padding=(0, 1), header_style="bold")
    columns = ["agent", "energy", "state", "carries", *(["return"] if rewards is not None else [])]
    for column in columns:
        table.add_column(column, justify="right" if column in ("energy", "return") else "left")
    for thing in sorted(scene.agents, key=lambda thing: thing.agent)[:max_rows]:
        energy = f"{thing.energy:.0%}" if thing.energy >= 0 else "-"
        carried = " ".join(f"{name}:{amount}" for name, amount in thing.carried)
        cells = [
            Text(f"{_ARROWS[thing.heading]} {thing.agent}", _style(thing)),
            energy,
            _state(thing),
            carried,
        ]
        table.add_row(*cells, *([f"{rewards.get(thing.agent, 0.0):.2f}"] if rewards is not None else []))
    return table


def status_text(scene: Scene, max_steps: int) -> Text:
    """The line above the map."""
    line = f"{scene.title}  tick {scene.tick}/{max_steps}"
    if scene.hearts is not None:
        line += f"  ♥ {scene.hearts} ({scene.hearts / max(1, scene.num_agents):.2f} per agent)"
    return Text(line + ("  night" if scene.night > 0 else ""), "bold")


def _signs(scene: Scene) -> _Signs:
    return signs_of(scene.kinds, scene.ground_kinds, scene.trace_kinds)


def _cell(thing: Thing, signs: _Signs) -> tuple[str, str]:
    if thing.agent >= 0:
        sign = "❄" if thing.frozen else _ARROWS[thing.heading]
        beside = ")" if thing.shield else _MARKS[(thing.mark - 1) % len(_MARKS)] if thing.mark else " "
        return sign + beside, _style(thing)
    sign = signs.get(("kind", thing.kind)) or kind_sign(thing.kind)
    return sign, to_hex(kind_color(thing.kind)) + (" dim" if thing.is_resting else "")


def _ground_color(ground: str) -> str:
    """Dark enough that what stands on it can be read."""
    return to_hex(mix(ground_tint(ground), LIGHT.ink, 0.65))


def _style(thing: Thing) -> str:
    return f"bold {to_hex(LIGHT.ice if thing.frozen else LIGHT.agent_color(thing.agent))}"


def _state(thing: Thing) -> str:
    words = [f"frozen {thing.frozen}"] if thing.frozen else []
    words += ["shield"] if thing.shield else []
    words += ["young"] if thing.is_young else []
    words += [f"mark {thing.mark}"] if thing.mark else []
    return ", ".join(words) or "-"
