"""Small parts of Markdown pages."""

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the columns that are empty in every row are left out, and all of it if there are no rows."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return ""
    used = [i for i in range(len(header)) if i == 0 or any(row[i] for row in cells)]
    lines = [[header[i] for i in used], ["---"] * len(used), *([row[i] for i in used] for row in cells)]
    return (
        "\n".join(f"| {' | '.join(line)} |" for line in lines)
        .replace("| --- |", "|---|")
        .replace(" --- ", "---")
    )


def code(text: str) -> str:
    """A block of Python."""
    return f"```python\n{text}\n```"


def name(text: object) -> str:
    """A name as code."""
    return f"`{text}`"


def names(texts: Iterable[object]) -> str:
    """Names as code, separated by commas."""
    return ", ".join(map(name, texts))


def join(parts: Iterable[str]) -> str:
    """Parts of a page with an empty line between them; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
