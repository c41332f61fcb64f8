"""The event log: it changes nothing, it explains every change, and rewards are fully accounted for."""

import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv, WorldView
from mettagrid.compile import compile_game
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import BondSharing, FamilySharing, GroupSharing, KinshipSharing, Prestige
from mettagrid.config.things import Variable
from mettagrid.config.verb import Ahead, Verb
from mettagrid.events import COLUMNS, What, reward_shares, transfers
from mettagrid.reference.makers import find_makers
from mettagrid.rules import Add, Birth, Bond, Chance, Move, Names, Part, Remove, Reward, Rule, Set
from tests.mettagrid.play import Play, arena_on
from tests.mettagrid.rules.drawn_games import VERBS, game
from tests.mettagrid.test_game_properties import game_of, rule_books

MAKERS = [maker for maker in find_makers() if maker.has_defaults]
OF_RULES = [What.FIRED, What.REWARDED, What.SPAWNED, What.BECAME, What.BORN, What.BONDED]


class Shadow:
    """A world as it was before a step, to which events are done."""

    def __init__(self, env: BatchEnv) -> None:
        view = env.world(0)
        self.kinds = view.kinds.copy()
        self.variables = view.variables.astype(int)
        self.partners = view.partners.astype(int) - 1
        countdowns = [name in timers_of(env.game) for name in env.spec.variable_names]
        self.variables[:, countdowns] = np.maximum(self.variables[:, countdowns] - 1, 0)

    def do(self, what: int, source: int, target: int, variable: int, amount: int) -> None:
        match what:
            case What.CHANGED:
                assert amount != 0
                self.variables[target, variable] += amount
            case What.HANDED_OVER:
                assert 0 < amount <= self.variables[source, variable]
                self.variables[source, variable] -= amount
                self.variables[target, variable] += amount
            case What.SPAWNED | What.BORN:
                assert self.kinds[target] == 0 and not self.variables[target].any()
                self.kinds[target] = amount if what == What.SPAWNED else 1
            case What.BECAME:
                self.kinds[target] = amount
            case What.REMOVED | What.DIED:
                assert self.kinds[target] == amount
                assert (amount == 1) == (what == What.DIED)
                self.kinds[target], self.variables[target] = 0, 0
            case What.BONDED:
                assert self.partners[source] == self.partners[target] == -1
                self.partners[source], self.partners[target] = target, source
            case What.PARTED:
                assert (self.partners[source], self.partners[target]) == (target, source)
                self.partners[[source, target]] = -1

    def check(self, view: WorldView) -> None:
        np.testing.assert_array_equal(self.kinds, view.kinds)
        np.testing.assert_array_equal(self.variables, view.variables)
        np.testing.assert_array_equal(self.partners, view.partners.astype(int) - 1)


def timers_of(game: GameConfig) -> set[str]:
    """Variables that fall by 1 each step."""
    return {name for name, variable in game.all_variables().items() if variable.countdown}


def logged(game: GameConfig, seed: int) -> BatchEnv:
    """Two equal worlds; the events of the first are logged."""
    env = BatchEnv(game, num_worlds=2, num_maps=2)
    env.reset(seed, streams=np.zeros(2, np.int64))
    env.log_events(0)
    return env


def step_at_random(env: BatchEnv, rng: np.random.Generator) -> None:
    """The same possible actions in both worlds."""
    chances = rng.random((env.num_agents, len(env.spec.action_names)))
    env.actions[:] = np.tile(np.argmax(chances * env.action_mask[: env.num_agents], axis=1), 2)
    env.step()


def check_step(env: BatchEnv, rng: np.random.Generator, num_rules: int) -> np.ndarray:
    """Plays a step and holds it against its events, which are returned."""
    shadow = Shadow(env)
    step_at_random(env, rng)
    events = env.events(0)
    assert env.hash(0) == env.hash(1)
    assert env.events_dropped(0) == 0
    for what, rule, _, source, target, variable, amount, _ in events.tolist():
        assert rule < num_rules and (rule >= 0 or what not in OF_RULES)
        shadow.do(what, source, target, variable, amount)
    paid = reward_shares(events, env.num_agents).total
    np.testing.assert_array_equal(paid.astype(np.float32) * np.float32(1e-3), env.rewards[: env.num_agents])
    if not env.episode_ended[0]:
        shadow.check(env.world(0))
        np.testing.assert_array_equal(paid, env.world(0).rewards)
    return events


@pytest.mark.parametrize("maker", MAKERS, ids=[maker.name for maker in MAKERS])
def test_in_every_game_events_explain_every_change(maker):
    played = maker.make().override_all({"max_steps": 60})
    env = logged(played, seed=7)
    rules, rng = env.explain_rules(), np.random.default_rng(7)
    seen: set[int] = set()
    num_ended = 0
    for _ in range(130):
        events = check_step(env, rng, len(rules))
        seen |= set(events["what"].tolist())
        fired = events[events["what"] == What.FIRED]
        assert all(rules[rule].sources for rule in fired["rule"])
        num_ended += env.episode_ended[0]
    assert {What.ACTED, What.FIRED, What.CHANGED} <= seen
    assert num_ended >= 1


@pytest.mark.parametrize("maker", MAKERS, ids=[maker.name for maker in MAKERS])
def test_in_every_game_a_compiled_rule_says_what_its_sources_say(maker):
    played = maker.make()
    compiled, names = compile_game(played), played.names()
    tables = compiled.tables
    filters, effects = tables["filters"].reshape(-1, 8), tables["effects"].reshape(-1, 8)
    numbers = {None} | {action.number for action in played.actions()}
    rows = tables["rules"].reshape(-1, 4)
    assert len(rows) == len(compiled.rule_sources)
    for (f, num_filters, e, num_effects), sources in zip(rows, compiled.rule_sources, strict=True):
        row = filters[f : f + num_filters].tolist(), effects[e : e + num_effects].tolist()
        for source in sources:
            assert row in encodings(played.rules[source], names, numbers)
    everything = {source for sources in compiled.rule_sources for source in sources}
    assert everything == set(range(len(played.rules)))


def encodings(rule: Rule, names: Names, numbers: set[int | None]) -> list[tuple[list, list]]:
    """The rows of a rule for each number that its verb may bring along."""
    found = []
    for number in numbers:
        with suppress(ValueError):  # its words ask for a number, and this verb brings none
            encoded = rule.encode(names.with_argument(number))
            found.append(tuple([list(map(int, row)) for row in rows] for rows in encoded))
    return found


def test_rules_that_say_the_same_of_different_targets_are_one_with_two_sources():
    same = [Rule(on="use", target=target, then=[Add("ore")]) for target in ("mine", "box")]
    env = after("m\n@", [*same, Rule(on="do", then=[Add("energy")])], "use")
    rule = env.events(0)["rule"][-1]
    assert env.explain_rules()[rule].sources == (0, 1)
    assert env.explain_rules()[rule].sentence == "use mine: add 1 ore / use box: add 1 ore"


SHARING = [
    KinshipSharing(share=0.5),
    GroupSharing(share=0.3, variable="mood"),
    FamilySharing(share=0.25, least=0.4),
    BondSharing(share=0.7),
    Prestige(reward=0.5, variable="gold", period=3),
]


def society(book: list[Rule], ways: list) -> GameConfig:
    """The random game with more of what ends and begins, where rewards are shared."""
    plain = game_of(book)
    wed = Rule(on="wed", target="agent", then=[Bond(), Reward(0.333)])
    leave = Rule(on="leave", target="self", when=[Chance(0.3)], then=[Remove(of="actor")])
    return plain.model_copy(
        update={
            "verbs": plain.verbs | {"wed": Verb(aim=Ahead()), "leave": Verb()},
            "rules": [*plain.rules, wed, leave],
            "sharing": ways,
        }
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rule_books, st.lists(st.sampled_from(SHARING), max_size=3), st.integers(0, 1000))
def test_in_random_games_events_explain_every_change(book, ways, seed):
    env = logged(society(book, ways), seed)
    rng = np.random.default_rng(seed)
    num_rules = len(env.explain_rules())
    for _ in range(env.spec.max_steps + 5):
        check_step(env, rng, num_rules)


HEADING, ENERGY, ORE = range(3)
"""The first variables of the drawn games."""
A, B = 0, 1
NOBODY = EMPTY = -1


def after(text: str, rules: list[Rule], *actions: str, most: int = 1000, **fields) -> BatchEnv:
    """The game after a step that was logged; agent B stands south of agent A and looks at it."""
    play = Play(game(text, rules, **fields))
    play.env.log_events(0, most=most)
    return play.do(*actions).env


def told(env: BatchEnv, *columns: str) -> list[tuple]:
    """Such columns of the last step's events."""
    return [tuple(int(event[name]) for name in columns) for event in env.events(0)]


def test_a_gift_and_a_theft_say_who_acted_and_who_lost():
    give = Rule(on="use", target="agent", then=[Move("energy", 4)])
    env = after("@\n@", [give], "noop", "use")
    used = env.spec.action_names.index("use")
    assert told(env, *COLUMNS) == [
        (What.ACTED, -1, B, NOBODY, A, -1, used, 0),
        (What.FIRED, env.events(0)["rule"][1], B, NOBODY, A, -1, 0, 0),
        (What.HANDED_OVER, env.events(0)["rule"][1], B, B, A, ENERGY, 4, 0),
    ]
    assert env.explain_rules()[env.events(0)["rule"][1]].sources == (0,)
    assert transfers(env.events(0), 2, ENERGY).tolist() == [[0, 0], [4, 0]]
    assert not transfers(env.events(0), 2, ORE).any()
    steal = Rule(on="use", target="agent", then=[Move("energy", 4, "target")])
    env = after("@\n@", [steal], "noop", "use")
    assert told(env, "actor", "source", "target", "amount")[-1] == (B, A, B, 4)


def test_a_price_is_told_with_its_action_and_without_a_rule():
    env = after("@", [], "dig", verbs=VERBS | {"dig": Verb(pays="energy", price=3)})
    dig = env.spec.action_names.index("dig")
    columns = ("what", "rule", "actor", "target", "variable", "amount")
    assert told(env, *columns) == [(What.ACTED, -1, A, A, -1, dig), (What.CHANGED, -1, A, A, ENERGY, -3)]


def test_whoever_does_nothing_or_the_impossible_leaves_no_event():
    frozen = {"frozen": Variable(countdown=True, initial=5)}
    variables = game("@", []).variables | frozen
    assert told(after("@", [Rule(on="do", then=[Add("ore")])], "noop"), "what") == []
    assert told(after("@", [Rule(on="do", then=[Add("ore")])], "do", variables=variables), "what") == []


def test_an_action_that_no_rule_answers_says_what_it_aimed_at():
    assert told(after(".\n@", [], "use"), "what", "target", "cell") == [(What.ACTED, EMPTY, 0)]
    assert told(after("@", [], "use"), "what", "target", "cell") == [(What.ACTED, EMPTY, -1)]


def test_only_what_a_variable_really_changed_is_told():
    over_the_cap = [Set("ore", 9), Add("ore", 9), Set("ore", 5)]
    env = after("@", [Rule(on="do", then=over_the_cap)], "do")
    assert told(env, "what", "variable", "amount")[2:] == [(What.CHANGED, ORE, 5)]


def test_bonds_births_and_deaths():
    wed = Rule(on="use", target="agent", then=[Bond(), Birth()])
    leave = Rule(on="do", then=[Remove(of="actor")])
    play = Play(game("@\n@\n.", [wed, leave], num_agents=3, initial_agents=2))
    env = play.env
    env.log_events(0)
    play.do("noop", "use")
    social = [event for event in told(env, "what", "actor", "source", "target") if event[0] >= What.BORN]
    assert social == [(What.BONDED, B, B, A), (What.BORN, B, A, 2)]
    assert (What.CHANGED, 2, ENERGY, 10) in told(env, "what", "target", "variable", "amount")
    play.do("do")
    assert told(env, "what", "source", "target")[2:] == [(What.PARTED, A, B), (What.DIED, NOBODY, A)]
    wed_again = Rule(on="do", then=[Part()])
    assert told(after("@", [wed_again], "do"), "what") == [(What.ACTED,), (What.FIRED,)]


def test_rewards_are_told_with_their_rule_and_by_whom_they_are_shared():
    earn = Rule(on="do", then=[Reward(0.9)])
    sharing = [GroupSharing(share=1, variable="team")]
    env = after("@@@", [earn], "noop", "do", sharing=sharing, starts={"team": [1, 1, 2]})
    assert told(env, "what", "rule", "actor", "source", "target", "variable", "amount")[2:] == [
        (What.REWARDED, env.events(0)["rule"][1], B, NOBODY, B, -1, 900),
        (What.SHARED, -1, NOBODY, B, A, 0, 450),
    ]
    shares = reward_shares(env.events(0), 3)
    assert shares.earned.tolist() == [0, 900, 0]
    assert shares.own.tolist() == [0, 450, 0]
    assert shares.passed.tolist() == [[0, 0, 0], [450, 0, 0], [0, 0, 0]]
    assert shares.total.tolist() == [450, 450, 0]


def test_rewards_of_ranks_come_from_nobody():
    ways = [Prestige(reward=1.0, variable="energy", period=1)]
    env = after("@@", [], "noop", sharing=ways, starts={"energy": [3, 4]})
    assert reward_shares(env.events(0), 2).ranked.tolist() == [-1000, 1000]


def test_events_of_an_episodes_last_step_stay_readable():
    env = after("@", [Rule(on="do", then=[Reward(0.5), Remove(of="actor")])], "do")
    assert env.episode_ended[0] and env.world(0).tick == 0
    assert told(env, "what", "target")[2:] == [(What.REWARDED, A), (What.DIED, A)]
    env.step()
    assert told(env, "what") == [(What.ACTED,), (What.FIRED,), (What.REWARDED,), (What.DIED,)]


def test_what_does_not_fit_is_counted():
    env = after("@", [Rule(on="do", then=[Add("ore"), Add("ore"), Add("ore")])], "do", most=3)
    assert told(env, "what") == [(What.ACTED,), (What.FIRED,), (What.CHANGED,)]
    assert env.events_dropped(0) == 2
    env.actions[:] = 0
    env.step()
    assert (len(env.events(0)), env.events_dropped(0)) == (0, 0)


@pytest.mark.parametrize("change", ["reset", "restore", "fork"])
def test_a_world_that_was_put_elsewhere_has_no_last_step(change):
    env = logged(arena_on("@.@"), seed=1)
    env.log_events(1)
    step_at_random(env, np.random.default_rng(0))
    assert len(env.events(0)) and len(env.events(1))
    if change == "reset":
        env.reset(1)
    elif change == "restore":
        env.restore(0, env.snapshot(1))
    else:
        env.fork(1, 0)
    assert len(env.events(0)) == 0
    step_at_random(env, np.random.default_rng(0))
    assert len(env.events(0))


def test_halves_are_logged_too_and_not_read_while_they_are_sent():
    env = logged(arena_on("@.@"), seed=1)
    env.send(0, np.ones(env.num_agents, np.int32))
    with pytest.raises(RuntimeError, match="recv"):
        env.events(0)
    env.recv()
    assert len(env.events(0)) > 0


def test_what_cannot_be_logged_or_read_is_refused_with_one_line():
    env = logged(arena_on("@.@"), seed=1)
    with pytest.raises(ValueError, match="world 1 are not logged"):
        env.events(1)
    with pytest.raises(ValueError, match="at least 1"):
        env.log_events(0, most=0)
    with pytest.raises(IndexError, match="world 2"):
        env.log_events(2)
    env.log_events(0, is_on=False)
    with pytest.raises(ValueError, match="not logged"):
        env.events_dropped(0)


def test_the_names_of_events_are_those_of_the_core():
    source = (Path(__file__).parents[2] / "core" / "colony" / "events" / "event_log.hpp").read_text()
    listed = re.search(r"enum class What[^{]*{([^}]*)}", source)
    assert listed
    names = [re.sub("(?<=[a-z])(?=[A-Z])", "_", name[1:]).upper() for name in re.findall(r"k\w+", listed[1])]
    assert names == [*What.__members__, "COUNT"]
