"""The rules of the arena of mid-2025: each station, attacks, armor, swapping, what shaping pays, limits."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.arena_basic_easy_shaped import (
    BUCKETS,
    ITEMS,
    STATIONS,
    EasyShapedNumbers,
    ItemRewards,
    MostRewarded,
    make_arena_basic_easy_shaped,
)
from mettagrid.maps import AsciiMap, RandomMap
from mettagrid.rules import Add, Reward, Set, Take
from tests.mettagrid.play import Play

PAGE = (Path(__file__).parents[3] / "docs" / "games" / "arena_basic_easy_shaped.md").read_text(
    encoding="utf-8"
)
LEGEND = {
    "m": "mine_red", "g": "generator_red", "a": "altar", "l": "lasery", "y": "armory", "X": "border",
}  # fmt: skip
FACE_TO_FACE = """
    @
    @
"""  # agent 1 looks north, at agent 0
ATTACKS = [f"attack_{number}" for number in range(1, 10)]
CHAIN = [("g", "ore_red", "battery_red"), ("a", "battery_red", "heart")]


def game_on(text: str, numbers: dict[str, Any] | None = None, **settings: Any) -> GameConfig:
    """The game's rules on a drawn map; agent i starts at the i-th `@`, looking north, with its `starts`."""
    starts = settings.pop("starts", {})
    chosen = EasyShapedNumbers(**(numbers or {}))
    game = make_arena_basic_easy_shaped(num_agents=text.count("@"), numbers=chosen, **settings)
    drawing = AsciiMap(text=text, legend=LEGEND)
    return game.override_all({"map": drawing, "shuffle_spawns": False, "starts": starts})


def at_station(station: str, numbers: dict[str, Any] | None = None, **settings: Any) -> Play:
    return Play(game_on(f"{station}\n@", numbers, **settings))


def items(play: Play, agent: int = 0) -> dict[str, int]:
    """What an agent carries, without what it has none of."""
    held = {name: play.has(name, agent) for name in (*ITEMS, "heart")}
    return {name: amount for name, amount in held.items() if amount}


# Stations


def test_a_mine_gives_an_ore_and_rests_for_fifty_steps():
    play = at_station("m").do("use")
    assert items(play) == {"ore_red": 1}
    assert play.told()["own:ore_red"] == 1
    assert play.sees()[-1, 0]["cooldown"] == 50
    assert items(play.do("use", times=49)) == {"ore_red": 1}
    assert items(play.do("use")) == {"ore_red": 2}
    assert (play.count("action.use.success"), play.count("action.use.failed")) == (2, 49)


@pytest.mark.parametrize(
    ("station", "price", "product", "cooldown"),
    [
        ("g", {"ore_red": 1}, "battery_red", 25),
        ("a", {"battery_red": 1}, "heart", 10),
        ("l", {"ore_red": 1, "battery_red": 2}, "laser", 10),
        ("y", {"ore_red": 3}, "armor", 10),
    ],
)
def test_a_station_turns_its_price_into_its_product_and_rests(station, price, product, cooldown):
    starts = {name: [2 * amount] for name, amount in price.items()}
    play = at_station(station, starts=starts).do("use")
    assert items(play) == price | {product: 1}
    assert play.count(f"{product}.gained") == 1
    assert items(play.do("use", times=cooldown - 1)) == price | {product: 1}
    assert items(play.do("use")) == {product: 2}
    for missing in price:
        almost = {name: [amount - (name == missing)] for name, amount in price.items()}
        play = at_station(station, starts=almost).do("use")
        assert play.has(product) == 0
        assert items(play) == {name: amount for name, [amount] in almost.items() if amount}
        assert "cooldown" not in play.sees()[-1, 0]


def test_the_altar_alone_pays():
    play = at_station("a", starts={"battery_red": [1]}).do("use")
    assert (play.reward(), play.told()["own:heart"]) == (1.0, 1)
    assert play.do().reward() == 0.0
    for station in "mgly":
        play = at_station(station, starts={"ore_red": [9], "battery_red": [9]})
        assert [play.do("use").reward(), play.do().reward()] == [0.0, 0.0]
        assert play.count("action.use.success") == 1


def test_the_plain_arena_takes_three_batteries():
    play = at_station("a", {"heart_price": 3}, starts={"battery_red": [5]}).do("use", times=11)
    assert items(play) == {"battery_red": 2, "heart": 1}


@pytest.mark.parametrize(
    ("station", "product"),
    [("m", "ore_red"), ("g", "battery_red"), ("a", "heart"), ("l", "laser"), ("y", "armor")],
)
def test_stations_can_begin_with_products(station, product):
    play = at_station(station, {"initial_items": 1})
    assert play.sees()[-1, 0]["stock"] == 1
    assert items(play.do("use")) == {product: 1}, "it costs nothing"
    assert play.sees()[-1, 0].keys() & {"stock", "cooldown"} == set(), "and no time"
    assert play.reward() == (1.0 if product == "heart" else 0.0)
    assert items(play.do("use")) == {product: 2 if station == "m" else 1}


def test_a_whole_life():
    play = Play(game_on("mga\n@.."))
    for action in ["use", "move_east", "move_north", "use", "move_east", "move_north", "use"]:
        play.do(action)
    assert items(play) == {"heart": 1}


# Limits


@pytest.mark.parametrize(
    ("station", "product", "cap"),
    [
        ("m", "ore_red", 50),
        ("g", "battery_red", 50),
        ("a", "heart", 255),
        ("l", "laser", 50),
        ("y", "armor", 50),
    ],
)
def test_nobody_carries_more_than_the_limit(station, product, cap):
    starts = {"ore_red": [9], "battery_red": [9], product: [cap]}
    play = at_station(station, starts=starts)
    before = items(play)
    assert items(play.do("use")) == before
    assert "cooldown" not in play.sees()[-1, 0]
    starts[product] = [cap - 1]
    assert at_station(station, starts=starts).do("use").has(product) == cap


# Attacks


def test_an_attack_costs_a_laser_even_if_it_hits_nobody():
    play = Play(game_on(".\n@", starts={"laser": [2]})).do("attack_2")
    assert items(play) == {"laser": 1}
    assert play.count("action.attack.failed") == 1
    assert not Play(game_on(".\n@")).can("attack_2")


@pytest.mark.parametrize("number", range(1, 10))
def test_attacks_reach_nine_cells_ahead(number):
    forward, right = 1 + (number - 1) // 3, (number - 1) % 3 - 1
    rows = [["."] * 3 for _ in range(4)]
    rows[3][1] = rows[3 - forward][1 + right] = "@"
    text = "\n".join("".join(row) for row in rows)
    play = Play(game_on(text, starts={"laser": [0, 9]})).do("noop", f"attack_{number}")
    assert (play.has("frozen", 0), play.count("attack.hit", 1), play.count("attack.suffered", 0)) == (
        10,
        1,
        1,
    )
    others = Play(game_on(text, starts={"laser": [0, 9]}))
    for other in {*range(1, 10)} - {number}:
        others.do("noop", f"attack_{other}")
    assert others.has("frozen", 0) == 0


def test_the_target_misses_ten_actions_and_everything_is_stolen():
    starts = {"ore_red": [3, 1], "battery_red": [2, 0], "laser": [4, 1], "heart": [5, 0]}
    play = Play(game_on(FACE_TO_FACE, starts=starts)).do("noop", "attack_2")
    assert items(play, 0) == {"heart": 5}, "hearts are safe"
    assert items(play, 1) == {"ore_red": 4, "battery_red": 2, "laser": 4}
    missed = 0
    while not play.can("move_east"):
        play.do("move_east")
        missed += play.has("heading") == 0
    assert missed == 10
    assert play.do("move_east").has("heading") == 1


def test_what_does_not_fit_stays_with_the_target():
    starts = {"ore_red": [7, 48], "battery_red": [1, 50], "laser": [0, 1]}
    play = Play(game_on(FACE_TO_FACE, starts=starts)).do("noop", "attack_2")
    assert (items(play, 0), items(play, 1)) == (
        {"ore_red": 5, "battery_red": 1},
        {"ore_red": 50, "battery_red": 50},
    )


def test_an_armor_stops_one_attack():
    play = Play(game_on(FACE_TO_FACE, starts={"armor": [2, 0], "ore_red": [3, 0], "laser": [0, 3]}))
    for left in (1, 0):
        play.do("noop", "attack_2")
        assert (play.has("armor", 0), play.has("ore_red", 0), play.has("frozen", 0)) == (left, 3, 0)
    assert (play.count("attack.absorbed", 1), play.count("attack.hit", 1)) == (2, 0)
    play.do("noop", "attack_2")
    assert (play.has("frozen", 0), items(play, 1)) == (10, {"ore_red": 3})


def test_who_is_frozen_freezes_anew_but_is_not_robbed_again():
    play = Play(game_on("m\n@\n@", starts={"laser": [0, 2]})).do("noop", "attack_2").do(times=4)
    play.env.world(0).variables[0, play.spec.variable_names.index("ore_red")] = 3
    play.do("noop", "attack_2")
    assert (play.has("frozen", 0), play.has("ore_red", 0), play.has("ore_red", 1)) == (10, 3, 0)
    assert (play.count("attack.wasted", 1), play.count("attack.hit", 1)) == (1, 1)


@pytest.mark.parametrize("thing", "#Xmga")
def test_attacks_break_nothing(thing):
    play = at_station(thing, starts={"laser": [50]}).do("attack_2", times=50)
    assert play.kind_at(0, 0) == {"#": "wall", **LEGEND}[thing]


def test_without_combat_nobody_can_attack():
    play = Play(game_on(FACE_TO_FACE, combat=False, starts={"laser": [50, 50]}))
    assert not any(play.can(action) for action in ATTACKS)
    assert play.spec.action_names == Play(game_on(FACE_TO_FACE)).spec.action_names


# Moving and swapping


def test_agents_move_turn_and_are_blocked():
    play = Play(game_on(".@m"))
    assert (play.do("move_east").place(), play.has("heading")) == ((0, 1), 1)
    assert items(play.do("use")) == {"ore_red": 1}
    assert (play.do("move_west").place(), play.has("heading")) == ((0, 0), 3)


def test_one_changes_places_with_the_frozen_only():
    play = Play(game_on(FACE_TO_FACE, starts={"laser": [0, 1]})).do("noop", "swap")
    assert (play.place(0), play.place(1), play.count("action.swap.failed", 1)) == ((0, 0), (1, 0), 1)
    play.do("noop", "attack_2").do("noop", "swap")
    assert (play.place(0), play.place(1), play.count("action.swap.success", 1)) == ((1, 0), (0, 0), 1)


# Shaping


def test_holding_pays_up_to_the_most_that_count():
    """The original's reward, the change of sum_i weight_i * min(held_i, most_i), is paid a step later."""
    play = at_station("m", {"mine_cooldown": 0}, shaped=True)
    assert [play.do("use").reward() for _ in range(4)] == pytest.approx([0, 0.1, 0, 0])
    most = MostRewarded(ore_red=2)
    play = at_station("m", {"mine_cooldown": 0, "most_rewarded": most}, shaped=True)
    assert [play.do("use").reward() for _ in range(4)] == pytest.approx([0, 0.1, 0.1, 0])


def test_using_up_what_was_paid_for_costs():
    play = at_station("g", shaped=True, starts={"ore_red": [1]})
    assert play.do().reward() == pytest.approx(0.1)
    assert play.do("use").reward() == 0
    assert play.do().reward() == pytest.approx(0.8 - 0.1)
    play = at_station("a", {"altar_cooldown": 0}, shaped=True, starts={"battery_red": [2]}).do()
    rewards = [play.do(action).reward() for action in ("use", "noop", "use", "noop")]
    assert rewards == pytest.approx([1, 0, 1, -0.8]), (
        "one battery counts, so the first one to go costs nothing"
    )


def test_robbery_moves_the_pay():
    play = Play(game_on(FACE_TO_FACE, shaped=True, starts={"battery_red": [3, 0], "laser": [0, 2]}))
    play.do()
    assert (play.reward(0), play.reward(1)) == pytest.approx((0.8, 0.5))
    play.do("noop", "attack_2").do()
    assert (play.reward(0), play.reward(1)) == pytest.approx((-0.8, 0.8))


def test_hearts_can_be_robbed_with_their_pay():
    starts = {"battery_red": [1, 0], "laser": [0, 1]}
    play = Play(game_on("a\n@\n@", {"robs_hearts": True}, starts=starts)).do("use")
    assert (play.reward(0), items(play, 0)) == (1.0, {"heart": 1})
    assert play.do("noop", "attack_2").do().reward(0) == -1.0
    assert (play.reward(1), items(play, 1)) == (1.0, {"heart": 1})


@pytest.mark.parametrize("seed", range(3))
def test_shaped_rewards_add_up_to_the_formula(seed):
    """Random play among few stations: at rest, all that was paid is the value of what is held."""
    most = MostRewarded(ore_red=2, battery_red=2, laser=1, armor=2)
    numbers: dict[str, Any] = {
        f"{name}_cooldown": 1 for name in ("mine", "generator", "altar", "lasery", "armory")
    }
    numbers |= {"most_rewarded": most, "robs_hearts": True}
    starts = {"ore_red": [9], "battery_red": [9], "laser": [9]}
    game = game_on("mglya\n@@@@@\nygmal", numbers, shaped=True, starts=starts)
    play, weights = Play(game, seed), ItemRewards()
    rng = np.random.default_rng(seed)
    paid = np.zeros(play.spec.num_agents)
    for step in range(400):
        mask = play.env.action_mask.astype(float)
        play.env.actions[:] = [rng.choice(len(row), p=row / row.sum()) for row in mask]
        if step >= 300:  # what is held is settled one thing a step
            play.env.actions[:] = 0
        play.env.step()
        paid += play.env.rewards
    held = [items(play, agent) for agent in range(play.spec.num_agents)]
    worth = [
        sum(getattr(weights, name) * min(have.get(name, 0), getattr(most, name)) for name in ITEMS)
        + have.get("heart", 0)
        for have in held
    ]
    assert paid == pytest.approx(worth)
    assert sum(have.get("heart", 0) for have in held) > 0
    assert sum(play.count("attack.hit", agent) for agent in range(play.spec.num_agents)) > 0


# The curriculum


def test_every_episode_draws_from_the_buckets_and_pays_what_it_drew():
    """Agents 0, 2, 3 and 4 hold two of an item each; agent 1 turns an ore into a battery if none lies ready."""
    starts = {
        "ore_red": [2, 1, 0, 0, 0],
        "battery_red": [0, 0, 2, 0, 0],
        "laser": [0, 0, 0, 2, 0],
        "armor": [0, 0, 0, 0, 2],
    }
    game = game_on("mglya\n@@@@@", starts=starts, shaped=True, max_steps=3, curriculum=True)
    num_worlds, holders = 64, [0, 2, 3, 4]
    env = BatchEnv(game, num_worlds=num_worlds)
    env.reset(0)
    spec = env.spec
    attack, use = (spec.action_names.index(name) for name in ("attack_2", "use"))
    actions = np.zeros((num_worlds, 5), np.int32)
    actions[:, 1] = use
    drawn: list[tuple[float, ...]] = []
    for _ in range(6):
        stock = [env.world(i).variables[5:10, spec.variable_names.index("stock")] for i in range(num_worlds)]
        ready = np.array([set(amounts.tolist()).pop() for amounts in stock])
        assert all((amounts == some).all() for amounts, some in zip(stock, ready, strict=True))
        can_attack = env.action_mask.reshape(num_worlds, 5, -1)[:, 3, attack].astype(int)
        paid = []
        for step in range(3):
            env.step((actions * (step == 1)).ravel())
            paid.append(env.rewards.reshape(num_worlds, 5).copy())
        weights, again = paid[0][:, holders], paid[1][:, holders]
        assert (again * (again - weights) == 0).all(), "the second of an item pays as much or nothing"
        assert paid[0][:, 1] == pytest.approx(weights[:, 0])
        assert paid[2][:, 1] == pytest.approx(weights[:, 1] - weights[:, 0] * (ready == 0), abs=1e-6)
        drawn += map(tuple, np.column_stack([weights, again, can_attack, ready]).round(3).tolist())
    for column, item in enumerate(ITEMS):
        both = {(one[column], one[4 + column]) for one in drawn}
        worth, most = BUCKETS[f"rewards.{item}"], BUCKETS[f"most_rewarded.{item}"]
        assert both == {(weight, weight * (number - 1)) for weight in worth for number in most}
    assert {one[8:] for one in drawn} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert len(set(drawn)) > len(drawn) / 2, "buckets are drawn apart"


def test_the_curriculum_draws_only_what_matters():
    make = make_arena_basic_easy_shaped
    assert make(6, shaped=True, curriculum=True).vary.keys() == BUCKETS.keys()
    assert make(6, curriculum=True).vary.keys() == {"attack_price", "initial_items"}
    assert make(6, combat=False, curriculum=True).vary.keys() == {"initial_items"}


def test_the_curriculum_has_the_names_of_the_game_without():
    plain, varied = (
        BatchEnv(make_arena_basic_easy_shaped(6, shaped=True, curriculum=on), num_maps=1).spec
        for on in (False, True)
    )
    assert varied == plain


# The world


@pytest.mark.parametrize(
    ("num_agents", "size"), [(6, (25, 25)), (12, (25, 50)), (24, (50, 50)), (7, (25, 50))]
)
def test_every_six_agents_have_a_field(num_agents, size):
    drawn = make_arena_basic_easy_shaped(num_agents).map
    assert isinstance(drawn, RandomMap)
    assert (drawn.height, drawn.width) == size
    fields = size[0] * size[1] // 25**2
    assert drawn.stations == {name: count * fields for name, count in STATIONS.items()}


def test_the_curriculum_draws_numbers_that_exist():
    for path, values in BUCKETS.items():
        for value in values:
            changed = EasyShapedNumbers().override_all({path: value})
            game = make_arena_basic_easy_shaped(shaped=True, numbers=changed)
            part: Any = changed
            for name in path.split("."):
                part = getattr(part, name)
            assert part == value
            assert BatchEnv(game, num_maps=1).spec.max_steps == 1000


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValidationError, match="attack_price"):
        EasyShapedNumbers(attack_price=101)


# The page


def test_the_page_tells_these_numbers_and_actions():
    rows = []
    for name, field in EasyShapedNumbers.model_fields.items():
        value = field.get_default(call_default_factory=True)
        if isinstance(value, ItemRewards | MostRewarded):
            value = ", ".join(f"{item} {amount:g}" for item, amount in value.model_dump().items())
        rows.append(f"| `{name}` | {value} | {field.description} |")
    rows += [f"| `{name}` |" for name in ("noop", *make_arena_basic_easy_shaped().verbs)]
    rows += [f"| `{name}` |" for name in STATIONS]
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/games/arena_basic_easy_shaped.md needs these rows:\n" + "\n".join(missing)


def test_the_page_tells_the_buckets():
    for group in dict.fromkeys(path.split(".")[0] for path in BUCKETS):
        paths = [path for path in BUCKETS if path.split(".")[0] == group]
        values = ", ".join(f"{value:g}" for value in BUCKETS[paths[0]])
        assert f"| {', '.join(f'`{path}`' for path in paths)} | {values} |" in PAGE
        assert all(BUCKETS[path] == BUCKETS[paths[0]] for path in paths)


def test_the_page_tells_the_stations():
    """Price, product, cooldown and number of each station's row are its second rule's (the first is stock)."""
    game = make_arena_basic_easy_shaped()
    for name, count in STATIONS.items():
        rule = [rule for rule in game.rules if rule.target == name][1]
        price = ", ".join(f"{e.amount} `{e.variable}`" for e in rule.then if isinstance(e, Take))
        product = ", ".join(f"{e.amount} `{e.variable}`" for e in rule.then if isinstance(e, Add))
        [cooldown] = [e.amount for e in rule.then if isinstance(e, Set)]
        pays = ", and a reward of 1" if any(isinstance(e, Reward) for e in rule.then) else ""
        cells = [f"`{name}`", price or "nothing", product + pays, cooldown, count]
        assert "| " + " | ".join(map(str, cells)) + " |" in PAGE
