"""The builders under their other name, `mettagrid.config.envs`."""

from mettagrid.builder.envs import make_arena

__all__ = ["make_arena"]
