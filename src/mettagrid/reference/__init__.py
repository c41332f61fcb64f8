"""The reference of rules, written from the code: `python -m mettagrid.reference` renders it."""

from mettagrid.reference.code import code_of
from mettagrid.reference.sentences import describe, describe_rule

__all__ = ["code_of", "describe", "describe_rule"]
