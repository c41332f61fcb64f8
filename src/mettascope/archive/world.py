"""The description of an archive's world, checked before anybody draws it: types, sizes, and what fits together.

Fields that are not named here may be there; readers ignore what they do not know.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mettascope.archive.form import MAX_ATLAS_SIDE, MAX_CELLS, MAX_NUMBERS, MAX_TICKS, sheet_size

_Text = Annotated[str, Field(max_length=4000)]
_Name = Annotated[str, Field(max_length=200)]
_Names = Annotated[list[_Name], Field(max_length=4096)]
_Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
_Count = Annotated[int, Field(ge=0, le=65536)]
_Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Box = Annotated[list[_Number], Field(min_length=4, max_length=4)]
_Tick = Annotated[int, Field(ge=0, lt=2**31)]
_Variable = Annotated[int, Field(ge=-1, le=4096)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _View(_Part):
    height: Annotated[int, Field(ge=1, le=255)]
    width: Annotated[int, Field(ge=1, le=255)]
    heading_up: bool


class _Column(_Part):
    name: _Name
    rows: Annotated[int, Field(ge=0, le=MAX_NUMBERS)]
    size: Annotated[int, Field(ge=0, le=MAX_NUMBERS)]


class _VariableInfo(_Part):
    name: _Name
    of_agents: bool
    is_timer: bool


class _Self(_Part):
    at: Literal["self"]


class _Ahead(_Part):
    at: Literal["ahead"]
    forward: Annotated[int, Field(ge=-255, le=255)]
    right: Annotated[int, Field(ge=-255, le=255)]


class _Toward(_Part):
    at: Literal["toward"]
    direction: Annotated[int, Field(ge=0, le=3)]


class _Action(_Part):
    name: _Name
    verb: _Name
    number: int | None
    aim: Annotated[_Self | _Ahead | _Toward, Field(discriminator="at")]


class _Test(_Part):
    op: Literal["at_least", "at_most", "has_room"]
    variable: _Variable
    amount: Annotated[int, Field(ge=-(2**31), le=2**31)]
    of: Literal["actor", "target"]
    negated: bool


class _Condition(_Part):
    text: _Text
    test: _Test | None


class _RuleParts(_Part):
    on: _Names
    targets: _Names
    when: Annotated[list[_Condition], Field(max_length=256)]
    then: Annotated[list[_Text], Field(max_length=4096)]


class _Section(_Part):
    title: _Name
    text: Annotated[str, Field(max_length=1 << 20)]


class _Atlas(_Part):
    tile_size: Annotated[int, Field(ge=1, le=512)]
    padding: Annotated[int, Field(ge=0, le=64)]
    columns: Annotated[int, Field(ge=1, le=256)]
    tiles: Annotated[dict[str, _Count], Field(min_length=1, max_length=256)]

    @model_validator(mode="after")
    def _fits(self) -> "_Atlas":
        if sorted(self.tiles.values()) != list(range(len(self.tiles))):
            raise ValueError("tiles must be numbered from 0")
        if max(sheet_size(len(self.tiles), self.tile_size, self.padding, self.columns)) > MAX_ATLAS_SIDE:
            raise ValueError(f"a sheet has at most {MAX_ATLAS_SIDE} x {MAX_ATLAS_SIDE} pixels")
        return self


class _KindLook(_Part):
    name: _Name
    tile: _Name | None
    rest: _Name | None
    wall: Literal["wall", "border"] | None
    is_note: bool
    color: _Color


class _BodyLook(_Part):
    form: _Count
    energy: _Count
    hit_points: _Count
    stock: Annotated[list[_Variable], Field(max_length=4096)]


class _Roles(_Part):
    heading: _Variable
    energy: _Variable
    frozen: _Variable
    shield: _Variable
    mark: _Variable
    team: _Variable
    hit_points: _Variable
    youth: _Variable
    sight: _Variable
    night: _Variable
    waiting: Annotated[list[_Variable], Field(max_length=4096)]
    stock: Annotated[list[_Variable], Field(max_length=4096)]


class _Gem(_Part):
    variable: _Variable
    name: _Name
    tile: _Name
    color: _Color
    on_map: bool


class _GroundLook(_Part):
    name: _Name
    tile: _Name
    shade: _Name
    color: _Color


class _TraceLook(_Part):
    name: _Name
    tile: _Name
    color: _Color


class _Walls(_Part):
    wall: Annotated[list[_Name], Field(min_length=5, max_length=5)]
    border: Annotated[list[_Name], Field(min_length=5, max_length=5)]
    shadow: Annotated[list[_Name], Field(min_length=5, max_length=5)]


class _Counts(_Part):
    colors: Annotated[int, Field(ge=1, le=256)]
    forms: Annotated[int, Field(ge=1, le=256)]
    teams: _Count
    marks: _Count
    cracks: _Count
    energy_levels: _Count
    gems: _Count
    gems_of_a_sort: _Count


class _Layout(_Part):
    gems: Annotated[list[_Box], Field(max_length=64)]
    mark: _Box
    note: _Box
    young: _Box
    shadow: _Box


class _Night(_Part):
    color: _Color
    darkest: _Number
    without_sight: _Number


class _Colors(_Part):
    agents: Annotated[list[_Color], Field(min_length=1, max_length=256)]
    teams: Annotated[list[_Color], Field(max_length=256)]
    floor: _Color
    floor_shade: _Color
    ink: _Color
    paper: _Color
    heart: _Color
    energy: _Color


class _Looks(_Part):
    version: Literal[1]
    kinds: Annotated[list[_KindLook], Field(min_length=2, max_length=4096)]
    walls: _Walls
    variables: _Roles
    bodies: Annotated[list[_BodyLook], Field(max_length=4096)]
    gems: Annotated[list[_Gem], Field(max_length=4096)]
    grounds: Annotated[list[_GroundLook], Field(max_length=4096)]
    traces: Annotated[list[_TraceLook], Field(max_length=4096)]
    events: Annotated[dict[str, _Name], Field(max_length=256)]
    beams: Annotated[dict[str, _Name], Field(max_length=256)]
    counts: _Counts
    layout: _Layout
    night: _Night
    colors: _Colors


class _World(_Part):
    format: Literal["mettascope-world"]
    version: Literal[1]
    name: _Name
    title: _Name
    num_agents: Annotated[int, Field(ge=1, le=65536)]
    max_steps: Annotated[int, Field(ge=0, le=2**31)]
    height: Annotated[int, Field(ge=1, le=MAX_CELLS)]
    width: Annotated[int, Field(ge=1, le=MAX_CELLS)]
    view: _View
    columns: Annotated[list[_Column], Field(max_length=64)]
    kinds: _Names
    variables: Annotated[list[_VariableInfo], Field(max_length=4096)]
    stats: _Names
    bodies: _Names
    caps: Annotated[list[list[int]], Field(max_length=4096)]
    grounds: _Names
    traces: _Names
    actions: Annotated[list[_Action], Field(min_length=1, max_length=32767)]
    rules: Annotated[list[_Text], Field(max_length=65536)]
    rule_parts: Annotated[list[_RuleParts], Field(max_length=65536)] = Field(default_factory=list)
    sheet: Annotated[list[_Section], Field(max_length=256)] = Field(default_factory=list)
    looks: _Looks
    atlas: _Atlas
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    policy: _Text
    first_tick: _Tick
    last_tick: _Tick

    @model_validator(mode="after")
    def _fits(self) -> "_World":
        if self.height * self.width > MAX_CELLS:
            raise ValueError(f"a map has at most {MAX_CELLS} cells")
        if not 0 <= self.last_tick - self.first_tick < MAX_TICKS:
            raise ValueError(f"an archive has 1 to {MAX_TICKS} ticks")
        if len(self.looks.kinds) != len(self.kinds):
            raise ValueError("looks.kinds and kinds must have the same length")
        if any(len(caps) != len(self.variables) for caps in self.caps):
            raise ValueError("caps must have an entry for each variable")
        if sum(column.rows * column.size for column in self.columns) > MAX_NUMBERS:
            raise ValueError(f"all columns together have at most {MAX_NUMBERS} numbers")
        self._check_shapes()
        return self

    def _check_shapes(self) -> None:
        found = {column.name: (column.rows, column.size) for column in self.columns}
        if len(found) != len(self.columns):
            raise ValueError("two columns have the same name")
        objects = found.get("kind", (1, 0))[1]
        wanted = {name: (1, objects) for name in ("kind", "cell", "body")}
        wanted |= {name: (1, self.num_agents) for name in ("reward", "action", "partner")}
        wanted |= {"variable": (len(self.variables), objects), "stat": (len(self.stats), self.num_agents)}
        for name, shape in wanted.items():
            if found.get(name) != shape:
                raise ValueError(f"column {name!r} must have the shape {list(shape)}")
        for name in ("ground", "trace"):
            if found.get(name) not in ((1, 0), (1, self.height * self.width)):
                raise ValueError(f"column {name!r} must have a number for each cell, or none")
        if found.get("kinship", (0, 0)) not in ((0, 0), (self.num_agents, self.num_agents)):
            raise ValueError("column 'kinship' must have a number for each two agents, or none")
        if objects < self.num_agents:
            raise ValueError("each agent is an object, too")


def check_world(world: dict[str, Any]) -> None:
    """Refuses a description that cannot be drawn.

    Raises:
        ValueError: one line: where, and what would be right.
    """
    try:
        _World.model_validate(world)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in ("world", *first["loc"]))
        raise ValueError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
