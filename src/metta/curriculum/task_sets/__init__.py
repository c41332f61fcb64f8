"""Task sets: which tasks there are. One file each, found by their names."""
