"""A world as coloured characters, two columns per cell, for terminals. It prints nothing itself."""

from rich.table import Table
from rich.text import Text

from mettagrid.render import palette
from mettagrid.render.scene import Scene, Thing

_ARROWS = "▲▶▼◀"
_MARKS = "•◆■▲★+○♥"
_SIGNS = {"border": "██", "wall": "▒▒", "gem": "◆ ", "bolt": "ϟ ", "heart": "♥ ", "note": "· ", "box": "▣ "}
_COLORS = {
    "border": palette.BORDER_TOP,
    "wall": palette.WALL_TOP,
    "bolt": palette.GOLD,
    "heart": palette.PINK,
    "note": palette.INK,
}
_EMPTY = "· "
_EMPTY_STYLE = "grey30"


def scene_text(scene: Scene) -> Text:
    """The map: arrows are agents, each in its own colour, `◆` diamonds, `ϟ` chargers, `♥` altars.

    Other things are the first two letters of their kind.
    """
    cells = {
        (thing.row, thing.column): thing for thing in sorted(scene.things, key=lambda thing: thing.agent)
    }
    text = Text(no_wrap=True)
    for row in range(scene.height):
        for column in range(scene.width):
            thing = cells.get((row, column))
            if thing is None:
                text.append(_EMPTY, _EMPTY_STYLE)
            else:
                text.append(*_cell(thing))
        text.append("\n" if row + 1 < scene.height else "")
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
    return Text(line, "bold")


def _cell(thing: Thing) -> tuple[str, str]:
    if thing.agent >= 0:
        sign = "❄" if thing.frozen else _ARROWS[thing.heading]
        beside = ")" if thing.shield else _MARKS[(thing.mark - 1) % len(_MARKS)] if thing.mark else " "
        return sign + beside, _style(thing)
    color = _COLORS.get(thing.look, palette.named_color(thing.kind))
    sign = _SIGNS.get(thing.look, f"{thing.kind[:2]:2}")
    return sign, _hex(color) + (" dim" if thing.is_resting else "")


def _style(thing: Thing) -> str:
    return f"bold {_hex(palette.ICE if thing.frozen else palette.agent_color(thing.agent))}"


def _state(thing: Thing) -> str:
    words = [f"frozen {thing.frozen}"] if thing.frozen else []
    words += ["shield"] if thing.shield else []
    words += [f"mark {thing.mark}"] if thing.mark else []
    return ", ".join(words) or "-"


def _hex(color: palette.Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
