"""All documents that are written from the code, by path."""

from pathlib import Path

from mettagrid.reference.makers import find_makers
from mettagrid.reference.sheet import rule_sheet
from mettagrid.reference.words_page import fill

COMMAND = "python -m mettagrid.reference"
"""What writes them."""


def documents(docs: Path) -> dict[Path, str]:
    """The text of docs/rules.md and of a rule sheet for each game that is made without arguments.

    Args:
        docs: the folder of documents; what stands in its rules.md outside of the lists stays.
    """
    makers = find_makers()
    rules = docs / "rules.md"
    sheets = {
        _sheets(docs) / f"{maker.name}.md": rule_sheet(maker, _page(docs, maker.name))
        for maker in makers
        if maker.has_defaults
    }
    return {rules: fill(rules.read_text(encoding="utf-8"), makers), **sheets}


def stale_sheets(docs: Path) -> list[Path]:
    """Rule sheets of games that are gone."""
    names = {maker.name for maker in find_makers() if maker.has_defaults}
    return [path for path in sorted(_sheets(docs).glob("*.md")) if path.stem not in names]


def _page(docs: Path, name: str) -> str | None:
    """Link from a rule sheet to the page that is written by hand; None if there is none."""
    for folder, link in ((docs / "games", f"../{name}.md"), (docs, f"../../{name}.md")):
        if (folder / f"{name}.md").is_file():
            return link
    return None


def _sheets(docs: Path) -> Path:
    return docs / "games" / "rules"
