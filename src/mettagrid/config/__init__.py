"""Configuration: the base of every config, and games as configs."""
