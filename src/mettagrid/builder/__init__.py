"""Builders: functions that make games, under the names that users of the original know."""
