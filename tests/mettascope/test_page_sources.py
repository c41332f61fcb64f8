"""The page's sources keep what the content policy promises: nothing from elsewhere, no text as markup or code."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
SOURCES = sorted(
    path
    for path in (WEB / "src").rglob("*")
    if path.suffix in {".ts", ".tsx", ".css", ".html", ".glsl", ".svg"}
)
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"}
MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|createContextualFragment|DOMParser"
CODE = r"\beval\(|new Function\(|javascript:|importScripts\("


def found(pattern: str) -> dict[str, list[str]]:
    """Lines of the page's sources in which the pattern occurs, by file."""
    assert len(SOURCES) > 5
    hits = {
        path.name: [line.strip() for line in path.read_text().splitlines() if re.search(pattern, line)]
        for path in [WEB / "index.html", *SOURCES]
    }
    return {name: lines for name, lines in hits.items() if lines}


def test_nothing_comes_from_elsewhere() -> None:
    for name, lines in found(r"(https?|wss?):/|[\"'(]//\w").items():
        for line in lines:
            urls = re.findall(r"(?:https?|wss?)://[\w./-]+", line)
            assert urls and set(urls) <= NAMESPACES, (name, line)


def test_text_is_never_markup_or_code() -> None:
    assert not found(MARKUP)
    assert not found(CODE)


def test_index_has_no_inline_script_or_style() -> None:
    index = (WEB / "index.html").read_text()
    assert re.findall(r"<script[^>]*>(.*?)</script>", index, flags=re.DOTALL) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=", index)
