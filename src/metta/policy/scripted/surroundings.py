"""What all agents see at one step, by name: tokens as dense grids, and what each knows of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from metta.policy.scripted.memory import Memory
from metta.policy.scripted.sight import Sight
from mettagrid.config.nearest import did_you_mean
from mettagrid.config.verb import HEADINGS
from mettagrid.spec import GameSpec

Feature = tuple[Literal["own", "seen", "kind"], str]
"""Whose it is and its short name: ("own", "energy"), ("seen", "cooldown"), ("kind", "altar")."""
_PREFIXES = {
    "own": ("own:", ""),
    "seen": ("", "kind:", "ground:", "trace:"),
    "kind": ("kind:", "ground:", "trace:", ""),
}


@dataclass(frozen=True)
class Surroundings:
    """One row per agent.

    Attributes:
        planes: [B, H, W] for each feature of cells, and for ("kind", "empty").
        own: [B] for each feature of the agents themselves.
        heading: int64 [B], 0 north, 1 east, 2 south, 3 west.
        solid: bool [B, H, W], where an object stands.
        landmarks: bool [B, H, W], where something stands that never moves.
        crowd: bool [B, H, W], where an agent stands, the observer included.
        memory: what each agent remembers.
        tried: int64 [B], the step that the last action was, 1..4 for north, east, south, west, 0 for no step; None
            where the game does not show last actions.
    """

    planes: dict[Feature, Tensor]
    own: dict[str, Tensor]
    heading: Tensor
    solid: Tensor
    landmarks: Tensor
    crowd: Tensor
    memory: Memory
    tried: Tensor | None = None

    @property
    def device(self) -> torch.device:
        """Where the tensors are."""
        return self.heading.device

    @staticmethod
    def centre(values: Tensor) -> Tensor:
        """Return the values at the agents' own cells, [B, 1, 1], of [B, H, W]."""
        row, column = values.shape[1] // 2, values.shape[2] // 2
        return values[:, row : row + 1, column : column + 1]


class SurroundingsReader:
    """Makes scenes of observations.

    Args:
        spec: the game.
        features: what is asked about.
        landmarks: kinds that never move; None for all kinds of objects.

    Raises:
        ValueError: if the game lacks one of the features.
    """

    def __init__(self, spec: GameSpec, features: Iterable[Feature], landmarks: Iterable[str] | None) -> None:
        objects = [name for name in spec.kind_names if name not in ("empty", "agent")]
        landmarks = objects if landmarks is None else list(landmarks)
        for name in landmarks:
            if name not in objects:
                raise ValueError(f"game {spec.name!r} has no kind {name!r}; {did_you_mean(name, objects)}")
        wanted = [feature for feature in dict.fromkeys(features) if feature != ("kind", "empty")]
        self.cells = {key: resolve_feature(spec, key) for key in wanted if key[0] != "own"}
        self.own = {name: resolve_feature(spec, (scope, name)) for scope, name in wanted if scope == "own"}
        shown = {f"kind:{name}" for name in objects} & set(spec.feature_names)
        maybe_shown = [name for name in self.own.values() if not name.startswith("own:")]
        planes = [*sorted(shown), "kind:agent", "heading", *self.cells.values(), *maybe_shown]
        planes = list(dict.fromkeys(planes))
        self.plane = {name: index for index, name in enumerate(planes)}
        self.number = {name: index for index, name in enumerate(dict.fromkeys(self.own.values()))}
        self.sight = Sight(spec, seen=planes, own=[*self.number, *last_steps(spec)])
        self.solid = [self.plane[name] for name in sorted(shown)]
        self.landmarks = [self.plane[f"kind:{name}"] for name in landmarks if f"kind:{name}" in shown]

    def read(self, observations: Tensor, memory: Memory) -> Surroundings:
        """Return what uint8 [B, num_tokens, 3] say."""
        seen, own = self.sight.read(observations)
        crowd = seen[:, self.plane["kind:agent"]] > 0
        solid = _any(seen, self.solid)
        planes: dict[Feature, Tensor] = {key: seen[:, self.plane[name]] for key, name in self.cells.items()}
        row, column = seen.shape[2] // 2, seen.shape[3] // 2
        empty = ~solid & ~crowd
        empty[:, row, column] = True  # the observer itself is not in its own way
        planes["kind", "empty"] = empty.float()
        middle = seen[:, :, row, column]
        about_me = {key: own[:, self.number[name]] for key, name in self.own.items()}
        for key, name in self.own.items():
            if name in self.plane:  # what is shown to all stands at the agent's own cell
                about_me[key] = about_me[key] + middle[:, self.plane[name]]
        return Surroundings(
            planes=planes,
            own=about_me,
            heading=(middle[:, self.plane["heading"]].long() - 1).clamp(min=0),
            solid=solid,
            landmarks=_any(seen, self.landmarks),
            crowd=crowd,
            memory=memory,
            tried=_tried_step(own[:, len(self.number) :]),
        )


def last_steps(spec: GameSpec) -> list[str]:
    """Return the features that tell that the last action was a step north, east, south, west; none, or all four."""
    names = [f"last_action:move_{heading}" for heading in HEADINGS]
    return names if set(names) <= set(spec.feature_names) else []


def resolve_feature(spec: GameSpec, feature: Feature) -> str:
    """Return the game's name of a feature.

    Raises:
        ValueError: if the game has none, with the nearest.
    """
    scope, name = feature
    candidates = [prefix + name for prefix in _PREFIXES[scope]]
    for candidate in candidates:
        if candidate in spec.feature_names:
            return candidate
    hint = did_you_mean(candidates[0], spec.feature_names)
    raise ValueError(f"game {spec.name!r} has no feature {candidates[0]!r}, which this policy needs; {hint}")


def _any(seen: Tensor, planes: list[int]) -> Tensor:
    """Return where one of the planes is above 0, bool [B, H, W]."""
    if not planes:
        return torch.zeros_like(seen[:, 0], dtype=torch.bool)
    return seen[:, planes].amax(1) > 0


def _tried_step(shown: Tensor) -> Tensor | None:
    """Return `Surroundings.tried` of the features `last_steps`, [B, 4], or [B, 0] where the game has none."""
    if shown.shape[1] == 0:
        return None
    return torch.where(shown.amax(1) > 0, shown.argmax(1) + 1, 0)
