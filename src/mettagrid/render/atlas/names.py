"""Which tiles the atlas of a game has, by name.

- `unknown`: for a name that the page does not find.
- `floor`, `floor:shade`: the light and the dark cells of the checkerboard.
- `ground:<name>`, `ground:<name>:shade`: the same with a ground; `trace:<name>`: lies on it.
- `wall:<state>`, `border:<state>`, `shadow:<state>`: quarters of walls, see below.
- `kind:<name>`, `kind:<name>:rest`: a thing, and one that waits or has nothing to give. Agents and walls have none.
- `crack:<1..3>`: over what has lost hit points.
- `team:<n>`, `shield`, `agent:<colour>:<form>:<heading>`, `bar:<0..8>`, `gem:<variable>`, `ice`, `mark:<n>`: an agent
  in parts, from below. Gems and marks fill their tile; the look table says where they go, and how small.
- `event:<what>`: at the cell where something happened; `beam:<what>`: to be stretched from the source (left) to the
  target (right). `event:heart` is also what joins mates.

Quarters of walls: cut each cell of a wall into four quarters. Each has two neighbours that share a side with it
(`north` or `south`; `east` or `west`) and one between them, at the corner. Count those of the same sort (wall or
border):

    state = vertical + 2 * horizontal                 unless both are there; then
    state = 3 + corner                                (so 0..4)

and draw the same quarter of tile `wall:<state>` there: the tile of a state has that state in all four quarters.
Shadows follow the same rule, whatever the sort; they are drawn first, a little lower, and not in the last row.
"""

from mettagrid.config.game import GROUP, WORLD, GameConfig
from mettagrid.render.flashes import BEAMS, FLASHES
from mettagrid.render.looks import WALLS, look_of
from mettagrid.render.palette import NUM_AGENT_COLORS, NUM_TEAM_COLORS
from mettagrid.render.roles import find_roles, forms_of
from mettagrid.render.sprites import NUM_ENERGY_LEVELS, NUM_FORMS
from mettagrid.render.things.stations import NUM_CRACKS, NUM_MARKS

REST = "rest"
SHADE = "shade"
NUM_WALL_STATES = 5
# WebGL2 promises 256 layers of a texture array; this leaves room for all other tiles.
_MOST_BODIES = 192
JOINING = ("floor", "ground", *WALLS, "shadow")
"""Tiles of these sorts go on in the next cell."""


def tile_names(game: GameConfig) -> tuple[str, ...]:
    """The names of all tiles of a game, in the order of their numbers; the same for all palettes."""
    return (
        "unknown",
        "floor",
        f"floor:{SHADE}",
        *(f"ground:{name}{end}" for name in game.grounds for end in ("", f":{SHADE}")),
        *(f"trace:{name}" for name in game.traces),
        *(f"{sort}:{state}" for sort in (*WALLS, "shadow") for state in range(NUM_WALL_STATES)),
        *(f"kind:{kind}{end}" for kind in things_of(game) for end in ("", f":{REST}")),
        *(f"crack:{number}" for number in range(1, NUM_CRACKS + 1)),
        *_agent_names(game),
        *(f"event:{what}" for what in FLASHES),
        *(f"beam:{what}" for what in BEAMS),
    )


def things_of(game: GameConfig) -> list[str]:
    """The kinds that stand on the map and are neither agents nor walls."""
    placeless = ("empty", "agent", WORLD, GROUP)
    return [kind for kind in game.kind_names() if kind not in placeless and look_of(kind) not in WALLS]


def num_colors(game: GameConfig) -> int:
    """How many colours the agents of a game have; agent `i` has colour `i % num_colors`."""
    return min(game.num_agents, NUM_AGENT_COLORS, _MOST_BODIES // (4 * num_forms(game)))


def num_forms(game: GameConfig) -> int:
    """How many sorts of bodies look different; a body of form `f` looks like `f % num_forms`."""
    return min(len(forms_of(game)), NUM_FORMS)


def num_teams(game: GameConfig) -> int:
    """How many teams look different; team `n >= 1` looks like `(n - 1) % num_teams + 1`."""
    team = find_roles(game).team
    return min(_cap(game, team), NUM_TEAM_COLORS) if team >= 0 else 0


def num_marks(game: GameConfig) -> int:
    """How many marks look different; mark `n >= 1` looks like `(n - 1) % num_marks + 1`."""
    mark = find_roles(game).mark
    signs = [kind for kind in things_of(game) if look_of(kind) == "note"]  # they show at least mark 1
    return max(min(_cap(game, mark), NUM_MARKS) if mark >= 0 else 0, min(1, len(signs)))


def _cap(game: GameConfig, variable: int) -> int:
    """The largest value that a variable can have in any body or kind."""
    name = list(game.all_variables())[variable]
    others = [*game.bodies.values(), *game.all_objects().values()]
    return max(game.all_variables()[name].cap, *(other.caps.get(name, 0) for other in others))


def _agent_names(game: GameConfig) -> list[str]:
    roles = find_roles(game)
    names = [f"team:{team}" for team in range(1, num_teams(game) + 1)]
    names += ["shield"] * (roles.shield >= 0)
    names += [
        f"agent:{color}:{form}:{heading}"
        for color in range(num_colors(game))
        for form in range(num_forms(game))
        for heading in range(4)
    ]
    names += [f"bar:{level}" for level in range(NUM_ENERGY_LEVELS + 1)] * (roles.energy >= 0)
    names += [f"gem:{name}" for name, _ in roles.carried]
    names += ["ice"] * (roles.frozen >= 0)
    return names + [f"mark:{mark}" for mark in range(1, num_marks(game) + 1)]
