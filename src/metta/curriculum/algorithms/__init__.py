"""Algorithms that say how often each task is played: one file each, found by their names."""
