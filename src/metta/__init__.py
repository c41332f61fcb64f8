"""Metta: train, measure and watch agents that learn to cooperate."""
