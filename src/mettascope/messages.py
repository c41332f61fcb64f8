"""What the page may ask of the server over its websocket: one small JSON object per message, checked in full."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

_Tick = Annotated[int, Field(ge=0, lt=2**31)]
_Agent = Annotated[int, Field(ge=0, lt=65536)]
_Uri = Annotated[str, Field(min_length=1, max_length=2000)]
_Seed = Annotated[int, Field(ge=0, lt=2**63)]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _AboutBranch(_Message):
    branch: Annotated[int, Field(ge=0)]


class Watch(_AboutBranch):
    """Describe a branch and send its head frames from now on."""

    do: Literal["watch"]


class Leave(_AboutBranch):
    """Send no more head frames of it."""

    do: Literal["leave"]


class GetFrame(_AboutBranch):
    """Send the key frame of a tick."""

    do: Literal["frame"]
    tick: _Tick


class GetChunk(_AboutBranch):
    """Send the chunk that begins with a tick."""

    do: Literal["chunk"]
    first: _Tick
    count: Annotated[int, Field(ge=1, le=200)]


class GetSurvey(_AboutBranch):
    """Send the block of the survey that begins with a tick."""

    do: Literal["survey"]
    first: _Tick


class GetMind(_AboutBranch):
    """Tell what an agent's policy made of a tick."""

    do: Literal["mind"]
    agent: _Agent
    tick: _Tick


class GetValues(_AboutBranch):
    """Tell what an agent's policy expected at the ticks from one on."""

    do: Literal["values"]
    agent: _Agent
    first: _Tick


class AskPolicy(_AboutBranch):
    """Let a policy say what it makes of the ticks around one; its view is shown from then on.

    Without an address the view of those who play is shown again.
    """

    do: Literal["ask"]
    policy_uri: _Uri | None
    tick: _Tick


class Run(_AboutBranch):
    """Go on at `speed` steps per second until paused."""

    do: Literal["run"]
    speed: Annotated[float, Field(gt=0, le=100_000)]


class Pause(_AboutBranch):
    """Stop going on."""

    do: Literal["pause"]


class Step(_AboutBranch):
    """Play some steps."""

    do: Literal["step"]
    count: Annotated[int, Field(ge=1, le=1000)] = 1


class Restart(_AboutBranch):
    """Begin the episode anew."""

    do: Literal["restart"]
    seed: _Seed | None = None


class Take(_AboutBranch):
    """Play an agent by hand."""

    do: Literal["take"]
    agent: _Agent


class Release(_AboutBranch):
    """Give an agent back to its policy."""

    do: Literal["release"]
    agent: _Agent


class Act(_AboutBranch):
    """Choose what an agent that one plays does next; a branch that stands still makes a step."""

    do: Literal["act"]
    agent: _Agent
    action: Annotated[int, Field(ge=0, lt=32768)]


class SeatPolicy(_AboutBranch):
    """Let a policy play agents."""

    do: Literal["seat"]
    policy_uri: _Uri
    agents: Annotated[list[_Agent], Field(min_length=1, max_length=65536)]


class ClearMemory(_AboutBranch):
    """Empty the memory of an agent's policy."""

    do: Literal["clear_memory"]
    agent: _Agent


class CopyMemory(_AboutBranch):
    """Give an agent's policy the memory of another agent's."""

    do: Literal["copy_memory"]
    agent: _Agent
    source: _Agent


class ForkBranch(_AboutBranch):
    """Leave a branch at a tick with other players, rules or hands."""

    do: Literal["fork"]
    tick: _Tick
    policy_uri: _Uri | None = None
    changes: Annotated[dict[str, Any], Field(max_length=64)] = Field(default_factory=dict)
    hands: Annotated[list[_Agent], Field(max_length=256)] = Field(default_factory=list)


class CloseBranch(_AboutBranch):
    """Forget a branch."""

    do: Literal["close"]


Reading = Watch | Leave | GetFrame | GetChunk | GetSurvey | GetMind | GetValues
"""What everybody who sees the page may ask."""
Control = (
    Run
    | Pause
    | Step
    | Restart
    | Take
    | Release
    | Act
    | SeatPolicy
    | AskPolicy
    | ClearMemory
    | CopyMemory
    | ForkBranch
    | CloseBranch
)
"""What changes something and needs the control token."""
Message = Annotated[Reading | Control, Field(discriminator="do")]
_ADAPTER: TypeAdapter[Reading | Control] = TypeAdapter(Message)


def read_message(text: str) -> Reading | Control:
    """The message that a text holds.

    Raises:
        ValueError: one line, if it holds none.
    """
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else str(first["msg"])) from None
