"""What is around the map: links, settings, help, toasts, the map alone, a phone."""

import pytest
from playwright.sync_api import expect

from mettagrid.builder.envs import make_arena
from tests.web.conftest import PATIENCE
from tests.web.test_playing import cell_of, click_cell

expect.set_options(timeout=PATIENCE)
GAME = make_arena(num_agents=6, combat=True)


@pytest.fixture
def branch(scope):
    branch = scope.branches.begin(GAME, "mock://random", seed=1, title="live")
    while branch.last_tick < 12:
        branch.step(1)
    return branch


def test_a_link_restores_tick_selection_and_panels_and_has_no_token(scope, branch):
    with scope.page() as page:
        scope.wait_for_tick(page, 12)
        click_cell(page, *cell_of(branch, 3))
        expect(page.locator(".play-who")).to_have_text("Agent 3")
        page.keyboard.press("g")
        page.keyboard.press("[")
        scope.wait_for_tick(page, 11)
        page.get_by_label("Copy a link to what is shown").click()
        expect(page.locator(".toasts")).to_contain_text("The link is")
        fragment = page.url.partition("#")[2]
    token = scope.url.partition("#token=")[2]
    assert token not in fragment and "token" not in fragment
    with scope.page(f"{scope.url}&{fragment}") as other:
        scope.wait_for_tick(other, 11)
        expect(other.locator(".play-who")).to_have_text("Agent 3")
        expect(other.get_by_role("button", name="grid", exact=True)).to_have_attribute("aria-pressed", "true")
        assert "token" not in other.url


def test_theme_and_sprites_are_kept(scope, branch):
    background = "getComputedStyle(document.body).backgroundColor"
    with scope.page() as page:
        light = page.evaluate(background)
        page.get_by_label("Settings").click()
        with page.expect_response(lambda answer: "palette=dark" in answer.url):
            page.get_by_label("Theme").select_option("dark")
        scope.wait_until(page, f"{background} !== '{light}'")
        dark = page.evaluate(background)
        page.reload()
        page.wait_for_selector("[data-tick]")
        assert page.evaluate(background) == dark
        page.get_by_label("Settings").click()
        with page.expect_response(lambda answer: "palette=colorblind" in answer.url):
            page.get_by_label("Sprites").select_option("colorblind")


def test_help_the_map_alone_and_a_toast_that_is_closed(scope, branch):
    with scope.page() as page:
        page.keyboard.press("?")
        expect(page.locator("dialog.help")).to_contain_text("Play or pause")
        scope.picture(page, "help")
        page.keyboard.press("Escape")
        expect(page.locator("dialog.help")).to_be_hidden()
        page.keyboard.press("F2")
        expect(page.locator(".timeline")).to_be_hidden()
        page.keyboard.press("F2")
        expect(page.locator(".timeline")).to_be_visible()
        page.keyboard.press("t")
        page.locator(".toasts .message").click()
        expect(page.locator(".toasts .message")).to_have_count(0)


def test_a_phone_shows_the_map_and_unfolds_the_panels(scope, branch):
    with scope.page(width=390, height=844) as page:
        expect(page.locator(".side")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        scope.picture(page, "phone")
        page.get_by_label("Fold or unfold the panels").click()
        expect(page.get_by_role("button", name="Take over (T)")).to_be_visible()
        scope.picture(page, "phone_panels")


def test_a_world_that_is_closed_is_gone(scope, branch):
    second = scope.branches.begin(GAME, "mock://random", seed=2, title="second")
    with scope.page() as page:
        page.get_by_label("Close second").click()
        expect(page.locator(".branches")).to_have_text("live")
    with pytest.raises(ValueError):
        scope.branches[second.number]
