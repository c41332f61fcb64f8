"""Policies: from observations and memory to action preferences and values. Know nothing of training.

Kept empty of imports, so that configs of architectures can be read without PyTorch.
"""
