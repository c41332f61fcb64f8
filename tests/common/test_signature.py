from collections.abc import Callable
from typing import Annotated, Literal

import pytest

from metta.common.signature import described_arguments, type_name
from metta.common.system import SystemConfig


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int | None, "int | None"),
        (dict[str, Annotated[int, "more"]], "dict[str, int]"),
        (Literal["a", 1], "'a' | 1"),
        (list[SystemConfig], "list[SystemConfig]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (Callable[[int], str], "Callable[[int], str]"),
    ],
)
def test_types_as_people_write_them(annotation, text):
    assert type_name(annotation) == text


def test_arguments_section_of_a_docstring():
    doc = "Makes it.\n\nArgs:\n    run: name of\n        the run\n    seed (int): where it begins\n\nReturns:\n    it"
    assert described_arguments(doc) == {"run": "name of the run", "seed": "where it begins"}
