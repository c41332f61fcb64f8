import numpy as np
import pytest

from mettagrid.builder.envs import make_arena
from mettagrid.maps import AsciiMap
from mettascope.worlds.preview import grid_of

DRAWING = "c: charger\na: altar\n\n#######\n#@...c#\n#..a..#\n#@....#\n#######"
EDITED = "#######\n#@...c#\n#..@..#\n#@....#\n#######"  # the altar in the middle has become an agent


@pytest.fixture
def worlds(scope):
    """The worlds page with the first recipe's map."""
    scope.branches.begin(make_arena(num_agents=6), "mock://random", seed=1, title="arena")
    with scope.page() as page:
        page.get_by_role("button", name="Worlds").click()
        page.wait_for_selector(".worlds-map[data-cells]")
        yield page


def drawing(page):
    return page.get_by_label("text to copy").input_value()


def test_edited_map_is_played(scope, worlds):
    page = worlds
    assert "page=worlds" in page.url
    page.get_by_role("tab", name="Drawing").click()
    page.get_by_label("text to copy").fill(DRAWING)
    page.get_by_role("button", name="Use this text").click()
    scope.wait_until(page, "document.querySelector('.worlds-check').textContent.includes('2 places')")
    page.locator("[data-brush=agent]").click()
    page.locator(".worlds-map canvas").click()  # its middle
    scope.wait_until(page, "document.querySelector('.worlds-check').textContent.includes('3 places')")
    assert drawing(page).endswith(EDITED)
    page.keyboard.press("Control+z")
    scope.wait_until(page, "document.querySelector('.worlds-check').textContent.includes('2 places')")
    assert drawing(page).endswith(DRAWING)
    page.keyboard.press("Control+y")
    scope.wait_until(page, "document.querySelector('.worlds-check').textContent.includes('3 places')")
    scope.picture(page, "worlds")
    page.get_by_role("button", name="Play it").click()
    page.wait_for_selector('.panes .map[data-tick="0"]')
    branch = scope.branches[2]
    drawn = AsciiMap(text=EDITED, legend={"c": "charger"}).grid(branch.game.map_values())
    assert np.array_equal(grid_of(branch.live.view()), drawn)
    assert page.locator('.branches [aria-pressed="true"]').inner_text().startswith("arena")
    assert "page=" not in page.url
