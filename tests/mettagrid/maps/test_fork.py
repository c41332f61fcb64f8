"""The fork: the cue stands on the side of the prize, whichever way it points, and the other arm is empty."""

import numpy as np
import pytest

from mettagrid.maps import Fork, draw_grid

VALUES = {"empty": 0, "agent": 1, "wall": 2, "landmark": 3, "altar": 4, "mine": 5, "generator": 6}


def place(grid: np.ndarray, name: str) -> np.ndarray:
    found = np.argwhere(grid == VALUES[name])
    assert len(found) == 1, name
    return found[0]


def steps(grid: np.ndarray, start: np.ndarray, goal: np.ndarray) -> int:
    """Steps from a cell to one beside the goal."""
    open_cells = {tuple(cell) for cell in np.argwhere((grid == 0) | (grid == 1)).tolist()}
    ring, seen = {tuple(start.tolist())}, set()
    for count in range(1000):
        if any(abs(row - goal[0]) + abs(column - goal[1]) == 1 for row, column in ring):
            return count
        seen |= ring
        ring = {
            (r + dr, c + dc) for r, c in ring for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0))
        } & open_cells - seen
    raise AssertionError("no way")


@pytest.mark.parametrize("seed", range(20))
def test_the_cue_is_on_the_side_of_the_prize(seed):
    grid = draw_grid(Fork(stem=10, arm=4, rise=5, passed=["mine", "generator"]), 25, 25, seed, VALUES)
    agent, cue, prize = (place(grid, name) for name in ("agent", "landmark", "altar"))
    apart = np.abs(prize - agent)
    assert sorted(apart.tolist()) == [4, 10 + 5]
    aside = int(apart.argmin())
    assert (cue - agent)[aside] == np.sign(prize - agent)[aside]
    assert steps(grid, agent, prize) == 10 + 4 + 5 - 1
    for name in ("mine", "generator"):
        assert steps(grid, agent, place(grid, name)) < 10


def test_all_ways_and_both_sides_come():
    maps = {draw_grid(Fork(), 25, 25, seed, VALUES).tobytes() for seed in range(60)}
    assert len(maps) == 8, "side and mirroring are the same: four directions, two sides"
    upright = {draw_grid(Fork(turned=False), 25, 25, seed, VALUES).tobytes() for seed in range(20)}
    assert len(upright) == 2


@pytest.mark.parametrize(
    ("fork", "message"),
    [
        (Fork(stem=30), "a fork of 38 x 11 cells does not fit into 25 x 25 cells"),
        (Fork(stem=4, passed=["mine", "mine"]), "a stem of 4 cells is too short for 2 niches"),
    ],
)
def test_what_does_not_fit_is_refused(fork, message):
    with pytest.raises(ValueError, match=message):
        draw_grid(fork, 25, 25, 0, VALUES)
