"""Networks that read observations and write actions, built from what a game says about itself."""
