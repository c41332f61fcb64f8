"""Policies: from observations and memory to action preferences and values. Knows nothing of worlds or training.

Kept empty of imports, so that configs of architectures can be read without PyTorch.
"""
