import pytest

from metta.policy.uri import load_policy
from metta.sim.record import record_episode
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game

GAME = make_arena(num_agents=6, max_steps=300)


@pytest.fixture(scope="session")
def replay():
    policy = load_policy("mock://scripted", compile_game(GAME).spec, "cpu")
    return record_episode(GAME, policy, seed=1, name="mock://scripted")


def test_a_replay_is_played_and_searched(scope, replay):
    scope.branches.open(replay, "an episode")
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        page.keyboard.press("End")
        scope.wait_for_tick(page, 299)
        page.keyboard.press("[")
        scope.wait_for_tick(page, 298)
        page.get_by_label("tick", exact=True).fill("123")
        scope.wait_for_tick(page, 123)
        page.keyboard.press("Space")
        scope.wait_until(page, "+document.querySelector('.map').dataset.tick > 127")
        page.keyboard.press("Space")
        scope.picture(page, "replay")


def test_a_live_world_goes_on_stands_still_and_steps(scope):
    branch = scope.branches.begin(GAME, "mock://scripted", seed=1, title="live")
    with scope.page() as page:
        scope.wait_for_tick(page, 0)
        page.keyboard.press("]")
        scope.wait_for_tick(page, 1)
        page.keyboard.press("Space")
        scope.wait_until(page, "+document.querySelector('.map').dataset.tick > 5")
        page.keyboard.press("Space")
        scope.wait_until(
            page, "document.querySelector('.timeline [title^=Play] svg').dataset.icon === 'play'"
        )
        scope.wait_for_tick(page, branch.last_tick)


def test_those_who_only_watch_cannot_let_it_go_on(scope):
    branch = scope.branches.begin(GAME, "mock://scripted", seed=1, title="live")
    with scope.page(scope.watch_url) as page:
        scope.wait_for_tick(page, 0)
        page.keyboard.press("]")
        page.wait_for_selector(".message:not([hidden])")
        assert "may only look" in page.inner_text(".message")
    assert branch.last_tick == 0
