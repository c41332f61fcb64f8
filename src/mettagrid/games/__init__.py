"""Games: one readable file each, a function that returns a GameConfig."""
