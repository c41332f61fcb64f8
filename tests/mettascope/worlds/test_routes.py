import re

import numpy as np
import pytest

from metta.sim.simulate import map_seed
from mettagrid.batch import BatchEnv
from mettagrid.maps import AsciiMap, scene_forms
from mettascope.worlds.preview import grid_of
from recipes.prod import arena

FIELD = "#####\n#@.a#\n#@..#\n#####"
LEGEND = {"a": "altar"}


def preview(asker, path="/api/maps/preview", **asked):
    answer = asker.post(path, asked)
    assert answer.status == 200, answer.body
    return answer.json, np.array(answer.json["cells"]).reshape(answer.json["height"], answer.json["width"])


def refusal(asker, path, asked):
    known = [branch.number for branch in asker.branches]
    answer = asker.post(path, asked)
    assert [branch.number for branch in asker.branches] == known
    assert answer.status == 400, answer.body[:500]
    line = answer.json["error"]
    assert line and "\n" not in line and "Traceback" not in line
    return line


def test_all_recipes_are_listed_and_every_one_of_ours_can_be_shown(asker):
    recipes = asker.get("/api/recipes").json["recipes"]
    names = [recipe["name"] for recipe in recipes]
    assert {"arena", "builders", "mates"} <= set(names)
    assert all(recipe["error"] is None and recipe["makers"] for recipe in recipes)
    for name in names:
        described = asker.get(f"/api/recipes/{name}").json
        assert described["games"], name


def test_settings_tell_value_type_range_default_and_documentation(asker):
    described = asker.get("/api/recipes/arena", query_string=b"maker=play").json
    settings = {node["path"]: node for node in walk(described["settings"])}
    agents = settings["sim.env.num_agents"]
    assert agents["value"] == "24"
    assert (agents["type"], agents["range"], agents["default"]) == ("int", "1 to 65535", "1")
    assert agents["about"] == "Agents in a world."
    assert settings["sim.env.shuffle_spawns"]["choices"] == ["false", "true"]
    assert "sim.env.map.stations.altar" in settings
    assert described["tool"] == "play"
    assert described["games"] == ["sim.env"]


def walk(nodes):
    for node in nodes:
        yield node
        yield from walk(node.get("parts", []))


def test_values_of_settings_can_be_typed_back(asker):
    """What the tree shows, typed as a change, changes nothing."""
    described = asker.get("/api/recipes/arena", query_string=b"maker=play").json
    game = [node for node in walk(described["settings"]) if node["path"].startswith("sim.env.map.")]
    changes = {node["path"]: node["value"] for node in game if "parts" not in node}
    assert len(changes) > 5
    plain, same = (
        preview(asker, recipe="arena", maker="play"),
        preview(asker, recipe="arena", maker="play", changes=changes),
    )
    assert (plain[1] == same[1]).all()


@pytest.mark.parametrize("seed", [0, 7])
def test_preview_is_the_map_on_which_play_begins(asker, seed):
    game = arena.play().sim.env
    env = BatchEnv(game, map_seed=map_seed(seed))
    env.reset(seed, streams=np.array([0]))
    described, cells = preview(asker, recipe="arena", maker="play", seed=seed)
    assert (cells == grid_of(env.world(0))).all()
    assert (cells == 1).sum() == game.num_agents == described["num_agents"]
    assert described["kinds"] == game.kind_names()
    assert asker.get("/" + described["atlas"]["url"]).body.startswith(b"\x89PNG")


def test_preview_follows_changes(asker):
    changes = {"sim.env.num_agents": "5", "sim.env.map.height": "9", "sim.env.map.stations": "{altar: 3}"}
    described, cells = preview(asker, recipe="arena", maker="play", changes=changes, seed=1)
    assert cells.shape[0] == 11
    assert (cells == described["values"]["altar"]).sum() == 3
    assert (cells == 1).sum() == 5


def test_every_scene_is_listed_with_its_fields_and_drawn(asker):
    groups = asker.get("/api/scenes").json["groups"]
    scenes = [scene for group in groups for scene in group["scenes"]]
    assert sorted(scene["form"] for scene in scenes) == sorted(scene_forms())
    for scene in scenes:
        _, cells = preview(asker, "/api/maps/scene", scene=scene["form"], height=25, width=41, seed=3)
        assert cells.shape == (25, 41)
        assert scene["sentence"]


def test_scene_follows_its_fields_and_seed(asker):
    maze = {"path": "/api/maps/scene", "scene": "maze_kruskal", "height": 15, "width": 15}
    first, same, other, wide = (
        preview(asker, **maze, **more)[1]
        for more in ({"seed": 1}, {"seed": 1}, {"seed": 2}, {"seed": 1, "changes": {"corridor": "3"}})
    )
    assert (first == same).all()
    assert (first != other).any()
    assert (first != wide).any()


def test_edited_map_is_exported_played_and_read_the_same(asker, tmp_path):
    own = {"recipe": "arena", "maker": "play", "map": {"text": FIELD, "legend": LEGEND}}
    exported = asker.post("/api/maps/export", own | {"name": "small_field"}).json
    file = tmp_path / "field.yaml"
    file.write_text(exported["map_file"])
    assert AsciiMap(file=str(file)) == AsciiMap(text=FIELD, legend=LEGEND)
    read = asker.post("/api/maps/read", {"text": exported["map_file"]}).json
    assert read == {"text": FIELD, "legend": LEGEND}
    branch = asker.branches[asker.post("/api/worlds/play", own | {"seed": 4}).json["branch"]]
    assert branch.is_live
    drawn = AsciiMap(text=FIELD, legend=LEGEND).grid(branch.game.map_values())
    assert (grid_of(branch.live.view()) == drawn).all()
    assert branch.game.num_agents == 2
    assert branch.game.rules == arena.play().sim.env.rules
    asker.branches.close(branch.number)


def test_world_is_played_as_changed(asker):
    asked = {"recipe": "arena", "maker": "play", "changes": {"sim.env.max_steps": "77"}}
    branch = asker.branches[asker.post("/api/worlds/play", asked).json["branch"]]
    assert branch.game.max_steps == 77
    assert branch.game.map == arena.play().sim.env.map
    asker.branches.close(branch.number)


HOSTILE = [
    ("/api/maps/preview", b"", "JSON"),
    ("/api/maps/preview", b"[" * 100_000, "recursion|JSON|object"),
    ("/api/maps/preview", b"\xff\xfe", "JSON"),
    ("/api/maps/preview", b" " * (2 << 20), "1 MiB"),
    ("/api/maps/preview", [], "object"),
    ("/api/maps/preview", {"recipe": "arena", "more": 1}, "more"),
    ("/api/maps/preview", {"recipe": "arenna"}, "did you mean arena"),
    ("/api/maps/preview", {"recipe": "os.path"}, "no recipe"),
    ("/api/maps/preview", {"recipe": "../../etc/passwd"}, "no recipe"),
    ("/api/maps/preview", {"recipe": "arena", "maker": "simulations"}, "no maker"),
    ("/api/maps/preview", {"recipe": "arena", "maker": "__doc__"}, "no maker"),
    ("/api/maps/preview", {"recipe": "arena", "game": "sim"}, "no game"),
    ("/api/maps/preview", {"recipe": "arena", "seed": -1}, "seed"),
    ("/api/maps/preview", {"recipe": "arena", "seed": 1e300}, "seed"),
    ("/api/maps/preview", {"recipe": "arena", "changes": {"sim.env.num_agents": "many"}}, "num_agents"),
    ("/api/maps/preview", {"recipe": "arena", "changes": {"sim.env.num_agents": "60000"}}, "fit"),
    ("/api/maps/preview", {"recipe": "arena", "changes": {"sim.env.map.height": "100000"}}, "height"),
    ("/api/maps/preview", {"recipe": "arena", "changes": {"sim.env.map.file": "/etc/passwd"}}, "file"),
    ("/api/maps/preview", {"recipe": "arena", "changes": {"sim.__class__": "x"}}, "__class__"),
    ("/api/maps/preview", {"recipe": "arena", "changes": {"a" * 301: "x"}}, "changes"),
    ("/api/maps/scene", {"scene": "nothing"}, "unknown scene"),
    ("/api/maps/scene", {"scene": "caves", "height": 1024, "width": 1024}, "too large"),
    ("/api/maps/scene", {"scene": "caves", "height": 0}, "height"),
    ("/api/maps/scene", {"scene": "caves", "changes": {"form": "city"}}, "form"),
    ("/api/maps/scene", {"scene": "caves", "changes": {"wall": "<img src=x>"}}, "lower case"),
    ("/api/worlds/play", {"recipe": "arena", "map": {"text": FIELD}}, "not in the legend"),
    ("/api/worlds/play", {"recipe": "arena", "map": {"text": "#.#"}}, "no place for an agent"),
    ("/api/worlds/play", {"recipe": "arena", "map": {"text": "@\n##"}}, "row 2"),
    ("/api/worlds/play", {"recipe": "arena", "map": {"text": "@x", "legend": {"x": "dragon"}}}, "dragon"),
    ("/api/worlds/play", {"recipe": "arena", "policy_uri": "nowhere/at/all"}, "nowhere"),
    ("/api/maps/read", {"text": "a: [1"}, "map file"),
    ("/api/maps/read", {"text": "format: metta-map\nversion: 9\nmap: '@'"}, "version"),
    ("/api/maps/export", {"recipe": "arena", "map": {"text": "@"}, "name": "../x"}, "name"),
    ("/api/maps/export", {"recipe": "arena", "map": {"text": '@"', "legend": {'"': "wall"}}}, "recipe"),
]


@pytest.mark.parametrize(("path", "asked", "told"), HOSTILE)
def test_mistakes_are_one_line(asker, path, asked, told):
    assert re.search(told, refusal(asker, path, asked))
