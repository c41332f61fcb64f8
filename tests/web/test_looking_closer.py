"""The panels beside the map: each opens and shows what it is about."""

import pytest

from metta.policy.uri import load_policy
from metta.sim.record import record_episode
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.games.families import make_families
from mettagrid.games.mates import make_mates

PANELS = {
    "agents": "Agents",
    "inspector": "Inspector",
    "rules": "Rules of the game",
    "kin": "Kinship",
    "gifts": "Gifts and thefts",
    "mind": "Policy's view",
    "traces": "Traces",
}
GAMES = {
    "arena": make_arena(num_agents=6, max_steps=120),
    "families": make_families(),
    "mates": make_mates(),
}


def show(page, *panels):
    """Opens panels that are closed."""
    for panel in panels:
        button = page.locator(f'.panel-buttons button[title="{PANELS[panel]}"]')
        if button.get_attribute("aria-pressed") != "true":
            button.click()


def select(page, agent):
    show(page, "agents")
    page.locator(f'.agents tr[data-agent="{agent}"]').click()


@pytest.mark.parametrize("name", GAMES)
def test_every_panel_opens(scope, name):
    branch = scope.branches.begin(GAMES[name], "mock://scripted", seed=1, title=name)
    while branch.last_tick < 100:
        branch.step(20)
    with scope.page(height=1600) as page:
        scope.wait_for_tick(page, branch.last_tick)
        select(page, 3)
        page.keyboard.press("k")
        page.keyboard.press("j")
        show(page, *PANELS)
        page.locator(".rewards h3").wait_for()
        page.locator(".mind-facts:not(:empty)").wait_for()
        text = {panel: page.inner_text(f".panel-{panel} .panel-body") for panel in PANELS}
        scope.picture(page, f"panels-{name}")
        assert "agent 3" in text["inspector"] and "Why did this happen?" in text["inspector"]
        assert "every step" in text["rules"]
        assert ("no kinship" in text["kin"]) == (name == "arena")
        assert "Reward of agent 3" in text["gifts"]
        assert "scripted, about what agent 3 just did" in text["mind"]


def test_a_policy_is_asked_about_a_recording(scope):
    game = GAMES["arena"]
    policy = load_policy("mock://scripted", compile_game(game).spec, "cpu")
    scope.branches.open(record_episode(game, policy, seed=1, name="mock://scripted"), "a recording")
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        select(page, 2)
        show(page, "mind")
        page.get_by_text("Nobody noted").wait_for()
        page.get_by_label("address of a policy").fill("mock://random")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("random, about what agent 2 does next").wait_for()
        assert page.locator(".choices .amount").count() > 3
        page.keyboard.press("End")
        scope.wait_for_tick(page, 119)
        page.get_by_text("random, about what agent 2 does next").wait_for()


def test_the_table_sorts_and_keeps_its_columns(scope):
    scope.branches.begin(GAMES["arena"], "mock://scripted", seed=1, title="arena")
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        show(page, "agents")
        page.get_by_text("Columns").click()
        page.get_by_label("search columns").fill("attack.success")
        page.get_by_label("action.attack.success").check()
        heading = page.locator(".agents thead th", has_text="action.attack.success")
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == "descending"
        page.reload()
        page.locator('.agents [aria-sort="descending"]', has_text="action.attack.success").wait_for()
