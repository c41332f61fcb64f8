"""docs/rules.md lists exactly the words that exist, with their fields and what they say about themselves."""

from pathlib import Path

import pytest

from mettagrid.config.verb import Ahead, Oneself, Toward
from mettagrid.rules import EFFECTS, FILTERS, Argument, Around, Trait, Var, Word

REFERENCE = Path(__file__).parents[3] / "docs" / "rules.md"
AMOUNTS = (Trait, Var, Argument)
AROUND = (Around,)
AIMS = (Oneself, Ahead, Toward)


def table_of(words: tuple[type[Word], ...]) -> str:
    """A Markdown table: each word with its fields in their order, defaults after `=`, and its first line."""
    rows = ["| word | meaning |", "|---|---|"]
    return "\n".join(rows + [f"| `{call_of(word)}` | {meaning_of(word)} |" for word in words])


def call_of(word: type[Word]) -> str:
    fields = [
        name if field.is_required() else f"{name}={field.get_default()!r}".replace("'", '"')
        for name, field in word.model_fields.items()
        if name != "op"
    ]
    return f"{word.__name__}({', '.join(fields)})"


def meaning_of(word: type[Word]) -> str:
    return (word.__doc__ or "").strip().split("\n")[0]


@pytest.mark.parametrize(
    "words",
    [FILTERS, EFFECTS, AMOUNTS, AROUND, AIMS],
    ids=["filters", "effects", "amounts", "around", "aims"],
)
def test_the_reference_lists_the_words_that_exist(words):
    table = table_of(words)
    assert table in REFERENCE.read_text(encoding="utf-8"), f"docs/rules.md needs this table:\n\n{table}\n"


def test_every_class_of_the_vocabulary_is_in_the_reference():
    def concrete(word: type[Word]) -> set[type[Word]]:
        below = {leaf for sub in word.__subclasses__() for leaf in concrete(sub)}
        return below or {word}

    words = {word for word in concrete(Word) if word.__module__.startswith("mettagrid.rules")}
    assert words == {*FILTERS, *EFFECTS, *AMOUNTS, *AROUND}
