"""Drawings of all that can stand on a map or be carried, one cell large. They know no world."""
