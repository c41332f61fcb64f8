"""What holds in the arena whatever the agents do: random worlds, random actions, every step looked at."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv
from mettagrid.config.game import GameConfig
from mettagrid.games.arena import ArenaNumbers, make_arena

NUM_STEPS = 80
RICH = ArenaNumbers(initial_energy=200, generator_cooldown=2, regeneration_period=3, freeze_steps=4)
STATIONS = {"generator_red": 3, "generator_blue": 3, "charger": 2, "altar": 2}
STEPS = np.array([[-1, 0], [0, 1], [1, 0], [0, -1]])
runs = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def small_arena(shaped: bool = False) -> GameConfig:
    """Ten rich agents in a narrow field, so that everything happens often."""
    return make_arena(10, shaped=shaped, size=(7, 7), stations=STATIONS, num_walls=3, numbers=RICH)


@dataclass
class Moment:
    """The state of the one world between two steps; arrays are copies."""

    tick: int
    kinds: np.ndarray
    cells: np.ndarray
    width: int
    variables: dict[str, np.ndarray]  # [A] each
    actions: list[str]  # what each agent did to get here

    def kind_ahead(self, agent: int, kind_names: list[str]) -> str:
        row, column = divmod(int(self.cells[agent]), self.width)
        down, right = STEPS[self.variables["heading"][agent]]
        is_there = self.cells == (row + down) * self.width + column + right
        things = np.flatnonzero(is_there & (self.kinds != 0))
        return kind_names[self.kinds[things[0]]] if len(things) else "empty"


def moment(env: BatchEnv) -> Moment:
    view, spec = env.world(0), env.spec
    agents = view.variables[: env.num_agents].astype(int)
    return Moment(
        tick=view.tick,
        kinds=view.kinds.copy(),
        cells=view.cells.copy(),
        width=view.width,
        variables={name: agents[:, i].copy() for i, name in enumerate(spec.variable_names)},
        actions=[spec.action_names[i] for i in view.last_actions],
    )


def possible_actions(env: BatchEnv, rng: np.random.Generator) -> np.ndarray:
    """A random possible action for each row; `use` and `give` far more often than by chance."""
    liked = ("use", "give", "move")
    likes = np.array([8.0 if name.startswith(liked) else 1.0 for name in env.spec.action_names])
    return (
        (rng.random(env.action_mask.shape) ** (1 / likes) * env.action_mask).argmax(axis=1).astype(np.int32)
    )


def lives(seed: int, shaped: bool = False) -> Iterator[tuple[BatchEnv, Moment, Moment]]:
    """Plays a random world and yields it after each step, with the moments before and after."""
    env = BatchEnv(small_arena(shaped), num_maps=1, map_seed=seed)
    env.reset(seed)
    rng = np.random.default_rng(seed)
    before = moment(env)
    for _ in range(NUM_STEPS):
        env.step(possible_actions(env, rng))
        after = moment(env)
        yield env, before, after
        before = after


@runs
@given(seeds)
def test_diamonds_come_only_from_generators_gifts_and_loot(seed):
    for env, before, after in lives(seed):
        for color in ("red", "blue"):
            grew = after.variables[color] - before.variables[color]
            for agent in np.flatnonzero(grew > 0):
                harvests = after.actions[agent] == "use" and grew[agent] == 1
                at_generator = before.kind_ahead(agent, env.spec.kind_names) == f"generator_{color}"
                given_or_robbed = f"give_{color}" in after.actions or after.actions[agent].startswith(
                    "attack"
                )
                assert (harvests and at_generator) or given_or_robbed


@runs
@given(seeds)
def test_energy_comes_only_from_chargers_gifts_and_rest(seed):
    for env, before, after in lives(seed):
        rested = int(after.tick % RICH.regeneration_period == 0)
        grew = after.variables["energy"] - before.variables["energy"] - rested
        for agent in np.flatnonzero(grew > 0):
            at_charger = before.kind_ahead(agent, env.spec.kind_names) == "charger"
            assert (after.actions[agent] == "use" and at_charger) or "give_energy" in after.actions


@runs
@given(seeds)
def test_hearts_come_only_from_altars_and_are_never_lost(seed):
    for env, before, after in lives(seed):
        grew = after.variables["heart"] - before.variables["heart"]
        assert (grew >= 0).all()
        for agent in np.flatnonzero(grew):
            assert after.actions[agent] == "use"
            assert before.kind_ahead(agent, env.spec.kind_names) == "altar"
            assert before.variables["energy"][agent] >= RICH.heart_price


@runs
@given(seeds)
def test_a_gift_or_a_robbery_makes_nothing(seed):
    """All diamonds of a colour together grow only by harvests and shrink only at chargers."""
    for env, before, after in lives(seed):
        names = env.spec.kind_names
        used = [agent for agent, action in enumerate(after.actions) if action == "use"]
        at = [before.kind_ahead(agent, names) for agent in used]
        for color in ("red", "blue"):
            grew = int((after.variables[color] - before.variables[color]).sum())
            assert -at.count("charger") <= grew <= at.count(f"generator_{color}")


@runs
@given(seeds)
def test_there_is_one_blocker_a_cell_and_all_are_on_the_map(seed):
    for env, _, after in lives(seed):
        cells = after.cells[after.kinds != 0]
        assert len(np.unique(cells)) == len(cells)
        assert ((cells >= 0) & (cells < env.world(0).height * after.width)).all()


@runs
@given(seeds)
def test_values_stay_between_zero_and_their_caps(seed):
    caps = {name: variable.cap for name, variable in small_arena().all_variables().items()}
    for _, _, after in lives(seed):
        for name, values in after.variables.items():
            assert ((values >= 0) & (values <= caps[name])).all(), name


@runs
@given(seeds)
def test_a_shield_without_energy_is_down_after_the_next_step(seed):
    for _, before, after in lives(seed):
        is_powerless = (before.variables["energy"] == 0) & (before.variables["shield"] == 1)
        assert not (after.variables["shield"][is_powerless]).any()


def test_a_held_shield_wears_out_with_the_arena_s_own_numbers():
    env = BatchEnv(make_arena(), num_maps=1)
    env.reset(0)
    env.actions[:] = env.spec.action_names.index("shield")
    env.step()
    energies = []
    while moment(env).variables["shield"].any():
        energies.append(int(moment(env).variables["energy"].max()))
        env.actions[:] = 0
        env.step()
    assert energies == list(range(ArenaNumbers().initial_energy - 1, 0, -1))


@runs
@given(seeds)
def test_frozen_agents_do_nothing_until_the_timer_is_out(seed):
    for env, before, after in lives(seed):
        is_frozen = before.variables["frozen"] > 0
        assert all(after.actions[agent] == "noop" for agent in np.flatnonzero(is_frozen))
        was, now = before.variables["frozen"][is_frozen], after.variables["frozen"][is_frozen]
        is_hit_while_thawing = (was == 1) & (now == RICH.freeze_steps)
        assert ((now == was - 1) | is_hit_while_thawing).all()
        assert (after.cells[: env.num_agents] == before.cells[: env.num_agents])[is_frozen].all()
        for name in ("heading", "mark", "heart"):
            assert (after.variables[name] == before.variables[name])[is_frozen].all()
        assert not env.action_mask[after.variables["frozen"] > 0, 1:].any()


@runs
@given(seeds)
def test_rewards_are_the_hearts(seed):
    for env, before, after in lives(seed):
        np.testing.assert_array_equal(env.rewards, after.variables["heart"] - before.variables["heart"])


@runs
@given(seeds)
def test_shaped_rewards_are_those_of_the_rules(seed):
    """Thousandths: 1000 for a heart, 50 for a harvest, 100 or 300 for charging with one diamond or two."""
    for env, before, after in lives(seed, shaped=True):
        names = env.spec.kind_names
        for agent, action in enumerate(after.actions):
            reward = round(float(env.rewards[agent]) * 1000)
            ahead = before.kind_ahead(agent, names)
            worth = {"altar": {0, 1000}, "charger": {0, 100, 300}}.get(ahead, {0, 50})
            assert reward in (worth if action == "use" and ahead in STATIONS else {0})


@runs
@given(seeds)
def test_a_masked_out_action_never_changes_the_world(seed):
    """Two equal worlds: in one an agent tries something impossible, in the other it does nothing."""
    env = BatchEnv(small_arena(), num_worlds=2, num_maps=1, map_seed=seed)
    env.reset(seed)
    env.fork(0, 1)
    rng = np.random.default_rng(seed)
    for _ in range(NUM_STEPS):
        actions = np.tile(possible_actions(env, rng)[: env.num_agents], 2)
        agent = int(rng.integers(env.num_agents))
        impossible = np.flatnonzero(~env.action_mask[agent])
        actions[agent] = rng.choice(impossible) if len(impossible) else 0
        actions[env.num_agents + agent] = 0
        env.step(actions)
        one, other = env.world(0), env.world(1)
        for name in ("kinds", "cells", "variables", "profiles", "rewards", "last_actions"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        np.testing.assert_array_equal(env.observations[: env.num_agents], env.observations[env.num_agents :])


def test_the_random_lives_are_eventful():
    """The properties above mean something only if everything happens in the worlds that they look at."""
    totals: dict[str, int] = {}
    for seed in range(12):
        *_, (env, _, _) = lives(seed)
        for name, count in zip(env.spec.stat_names, env.world(0).stats.sum(axis=0), strict=True):
            totals[name] = totals.get(name, 0) + int(count)
    wanted = ["red.gained", "red.lost", "heart.gained", "attack.hit", "attack.absorbed", "give.energy"]
    assert {name: totals[name] for name in wanted if totals[name] < 5} == {}
