from pathlib import Path

import pytest

from metta.policy.uri import load_policy
from metta.sim.record import record_episode
from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.replay_file import write_replay
from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.viewer import Viewer
from tests.mettascope.server.asking import ask

GAME = make_arena(num_agents=4, max_steps=20)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    policy = load_policy("mock://random", compile_game(GAME).spec, "cpu")
    replay = record_episode(GAME, policy, seed=1, name="mock://random")
    return write_replay(tmp_path_factory.mktemp("replay") / "x.replay", replay).read_bytes()


@pytest.fixture
def folder(tmp_path: Path, content: bytes) -> Path:
    folder = tmp_path / "replays"
    (folder / "inner").mkdir(parents=True)
    for path in (folder / "one.replay", folder / "inner" / "two.replay", tmp_path / "secret.replay"):
        path.write_bytes(content)
    (folder / "broken.replay").write_bytes(b"words")
    (folder / "notes.txt").write_text("words")
    (folder / "link.replay").symlink_to(tmp_path / "secret.replay")
    return folder


def test_the_list_has_the_replay_files_of_the_folder_only(folder: Path) -> None:
    app = create_app(Viewer(Branches()), folder)
    names = ask(app, "/api/replays").json["replays"]
    assert sorted(names) == ["broken.replay", "inner/two.replay", "one.replay"]
    assert ask(create_app(Viewer(Branches())), "/api/replays").json == {"replays": []}


def test_a_file_of_the_list_is_opened_and_no_other(folder: Path) -> None:
    branches = Branches()
    app = create_app(Viewer(branches), folder)
    opened = ask(app, "/api/replays/open", "POST", query_string=b"name=inner/two.replay")
    assert branches[opened.json["branch"]].last_tick == 19
    for name in (
        "../secret.replay",
        "link.replay",
        "notes.txt",
        "",
        "one.replay/../one.replay",
        "/etc/passwd",
    ):
        answer = ask(app, "/api/replays/open", "POST", query_string=f"name={name}".encode())
        assert answer.status == 400 and "there is no replay" in answer.json["error"], name
    broken = ask(app, "/api/replays/open", "POST", query_string=b"name=broken.replay")
    assert broken.status == 400 and "broken.replay" in broken.json["error"]
    assert len(list(branches)) == 1


def test_looks_and_atlas_come_in_every_palette_and_no_other() -> None:
    branches = Branches()
    branches.begin(GAME, "mock://noop", seed=1, title="arena")
    app = create_app(Viewer(branches))
    light, dark = (
        ask(app, "/api/branches/1/looks", query_string=f"palette={name}".encode())
        for name in ("light", "dark")
    )
    assert light.json["colors"] != dark.json["colors"] and light.json["kinds"] != []
    pictures = {
        ask(app, "/api/branches/1/atlas.png", query_string=f"palette={name}".encode()).body
        for name in ("light", "dark", "contrast", "colorblind")
    }
    assert len(pictures) == 4
    assert ask(app, "/api/branches/1/looks", query_string=b"palette=darc").status == 400
