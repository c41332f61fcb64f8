"""Every word of the vocabulary is played by one of the tests beside this file."""

from pathlib import Path

from mettagrid.rules import EFFECTS, FILTERS, Argument, Around, Trait, Var

MODULES = sorted(Path(__file__).parent.glob("test_*_in_core.py"))
WORDS = (*FILTERS, *EFFECTS, Argument, Around, Trait, Var)


def test_all_words_are_played():
    """A new word needs a test in a file of its theme."""
    tests = "".join(path.read_text() for path in MODULES if path != Path(__file__))
    assert [word.__name__ for word in WORDS if f"{word.__name__}(" not in tests] == []
