"""Input and output networks from what a game says about itself; knows nothing of policies, training or worlds."""
