"""Archives in a real browser: dropped on the page, and saved as a page of their own that needs no server."""

import base64

import pytest

from metta.policy.uri import load_policy
from metta.sim.record import record_episode
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.replay_file import write_replay
from mettascope.archive import bake, pack_archive
from mettascope.archive.page import saved_page
from mettascope.notebook import show
from mettascope.original import open_original
from mettascope.server.page_build import find_page
from tests.mettascope.original.samples import packed, version_3

_DROP = """([name, data]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer }));
}"""


def drop(page, name, data):
    page.evaluate(_DROP, [name, base64.b64encode(data).decode()])


@pytest.fixture(scope="session")
def replay():
    game = make_arena(num_agents=6, max_steps=120)
    policy = load_policy("mock://scripted", compile_game(game).spec, "cpu")
    return record_episode(game, policy, seed=1, name="mock://scripted")


def test_files_that_are_dropped_are_opened_here_or_by_the_server(scope, replay, tmp_path):
    scope.branches.open(replay, "first")
    with scope.page() as page:
        drop(page, "mine.baked", pack_archive(bake(replay)))
        page.wait_for_selector(".branches button:has-text('mine.baked')[aria-pressed=true]")
        page.keyboard.press("End")
        scope.wait_for_tick(page, replay.last_tick)
        drop(page, "mine.replay", write_replay(tmp_path / "x.replay", replay).read_bytes())
        page.wait_for_selector(".branches button:has-text('mine.replay')[aria-pressed=true]")
        drop(page, "broken.baked", b"PK")
        page.wait_for_selector(".message:has-text('broken.baked: it is no zip, or has been cut')")


def test_a_saved_page_shows_its_episode_without_a_server(scope, replay, tmp_path):
    path = tmp_path / "episode.html"
    path.write_text(saved_page(find_page(), pack_archive(bake(replay)), "an <i>episode</i>"))
    with scope.page(path.as_uri()) as page:
        assert page.title() == "an <i>episode</i>"
        page.keyboard.press("End")
        scope.wait_for_tick(page, replay.last_tick)
        page.keyboard.press("[")
        scope.wait_for_tick(page, replay.last_tick - 1)
        scope.picture(page, "saved-page")


def test_a_replay_of_the_original_is_shown_by_itself_and_in_a_notebook(scope, tmp_path):
    archive = open_original(packed(version_3()), "old.json.z")
    scope.branches.keep_archive(pack_archive(archive), "old.json.z")
    with scope.page() as page:
        page.wait_for_selector(".branches button:has-text('old.json.z')[aria-pressed=true]")
        page.keyboard.press("End")
        scope.wait_for_tick(page, 4)
        scope.picture(page, "original")
        cell = tmp_path / "cell.html"
        cell.write_text(f"<!doctype html><h1>A cell</h1>{show(archive)._repr_html_()}")
        page.goto(cell.as_uri())
        page.frame_locator("iframe").locator('.map[data-tick="0"]').wait_for()
