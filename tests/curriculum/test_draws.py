"""Shares are functions of seed, world and episode, and uniform."""

import numpy as np

from metta.curriculum.draws import uniform_shares


def test_shares_do_not_depend_on_who_else_asks():
    worlds, episodes = np.arange(1000), np.arange(1000) % 7
    together = uniform_shares(3, worlds, episodes)
    parts = [uniform_shares(3, worlds[i : i + 250], episodes[i : i + 250]) for i in range(0, 1000, 250)]
    np.testing.assert_array_equal(together, np.concatenate(parts))
    assert len(set(together.tolist())) == 1000
    assert not np.array_equal(together, uniform_shares(4, worlds, episodes))


def test_shares_are_uniform():
    shares = uniform_shares(0, np.repeat(np.arange(300), 300), np.tile(np.arange(300), 300))
    assert shares.min() >= 0 and shares.max() < 1
    counts = np.histogram(shares, bins=20, range=(0, 1))[0]
    assert np.abs(counts / 4500 - 1).max() < 0.06  # about four standard deviations
