"""The mathematics of scores: pure functions of arrays. They know no policies, files or tables.

Shapes: `E` episodes, `A` agents per world, `M` metrics, `R` resamples.
"""

import math
from statistics import NormalDist

import numpy as np

CONFIDENCE = 0.95
NUM_RESAMPLES = 2000  # the ends of a 95% interval then move by about 2% of its width from seed to seed
_BLOCK_BYTES = 32 << 20


def episode_means(metrics: np.ndarray, agents: np.ndarray) -> np.ndarray:
    """Mean over some agents in each episode; metrics that were not recorded count as 0.

    Args:
        metrics: float [E, A, M].
        agents: bool [A], who counts; at least one.

    Returns:
        float64 [E, M].
    """
    if not agents.any():
        raise ValueError("a mean needs at least one agent")
    return metrics[:, agents].astype(np.float64).mean(axis=1)


def bootstrap_interval(
    values: np.ndarray, seed: int, confidence: float = CONFIDENCE, num_resamples: int = NUM_RESAMPLES
) -> tuple[float, float]:
    """Interval of the mean of independent values by the expanded percentile bootstrap.

    Plain percentiles of resampled means give too narrow an interval for few values: of normal samples of
    5, 10, 20 the 95% interval holds the mean in 84, 90, 93% of cases. The expanded form (Hesterberg 2015,
    "What Teachers Should Know About the Bootstrap") takes percentiles further out, as Student's t would:
    92, 94, 95%.

    Args:
        values: float [E], one per episode: agents of one episode influence each other, episodes do not.
        seed: of the resampling.
        confidence: share of such intervals that hold the true mean.
        num_resamples: R.

    Returns:
        Low and high end; (nan, nan) for fewer than two values, which tell nothing about their spread.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError("an interval needs a one-dimensional array of finite values")
    if values.size < 2:
        return math.nan, math.nan
    means = _resampled_means(values, seed, num_resamples)
    tail = expanded_tail(values.size, confidence)
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def expanded_tail(num_values: int, confidence: float = CONFIDENCE) -> float:
    """Share of resampled means to cut off at each end: `Phi(-sqrt(n / (n - 1)) t)`, t of n - 1 degrees."""
    quantile = student_quantile((1 + confidence) / 2, num_values - 1)
    return NormalDist().cdf(-math.sqrt(num_values / (num_values - 1)) * quantile)


def student_quantile(probability: float, degrees: int) -> float:
    """Quantile of Student's t by the Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5).

    Exact for 1 and 2 degrees of freedom; from 3 on the error is below 0.4% for probabilities up to 0.975.
    """
    if degrees == 1:
        return math.tan(math.pi * (probability - 0.5))
    if degrees == 2:
        return (2 * probability - 1) * math.sqrt(2 / (4 * probability * (1 - probability)))
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees ** (power + 1) for power, term in enumerate(terms))


def ratio(value: float, baseline: float | None) -> float | None:
    """`value / baseline`, or None where the baseline is missing or not above 0, and a ratio means nothing."""
    return value / baseline if baseline is not None and baseline > 0 else None


def _resampled_means(values: np.ndarray, seed: int, num_resamples: int) -> np.ndarray:
    """float64 [R]; in blocks, so that a million episodes do not need R times their memory."""
    rng = np.random.default_rng(seed)
    block = max(1, _BLOCK_BYTES // (8 * values.size))
    sizes = [min(block, num_resamples - start) for start in range(0, num_resamples, block)]
    return np.concatenate(
        [values[rng.integers(0, values.size, (size, values.size))].mean(axis=1) for size in sizes]
    )
