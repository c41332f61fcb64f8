from dataclasses import replace

from rich.console import Console

from mettagrid.render.scene import Scene, Thing
from mettagrid.render.text import agent_table, scene_text, status_text

AGENT = Thing("agent", "agent", 1, 1, agent=0, heading=1, energy=0.5, carried=(("diamond_red", 2),))
SCENE = Scene(
    tick=7,
    height=2,
    width=3,
    things=(
        Thing("wall", "wall", 0, 0),
        Thing("gem", "generator_red", 0, 1),
        Thing("bolt", "charger", 0, 2),
        AGENT,
    ),
    num_agents=1,
    hearts=3,
    title="arena",
)


def test_the_map_has_two_columns_for_each_cell():
    assert scene_text(SCENE).plain == "▒▒◆ ϟ \n· ▶ · "


def test_agents_show_shield_mark_and_ice():
    def cell(**changes: object) -> str:
        agent = replace(AGENT, **changes)
        return scene_text(replace(SCENE, things=(agent,))).plain.split("\n")[1][2:4]

    assert cell(heading=0) == "▲ "
    assert cell(shield=True) == "▶)"
    assert cell(mark=1) == "▶•"
    assert cell(frozen=4) == "❄ "


def test_the_table_tells_energy_state_cargo_and_return():
    console = Console(width=120)
    with console.capture() as capture:
        console.print(agent_table(replace(SCENE, things=(replace(AGENT, shield=True),)), {0: 1.25}))
    for word in ("50%", "shield", "diamond_red:2", "1.25"):
        assert word in capture.get()


def test_the_status_line_tells_tick_and_hearts():
    assert status_text(SCENE, 1000).plain == "arena  tick 7/1000  ♥ 3 (3.00 per agent)"
