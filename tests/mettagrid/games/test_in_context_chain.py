"""The rules of the in-context chain: what converters take and give, and the order that each episode draws."""

from collections import Counter
from math import perm
from pathlib import Path
from typing import Any

import pytest

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.in_context_chain import (
    CHAIN_TASKS,
    MOST_ORDERS,
    ChainNumbers,
    all_orders,
    converter_names,
    make_in_context_chain,
)
from mettagrid.maps import AsciiMap
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "in_context_chain.md").read_text(encoding="utf-8")
LEGEND = {str(number): f"converter_{number}" for number in range(1, 6)}
ORDER = [4, 2, 5]
HUB = ".4.\n2@5\n.1."  # everything is beside the agent, but converter 3


def game_on(text: str = HUB, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The rules on a drawn map; converter k is the character k."""
    chosen = ChainNumbers(**(numbers or {}))
    settings = {"order": ORDER} | settings
    game = make_in_context_chain(text.count("@"), numbers=chosen, **settings)
    return game.override_all({"map": AsciiMap(text=text, legend=LEGEND), "shuffle_spawns": False})


def use(play: Play, *ways: str) -> Play:
    """Turns and uses what is there."""
    for way in ways:
        play.do(f"move_{way}").do("use")
    return play


def test_the_order_makes_a_heart():
    play = use(Play(game_on()), "north")
    assert (play.has("item"), play.sees()[0, 0]["item"], play.sees()[-1, 0]["cooldown"]) == (1, 1, 4)
    assert use(play, "west").has("item") == 2
    assert use(play, "east").has("item") == 0
    assert (play.has("heart"), play.reward()) == (1, 1)
    use(play, "north", "west", "east")
    assert (play.has("heart"), play.count("heart.gained")) == (2, 2)


@pytest.mark.parametrize("ways", [["west"], ["east"], ["north", "east"], ["north", "west", "north"]])
def test_a_wrong_item_is_left_alone(ways):
    play = use(Play(game_on(numbers={"cooldown": 0})), *ways[:-1])
    item = play.has("item")
    assert use(play, ways[-1]).has("item") == item
    assert (play.has("heart"), play.count("item.wasted")) == (0, 0)


def test_a_distractor_eats():
    play = use(Play(game_on()), "south")
    assert play.count("action.use.failed") == 1, "nothing is no food"
    use(play, "north", "south")
    assert (play.has("item"), play.count("item.wasted"), play.sees()[1, 0]["cooldown"]) == (0, 1, 4)


def test_a_converter_rests():
    play = use(Play(game_on("4\n@\n1")), "north").do("move_south").do("use")
    assert play.has("item") == 0
    play.do("move_north").do("use")
    assert play.has("item") == 1
    play = use(Play(game_on("4@", {"length": 1, "distractors": 4}, order=[4])), "west")
    assert play.do("use", times=3).has("heart") == 1
    assert play.do("use").has("heart") == 2


def test_right_steps_are_shaped():
    play = Play(game_on(shaped=True))
    assert [use(play, way).reward() for way in ("north", "west", "east", "south")] == pytest.approx(
        [0.05, 0.05, 1, 0]
    )


def test_everybody_has_an_item_of_its_own():
    play = Play(game_on(".4.\n2@5\n.@.")).do("move_north").do("use")
    assert [play.has("item", agent) for agent in (0, 1)] == [1, 0]
    assert play.sees(1)[-1, 0]["item"] == 1, "and sees that of others"


# Orders


def drawn_order(env: BatchEnv) -> tuple[int, ...]:
    """The converters of the chain that this episode has, in their order."""
    world = env.world(0)
    stage = env.spec.variable_names.index("stage")
    places = {
        int(world.variables[i, stage]): int(env.spec.kind_names[kind].removeprefix("converter_"))
        for i, kind in enumerate(world.kinds)
        if env.spec.kind_names[kind].startswith("converter_") and world.variables[i, stage] > 0
    }
    return tuple(places[number] for number in sorted(places))


def test_every_episode_draws_an_order_and_all_come():
    numbers = ChainNumbers(length=2, distractors=1)
    env = BatchEnv(make_in_context_chain(numbers=numbers, max_steps=1), num_maps=1)
    env.reset(0)
    drawn = Counter()
    for _ in range(120):
        drawn[drawn_order(env)] += 1
        env.step()
    assert drawn.keys() == {tuple(order) for order in all_orders(numbers)}
    assert len(drawn) == 6
    assert min(drawn.values()) > 5


def test_nothing_tells_the_order():
    """Two orders look alike until something is used."""
    plays = [Play(game_on(order=order)) for order in (ORDER, [1, 3, 2])]
    for action in ("noop", "move_north", "move_south"):
        first, second = (play.do(action).env.observations.tolist() for play in plays)
        assert first == second
    assert not {"stage", "own:stage", "param:order"} & set(plays[0].spec.feature_names)


@pytest.mark.parametrize(("length", "distractors"), [(1, 0), (2, 1), (3, 2), (4, 3), (7, 5)])
def test_orders_are_different_and_at_most_so_many(length, distractors):
    numbers = ChainNumbers(length=length, distractors=distractors)
    orders = all_orders(numbers)
    assert len(orders) == min(MOST_ORDERS, perm(length + distractors, length))
    assert len({tuple(order) for order in orders}) == len(orders)
    for order in orders:
        assert len(set(order)) == length
        assert set(order) <= set(range(1, len(converter_names(numbers)) + 1))


@pytest.mark.parametrize("order", [[1, 2], [1, 1, 2], [1, 2, 6], [0, 1, 2], []])
def test_a_wrong_order_is_refused(order):
    with pytest.raises(ValueError, match=r"order: must be 3 different numbers within 1\.\.5"):
        make_in_context_chain(order=order)


def test_too_many_agents_are_refused():
    with pytest.raises(ValueError, match="1 to 4 agents"):
        make_in_context_chain(5)


def test_the_page_tells_the_numbers():
    fields = ChainNumbers.model_fields.items()
    rows = [f"| `{name}` | {field.default} | {field.description} |" for name, field in fields]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/in_context_chain.md needs these rows:\n" + "\n".join(missing)


def test_named_tasks_say_their_numbers_in_their_names():
    assert len(CHAIN_TASKS) == 12
    for name, task in CHAIN_TASKS.items():
        game = make_in_context_chain(task=name)
        length, sinks = int(name[0]), int(name[3])
        assert len([kind for kind in game.objects if kind.startswith("converter")]) == length + sinks
        assert task.settings == {"length": length, "distractors": sinks}
        assert game.max_steps == (256 if length + sinks <= 4 else 512)
        assert (
            f"| `{name}` | {task.map.shape[1]} x {task.map.shape[0]} | {task.max_steps} | {task.tests} |"
            in PAGE
        )
