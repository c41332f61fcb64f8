"""Palettes: agents and resources can be told apart by those for whom the palette is made."""

from itertools import combinations

import numpy as np
import pytest

from mettagrid.games.random_rules import make_random_rules
from mettagrid.reference.makers import find_makers
from mettagrid.render import SceneReader, Thing, WorldPainter
from mettagrid.render.atlas import look_table
from mettagrid.render.palette import LIGHT, NUM_AGENT_COLORS, NUM_TEAM_COLORS, PALETTES, Color, find_palette
from mettagrid.render.sprites import sprite

COLORBLIND, CONTRAST = PALETTES["colorblind"], PALETTES["contrast"]
# What colours become without one sort of cones, on linear RGB: Machado, Oliveira and Fernandes,
# "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1.0.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
# In CIELAB, where 2.3 is just noticeable side by side; far apart and small, several times as much is needed.
SAFE_DISTANCE = 15.0


def to_linear(color: Color) -> np.ndarray:
    """sRGB bytes as linear light, float [3]."""
    share = np.array(color) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def to_lab(linear: np.ndarray) -> np.ndarray:
    """CIELAB of linear sRGB."""
    ratio = TO_XYZ @ linear / WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def least_distance(colors: list[Color], vision: np.ndarray) -> float:
    """Between any two of the colours, as somebody with this vision sees them."""
    seen = [to_lab(np.clip(vision @ to_linear(color), 0, 1)) for color in colors]
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))


def contrast(first: Color, second: Color) -> float:
    """The contrast ratio of WCAG 2.1."""
    dark, bright = sorted(float(TO_XYZ[1] @ to_linear(color)) for color in (first, second))
    return (bright + 0.05) / (dark + 0.05)


def color_of(text: str) -> Color:
    """`#rrggbb` as bytes."""
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


@pytest.mark.parametrize("vision", VISIONS.values(), ids=VISIONS.keys())
def test_agents_and_teams_of_the_safe_palette_differ_for_everybody(vision: np.ndarray):
    assert least_distance(list(COLORBLIND.agents), vision) > SAFE_DISTANCE
    assert least_distance(list(COLORBLIND.teams), vision) > SAFE_DISTANCE
    bar = [COLORBLIND.red, COLORBLIND.gold, COLORBLIND.green, COLORBLIND.bar]
    assert least_distance(bar, vision) > SAFE_DISTANCE


def test_the_usual_palette_would_not_pass():
    assert least_distance(list(LIGHT.agents[:8]), VISIONS["deuteranopia"]) < SAFE_DISTANCE


@pytest.mark.parametrize("vision", VISIONS.values(), ids=VISIONS.keys())
def test_resources_of_the_safe_palette_differ_for_everybody(vision: np.ndarray):
    game = make_random_rules()
    items = [
        color_of(gem["color"]) for gem in look_table(game, "colorblind")["gems"] if gem["name"] != "heart"
    ]
    assert len(items) == 8
    assert least_distance(items, vision) > SAFE_DISTANCE
    named = [COLORBLIND.named_color(f"generator_{word}") for word in ("red", "blue", "green", "gold")]
    assert least_distance(named, vision) > SAFE_DISTANCE


def test_agents_stand_out_from_a_floor_of_high_contrast():
    for floor in (CONTRAST.floor, CONTRAST.floor_shade):
        assert min(contrast(color, floor) for color in CONTRAST.agents) > 4.0
    assert min(contrast(color, PALETTES["dark"].floor) for color in PALETTES["dark"].agents) > 2.5


@pytest.mark.parametrize("colors", PALETTES.values(), ids=PALETTES.keys())
def test_no_two_agents_have_nearly_the_same_colour(colors):
    assert least_distance(list(colors.agents), VISIONS["usual"]) > SAFE_DISTANCE
    assert colors.agent_color(len(colors.agents)) == colors.agent_color(0)
    # So that the numbers by which the browser page repeats them fit every palette.
    assert NUM_AGENT_COLORS % len(colors.agents) == 0
    assert len(colors.teams) == NUM_TEAM_COLORS


def test_pictures_can_have_any_palette():
    maker = next(maker for maker in find_makers() if maker.name == "arena")
    game = maker.make()
    agent = Thing("agent", "agent", 1, 1, agent=1, heading=1, energy=0.5)
    pictures = [np.asarray(sprite(agent, 32, colors)) for colors in PALETTES.values()]
    assert all(not np.array_equal(a, b) for a, b in combinations(pictures, 2))
    painter = WorldPainter(game, 8, palette="dark")
    assert isinstance(painter.reader, SceneReader)


def test_other_palettes_are_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match=r"palette: there is no 'darc', did you mean dark\?"):
        find_palette("darc")
