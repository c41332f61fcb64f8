"""The arena's books balance: what agents hold, are paid and are told agrees with what was counted."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.batch import BatchEnv
from mettagrid.games.arena import ArenaNumbers, make_arena

NUM_AGENTS, NUM_STEPS = 8, 120
NUMBERS = ArenaNumbers(initial_energy=250, rest_energy=100, generator_cooldown=1, heart_price=40)
STATIONS = {"generator_red": 3, "generator_blue": 3, "charger": 3, "altar": 3}
runs = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


class Life:
    """An episode of random possible actions in a narrow, shaped arena."""

    def __init__(self, seed: int, avoid: tuple[str, ...] = ()) -> None:
        game = make_arena(
            NUM_AGENTS,
            shaped=True,
            size=(6, 6),
            stations=STATIONS,
            num_walls=2,
            max_steps=NUM_STEPS,
            numbers=NUMBERS,
        )
        self.env = BatchEnv(game, num_maps=1, map_seed=seed)
        self.env.reset(seed)
        self.rng = np.random.default_rng(seed)
        names = self.env.spec.action_names
        self.likes = np.array([0 if name.startswith(avoid) else 3 if name == "use" else 1 for name in names])

    def step(self) -> np.ndarray:
        """One step; the rewards [A] that it paid."""
        weights = self.likes * self.env.action_mask * self.rng.random(self.env.action_mask.shape)
        return self.env.step(weights.argmax(axis=1).astype(np.int32))[1].copy()

    def held(self, variable: str) -> np.ndarray:
        view = self.env.world(0)
        return view.variables[:NUM_AGENTS, self.env.spec.variable_names.index(variable)].astype(int)

    def counted(self, *statistics: str) -> np.ndarray:
        stats = self.env.episode_stats if self.env.episode_ended[0] else self.env.world(0).stats
        columns = [self.env.spec.stat_names.index(name) for name in statistics]
        return stats[:, columns].sum(axis=1).astype(int)


@runs
@given(seeds)
def test_what_agents_hold_is_what_they_gained_and_did_not_lose(seed):
    life = Life(seed)
    for _ in range(NUM_STEPS - 1):
        life.step()
        for name, first in (("red", 0), ("blue", 0), ("energy", NUMBERS.initial_energy), ("heart", 0)):
            kept = life.counted(f"{name}.gained") - life.counted(f"{name}.lost")
            np.testing.assert_array_equal(life.held(name), first + kept, err_msg=name)


def test_every_reward_has_its_reason():
    """Without gifts and robbery, the statistics tell harvests, charges and hearts apart."""
    events = np.zeros(3, int)
    for seed in range(6):
        life = Life(seed, avoid=("give", "attack"))
        rewards = sum(life.step().astype(float) for _ in range(NUM_STEPS))
        harvests = life.counted("red.gained", "blue.gained")
        hearts = life.counted("heart.gained")
        charges = life.counted("action.use.success") - harvests - hearts
        pairs = life.counted("red.lost", "blue.lost") - charges
        earned = 1.0 * hearts + 0.05 * harvests + 0.1 * (charges - pairs) + 0.3 * pairs
        np.testing.assert_allclose(rewards, earned, atol=1e-4)
        np.testing.assert_allclose(life.env.episode_return, earned, atol=1e-4)
        events += [hearts.sum(), pairs.sum(), (charges - pairs).sum()]
    assert events.min() > 3, "too little happens to mean anything"


@runs
@given(seeds)
def test_agents_are_told_the_reward_of_this_step_and_the_time(seed):
    life = Life(seed)
    features = life.env.spec.feature_names
    for step in range(1, NUM_STEPS):
        rewards = life.step()
        for agent in range(NUM_AGENTS):
            tokens = life.env.observations[agent]
            told = {features[feature]: value for where, feature, value in tokens.tolist() if where == 254}
            assert told.get("reward", 0) == min(255, round(100 * float(rewards[agent])))
            assert told["progress"] == 1 + 254 * step // NUM_STEPS
            assert "penalty" not in told
