"""Playing by hand in the page: taking over, keys, targets, several people."""

import pytest
from playwright.sync_api import Page, expect

from mettagrid.builder.envs import make_arena
from tests.web.conftest import PATIENCE

expect.set_options(timeout=PATIENCE)
GAME = make_arena(num_agents=6, combat=True)


@pytest.fixture
def branch(scope):
    return scope.branches.begin(GAME, "mock://noop", seed=1, title="live")


def click_cell(page: Page, row: float, column: float) -> None:
    """Clicks a cell of a map that is shown whole."""
    box = page.locator(".map").first.bounding_box()
    height, width = GAME.map.shape
    scale = min(box["width"] / width, box["height"] / height) * 0.98
    x = box["width"] / 2 + (column + 0.5 - width / 2) * scale
    y = box["height"] / 2 + (row + 0.5 - height / 2) * scale
    page.locator(".map canvas").first.click(position={"x": x, "y": y})


def cell_of(branch, agent: int) -> tuple[int, int]:
    return divmod(int(branch.live.view().cells[agent]), GAME.map.shape[1])


def take(page: Page, branch, agent: int) -> None:
    click_cell(page, *cell_of(branch, agent))
    expect(page.locator(".play-who")).to_have_text(f"Agent {agent}")
    page.keyboard.press("t")
    expect(page.locator('.panel-play .chip[aria-pressed="true"]')).to_have_text(str(agent))


def action_names(branch, agent: int) -> list[str]:
    replay = branch.replay()
    return [replay.action_names[actions[agent]] for actions in replay.actions[: replay.num_ticks]]


def test_an_agent_is_steered_by_keys(scope, branch):
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        take(page, branch, 2)
        scope.picture(page, "play_by_hand")
        for tick, key in enumerate(["d", "ArrowUp", "Numpad4", "Shift+S", "e", "x"], start=1):
            page.keyboard.press(key)
            scope.wait_for_tick(page, tick)
        page.keyboard.press("t")
        expect(page.get_by_role("button", name="Take over (T)")).to_be_enabled()
    moves = ["move_east", "move_north", "move_west", "turn_south", "use", "noop"]
    assert action_names(branch, 2) == moves
    assert action_names(branch, 1) == ["noop"] * len(moves)


def test_a_target_is_chosen_by_key_and_by_click(scope, branch):
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        take(page, branch, 0)
        row, column = cell_of(branch, 0)
        page.keyboard.press("Shift+W")
        scope.wait_for_tick(page, 1)
        page.keyboard.press("z")
        scope.picture(page, "play_targets")
        page.keyboard.press("5")
        scope.wait_for_tick(page, 2)
        page.keyboard.press("z")
        click_cell(page, row - 3, column - 1)
        scope.wait_for_tick(page, 3)
    assert action_names(branch, 0) == ["turn_north", "attack_5", "attack_7"]


def test_two_people_and_one_who_watches(scope, branch):
    with scope.page() as one, scope.page() as two, scope.page(scope.watch_url) as three:
        for page in (one, two, three):
            scope.wait_for_tick(page, 0)
        take(one, branch, 0)
        take(one, branch, 1)
        one.locator("canvas").first.focus()
        one.keyboard.press("Tab")
        expect(one.locator(".play-who")).to_have_text("Agent 0")
        click_cell(two, *cell_of(branch, 0))
        expect(two.locator(".reason")).to_have_text("Agent 0 is played by somebody else.")
        take(two, branch, 3)
        two.keyboard.press("d")
        scope.wait_for_tick(one, 1)
        three.get_by_role("button", name="Play", exact=True).click()
        click_cell(three, *cell_of(branch, 4))
        expect(three.locator(".panel-play .reason")).to_contain_text("may only watch")
        expect(three.get_by_role("button", name="Take over (T)")).to_be_disabled()
    assert action_names(branch, 3) == ["move_east"]


def test_a_fork_stands_beside_its_parent_and_both_go_on_at_one_tick(scope, branch):
    while branch.last_tick < 10:
        branch.step(1)
    with scope.page() as page:
        scope.wait_for_tick(page, branch.last_tick)
        page.locator(".timeline").get_by_label("Step back ([)").click()
        page.get_by_role("button", name="Fork", exact=True).click()
        page.get_by_label("changes of the rules").first.fill("verbs.move.pri")
        page.get_by_label("changes of the rules").first.press("End")
        page.locator(".offer").first.click()
        page.keyboard.type("3")
        page.get_by_role("button", name="Fork at tick").click()
        expect(page.locator(".map")).to_have_count(2)
        fork = next(other for other in scope.branches if other.parent == branch.number)
        assert fork.game.verbs["move"].price == 3 and fork.first_tick == branch.last_tick - 1
        ticks = "[...document.querySelectorAll('.map')].map(map => +map.dataset.tick)"
        scope.wait_until(page, f"{ticks}.every(tick => tick === {fork.first_tick})")
        scope.picture(page, "fork")
        page.keyboard.press("Home")
        expect(page.locator(".pane-label em").last).to_contain_text("before the fork")
        scope.wait_until(page, f"{ticks}.every(tick => tick === 0)")
        page.keyboard.press("Space")
        scope.wait_until(page, f"{ticks}.every(tick => tick > {branch.last_tick + 3})")
        page.keyboard.press("Space")
        scope.wait_until(
            page, "document.querySelector('.timeline [title^=Play] svg').dataset.icon === 'play'"
        )
        scope.wait_until(page, f"new Set({ticks}).size === 1")
        page.get_by_label("Close this pane").last.click()
        expect(page.locator(".map")).to_have_count(1)


def test_another_world_is_begun_and_an_episode_begins_anew(scope, branch):
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        page.get_by_role("button", name="World", exact=True).click()
        page.get_by_role("button", name="New seed").click()
        expect(page.locator(".panel-session p").first).not_to_contain_text("seed 1,")
        page.get_by_label("seed", exact=True).first.fill("77")
        page.get_by_role("button", name="This seed").click()
        expect(page.locator(".panel-session p").first).to_contain_text("seed 77,")
        page.locator(".new-world summary").click()
        page.get_by_label("recipe", exact=True).select_option(label="cooperation")
        page.get_by_role("button", name="Begin this world").click()
        expect(page.locator(".panel-session p").first).to_contain_text("cooperation, seed 0")
        scope.picture(page, "new_world")
    assert [other.game.name for other in scope.branches] == ["arena", "cooperation"]
