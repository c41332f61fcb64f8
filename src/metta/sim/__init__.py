"""Measuring policies: suites of simulations, statistics, scorecards. Knows nothing of training."""
