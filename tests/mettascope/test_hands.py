from collections.abc import Iterator
from pathlib import Path

import pytest

from mettagrid.builder.envs import make_arena
from mettascope.branches import Branches
from mettascope.hands import Hands
from mettascope.viewer import Viewer
from tests.mettascope.page_driver import Pages, served

GAME = make_arena(num_agents=4)


@pytest.fixture
def branches() -> Branches:
    branches = Branches()
    branches.begin(GAME, "mock://noop", seed=3, title="arena")
    return branches


@pytest.fixture
def pages(branches: Branches, tmp_path: Path) -> Iterator[Pages]:
    with served(Viewer(branches), tmp_path) as pages:
        yield pages


def choices(news: dict) -> dict[int, list[int]]:
    return {mine["agent"]: mine["actions"] for mine in news["mine"]}


def test_who_takes_an_agent_learns_what_it_can_choose(pages: Pages, branches: Branches) -> None:
    with pages.open() as page:
        page.ask("take", branch=1, agent=2)
        told = choices(page.hear("hands"))
        assert told == {2: branches[1].live.mask(2)} and 0 in told[2]
        assert page.hear("state")["hands"] == [2]


def test_an_action_steps_a_world_that_stands_still_and_is_what_the_agent_does(
    pages: Pages, branches: Branches
) -> None:
    with pages.open() as page:
        page.ask("take", branch=1, agent=2)
        action = next(number for number in choices(page.hear("hands"))[2] if number > 0)
        page.ask("act", branch=1, agent=2, action=action)
        while page.hear("state")["last_tick"] < 1:
            pass
        replay = branches[1].replay()
        assert replay.num_ticks == 1 and replay.actions[0].tolist() == [0, 0, action, 0]


def test_two_people_play_two_agents_and_cannot_take_each_others(pages: Pages) -> None:
    with pages.open() as one, pages.open() as two:
        one.ask("take", branch=1, agent=0)
        one.hear("state")
        assert two.refusal("take", branch=1, agent=0) == "agent 0 is played by somebody else"
        assert "not yours" in two.refusal("act", branch=1, agent=0, action=1)
        two.ask("take", branch=1, agent=3)
        assert list(choices(two.hear("hands"))) == [3]
        two.ask("watch", branch=1)
        assert two.hear("branch")["hands"] == [0, 3]


def test_agents_are_free_again_when_their_player_leaves(pages: Pages) -> None:
    with pages.open() as stays:
        with pages.open() as leaves:
            leaves.ask("take", branch=1, agent=0)
            leaves.hear("hands")
            assert stays.hear("state")["hands"] == [0]
        assert stays.hear("state")["hands"] == []
        stays.ask("take", branch=1, agent=0)
        assert list(choices(stays.hear("hands"))) == [0]


def test_who_gives_an_agent_back_is_told_that_none_is_left(pages: Pages) -> None:
    with pages.open() as page:
        page.ask("take", branch=1, agent=0)
        page.hear("hands")
        page.ask("release", branch=1, agent=0)
        assert page.hear("hands")["mine"] == []


def test_hands_stay_when_the_episode_begins_anew_and_go_when_the_branch_is_closed(
    pages: Pages, branches: Branches
) -> None:
    with pages.open() as page:
        page.ask("take", branch=1, agent=1)
        page.hear("hands")
        page.ask("restart", branch=1, seed=9)
        page.hear("branches")
        assert branches[1].live.hands == {1} and branches[1].replay().origin.seed == 9
        page.ask("act", branch=1, agent=1, action=1)
        assert page.hear("state")["last_tick"] == 1
        page.ask("close", branch=1)
        assert page.hear("hands")["mine"] == []
        assert page.hear("branches")["branches"] == []


@pytest.mark.parametrize(
    "question",
    [
        {"do": "take", "agent": 0},
        {"do": "act", "agent": 0, "action": 1},
        {"do": "seat", "policy_uri": "mock://random", "agents": [0]},
        {"do": "copy_memory", "agent": 0, "source": 1},
        {"do": "restart"},
        {"do": "fork", "tick": 0},
    ],
)
def test_who_may_only_look_changes_nothing(pages: Pages, branches: Branches, question: dict) -> None:
    before = branches[1].live
    with pages.open(may_control=False) as page:
        assert "may only look" in page.refusal(branch=1, **question)
    assert branches[1].live is before and before.hands == frozenset() and len(list(branches)) == 1


def test_a_recording_and_an_agent_that_does_not_exist_are_refused_and_stay_free(pages: Pages) -> None:
    with pages.open() as page:
        assert "agent 4 does not exist" in page.refusal("take", branch=1, agent=4)
        assert "agent 4 does not exist" in page.refusal("take", branch=1, agent=4)


def test_news_are_told_once_to_each_owner() -> None:
    hands: Hands[str] = Hands()
    one, two = "one", "two"
    hands.take(1, 0, one)
    hands.take(1, 5, one)
    hands.take(1, 3, two)
    choices = {0: [0, 1], 3: [0], 5: [0, 2]}
    assert dict(hands.news(1, choices)) == {one: [(0, [0, 1]), (5, [0, 2])], two: [(3, [0])]}
    assert list(hands.news(1, choices)) == []
    assert dict(hands.news(1, choices | {3: [0, 4]})) == {two: [(3, [0, 4])]}
    assert hands.part(one) == [(1, 0), (1, 5)]
    assert list(hands.news(1, choices | {3: [0, 4]})) == []


def test_seats_are_told_to_those_who_watch(pages: Pages) -> None:
    with pages.open() as page:
        page.ask("seat", branch=1, policy_uri="mock://random", agents=[1, 2])
        assert page.hear("seats")["seats"] == ["mock://noop", "mock://random", "mock://random", "mock://noop"]
