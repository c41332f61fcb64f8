"""`python -m mettagrid.reference [DOCS]` writes the reference of rules into a folder of documents (`docs`)."""

import sys
from pathlib import Path

from mettagrid.reference.documents import documents, stale_sheets


def main(arguments: list[str]) -> int:
    """Write all documents; returns the exit code."""
    docs = Path(arguments[0] if arguments else "docs")
    if len(arguments) > 1 or not (docs / "rules.md").is_file():
        print(f"python -m mettagrid.reference [DOCS]: there is no {docs / 'rules.md'}", file=sys.stderr)
        return 2
    for path in stale_sheets(docs):
        path.unlink()
    for path, text in documents(docs).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
