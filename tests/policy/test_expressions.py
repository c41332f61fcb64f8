"""What scripts ask about, compared with loops over cells; and mistakes in scripts."""

import numpy as np
import pytest
import torch

from metta.policy.scripted import Ahead, Errand, Expression, Lot, Nearby, Own, Random, Seen
from metta.policy.scripted.expressions import all_hold
from metta.policy.scripted.memory import Memory
from metta.policy.scripted.paths import spread
from metta.policy.scripted.surroundings import Surroundings

ROWS, HEIGHT, WIDTH = 6, 5, 7
STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1))


@pytest.fixture
def around() -> Surroundings:
    rng = torch.Generator().manual_seed(1)
    trees = (torch.rand(ROWS, HEIGHT, WIDTH, generator=rng) < 0.4).float()
    fruits = torch.randint(3, (ROWS, HEIGHT, WIDTH), generator=rng).float() * trees
    memory = Memory.unpack(torch.rand(ROWS, Memory.size(1, HEIGHT, WIDTH)), 1, HEIGHT, WIDTH)
    nothing = torch.zeros(ROWS, HEIGHT, WIDTH, dtype=torch.bool)
    return Surroundings(
        planes={("kind", "tree"): trees, ("seen", "fruits"): fruits},
        own={"hunger": torch.arange(ROWS).float()},
        heading=torch.arange(ROWS) % 4,
        solid=trees > 0,
        landmarks=trees > 0,
        crowd=nothing,
        memory=memory,
    )


def test_arithmetic_and_logic(around: Surroundings) -> None:
    hunger, fruits = np.arange(ROWS)[:, None, None], around.planes["seen", "fruits"].numpy()
    cases: list[tuple[Expression, np.ndarray]] = [
        (Own("hunger") + 2 * Seen("fruits"), hunger + 2 * fruits),
        (1 - Own("hunger") * 3 - Seen("fruits"), 1 - hunger * 3 - fruits),
        (Seen("fruits") == Own("hunger"), fruits == hunger),
        (Seen("fruits") != 1, fruits != 1),
        ((Own("hunger") >= 2) & (Seen("fruits") < 2), (hunger >= 2) & (fruits < 2)),
        ((Own("hunger") > 4) | ~(Seen("fruits") <= 1), (hunger > 4) | (fruits > 1)),
    ]
    for expression, expected in cases:
        assert np.array_equal(expression.read(around).expand(ROWS, HEIGHT, WIDTH), expected + 0 * fruits), (
            repr(expression)
        )


@pytest.mark.parametrize("radius", [1, 2])
def test_nearby_counts_what_stands_around(around: Surroundings, radius: int) -> None:
    things = Nearby("tree", radius, when=[Seen("fruits") >= 1], of="target").read(around)
    me = Nearby("tree", radius, when=[Seen("fruits") >= 1]).read(around)
    fruits = around.planes["seen", "fruits"]
    for row in range(HEIGHT):
        for column in range(WIDTH):
            top, left = max(row - radius, 0), max(column - radius, 0)
            window = fruits[:, top : row + radius + 1, left : column + radius + 1] >= 1
            expected = window.flatten(1).sum(1) - (fruits[:, row, column] >= 1).long()
            assert torch.equal(things[:, row, column], expected.float())
    assert torch.equal(me[:, 0, 0], things[:, HEIGHT // 2, WIDTH // 2])


@pytest.mark.parametrize(("forward", "right"), [(1, 0), (2, -1), (1, 2), (3, 0)])
def test_ahead_turns_with_the_agent(around: Surroundings, forward: int, right: int) -> None:
    fruits = around.planes["seen", "fruits"]
    seen = Ahead("fruits", forward, right).read(around).flatten()
    for agent in range(ROWS):
        ahead, aside = STEPS[agent % 4], STEPS[(agent + 1) % 4]
        row = HEIGHT // 2 + forward * ahead[0] + right * aside[0]
        column = WIDTH // 2 + forward * ahead[1] + right * aside[1]
        is_inside = 0 <= row < HEIGHT and 0 <= column < WIDTH
        assert seen[agent] == (fruits[agent, row, column] if is_inside else 0)


def test_conditions_hold_together(around: Surroundings) -> None:
    assert all_hold([], around).all()
    both = all_hold([Own("hunger") >= 1, Seen("fruits") >= 1], around)
    assert torch.equal(both[1:], around.planes["seen", "fruits"][1:] >= 1)
    assert not both[0].any()


def test_danger_falls_evenly_with_the_steps() -> None:
    places = torch.zeros(1, 5, 7, dtype=torch.bool)
    places[0, 2, 1] = True
    levels = spread(places, radius=2)
    for row in range(5):
        for column in range(7):
            steps = abs(row - 2) + abs(column - 1)
            assert levels[0, row, column] == max(3 - steps, 0) / 2


def test_a_question_tells_what_it_looks_at() -> None:
    for expression in (Own("x") + 1, Nearby("x", when=[Seen("y") > 0]), Ahead("x"), Lot(), Random()):
        assert not expression.looks_at_target
    for expression in (Own("x") >= Seen("y"), ~(Seen("x") > 0), Nearby("x", of="target") + 0):
        assert expression.looks_at_target
    assert set((Nearby("x", when=[Seen("y") > Own("z")]) > 0).features()) == {
        ("kind", "x"),
        ("seen", "y"),
        ("own", "z"),
    }


def test_mistakes_in_a_script_are_one_line() -> None:
    with pytest.raises(TypeError, match=r"\(Own\('x'\) >= 1\) has no answer before a policy looks"):
        bool(Own("x") >= 1)
    for fields, message in [
        ({"kind": "a", "when": [True]}, "errand noop a: when.0 must be a condition"),
        ({"kind": "a", "when": Own("x") > 0}, "errand noop a: when must be a list"),
        (
            {"do": "eat", "when": [Seen("x") > 0]},
            "errand eat: Seen looks at a thing, so the errand needs a kind",
        ),
        ({"kind": "a", "cost": Seen("x")}, "errand noop a: the cost cannot depend on what is seen"),
        ({"kind": ["a", "b"], "patience": -1}, "errand noop a/b: patience must be 0 or more"),
        ({"onto": True}, "errand noop: onto needs a kind"),
    ]:
        with pytest.raises(ValueError, match=message):
            Errand(**fields)
