"""Named tasks that games are measured on: maps with a budget of steps, and what each tests."""

from mettagrid.tasks.task import Task, find_task

__all__ = ["Task", "find_task"]
