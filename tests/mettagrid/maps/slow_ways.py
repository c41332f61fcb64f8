"""A slow, obvious second opinion on which cells of a map agents can walk to."""

import numpy as np


def slow_regions(grid: np.ndarray) -> list[set[tuple[int, int]]]:
    """The regions of open cells, by walking from each cell."""
    height, width = grid.shape
    left = {(r, c) for r in range(height) for c in range(width) if grid[r, c] % 256 <= 1}
    regions = []
    while left:
        region, queue = set(), [left.pop()]
        while queue:
            row, column = queue.pop()
            region.add((row, column))
            for cell in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if cell in left:
                    left.remove(cell)
                    queue.append(cell)
        regions.append(region)
    return regions


def is_reached(grid: np.ndarray, stations: set[int]) -> bool:
    """Whether the region of the first agent holds all agents and touches all stations."""
    agents = [tuple(cell) for cell in np.argwhere(grid % 256 == 1)]
    home = next(region for region in slow_regions(grid) if agents[0] in region)
    sides = ((-1, 0), (1, 0), (0, -1), (0, 1))
    touched = [
        any((row + r, column + c) in home for r, c in sides)
        for row, column in np.argwhere(np.isin(grid % 256, list(stations)))
    ]
    return all(agent in home for agent in agents) and all(touched)
