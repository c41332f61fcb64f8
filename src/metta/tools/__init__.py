"""Tools: train, evaluate, play, replay. One class, one file each; what they do is written in the packages below."""
