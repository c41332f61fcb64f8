"""The sizes of 2024: what their names promise, rich and poor, and that the page tells the same."""

from pathlib import Path

import numpy as np
import pytest

from mettagrid.batch import BatchEnv
from mettagrid.games.arena import ArenaNumbers, make_arena
from mettagrid.games.arena_sizes import ARENA_SIZES, make_sized_arena
from mettagrid.maps import RandomMap

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "arena_sizes.md").read_text(encoding="utf-8")


def counts(name: str, rich: bool) -> dict[str, int]:
    drawn = make_sized_arena(name, rich).map
    assert isinstance(drawn, RandomMap)
    return drawn.stations | drawn.obstacles


@pytest.mark.parametrize("rich", [True, False])
@pytest.mark.parametrize("name", ARENA_SIZES)
def test_the_world_is_what_the_name_says(name, rich):
    env = BatchEnv(make_sized_arena(name, rich, max_steps=5), num_maps=1)
    env.reset(seed=0)
    world = env.world(0)
    assert name == f"a{env.spec.num_agents}_{world.height - 2}x{world.width - 2}"
    kinds = np.bincount(world.kinds[env.spec.num_agents :], minlength=len(env.spec.kind_names))
    standing = dict(zip(env.spec.kind_names, kinds.tolist(), strict=True))
    assert {kind: standing[kind] for kind in counts(name, rich)} == counts(name, rich)


@pytest.mark.parametrize("name", ARENA_SIZES)
def test_the_poor_can_harvest_a_fifteenth(name):
    def per_step(rich: bool) -> float:
        rests = {
            effect.amount
            for rule in make_sized_arena(name, rich).rules
            if rule.target in ("generator_red", "generator_blue") and rule.on == "use"
            for effect in rule.then
            if effect.op == "set"
        }
        things = counts(name, rich)
        return (things["generator_red"] + things["generator_blue"]) / rests.pop()

    assert per_step(True) / per_step(False) == pytest.approx(15, rel=0.05)
    others = ("altar", "charger", "wall")
    assert [counts(name, True)[kind] for kind in others] == [counts(name, False)[kind] for kind in others]


@pytest.mark.parametrize("settings", [{}, {"combat": False, "shaped": True}, {"rich": False}])
def test_the_rules_are_those_of_the_arena(settings):
    sized = make_sized_arena("a5_25x25", **settings)
    others = {name: value for name, value in settings.items() if name != "rich"}
    numbers = ArenaNumbers() if settings.get("rich", True) else ArenaNumbers(generator_cooldown=50)
    plain = make_arena(numbers=numbers, **others)
    assert (sized.rules, sized.verbs, sized.variables) == (plain.rules, plain.verbs, plain.variables)


def test_an_unknown_size_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match=r"no arena size 'a20_40x41'; did you mean a20_40x40"):
        make_sized_arena("a20_40x41")


def test_the_page_has_the_sizes():
    for name, size in ARENA_SIZES.items():
        rich, poor = (
            things["generator_red"] + things["generator_blue"]
            for things in (counts(name, True), counts(name, False))
        )
        row = [f"`{name}`", size.num_agents, f"{size.size[0]} x {size.size[1]}", size.altars, size.chargers]
        cells = " | ".join(str(cell) for cell in [*row, rich, poor, size.walls])
        assert f"| {cells} |" in PAGE
