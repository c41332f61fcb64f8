"""A saved page: the viewer and an archive in one HTML file, which opens without a server and without a network."""

import base64
import hashlib
import html
import re
from collections.abc import Callable
from pathlib import Path

_SCRIPT = re.compile(r'<script type="module"[^>]* src="\./([^"]+)"></script>')
_STYLE = re.compile(r'<link rel="stylesheet"[^>]* href="\./([^"]+)">')
_ICON = re.compile(r'href="\./(favicon\.svg)"')
_TITLE = re.compile(r"<title>[^<]*</title>")
_ARCHIVE = '<script type="application/x-mettascope-archive">{}</script>'
# Nothing is fetched and nothing runs but this page's own script.
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src blob: data:; "
    "base-uri 'none'; form-action 'none'"
)


def saved_page(page: Path, archive: bytes, title: str) -> str:
    """The HTML file.

    Args:
        page: the folder of the built page, see `find_page`.
        archive: the bytes of an archive's file.
        title: of the window.

    Raises:
        ValueError: the built page is not made of one script and one style sheet.
    """
    whole = (page / "index.html").read_text()
    script = _script_text((page / _only(_SCRIPT, whole)).read_text())
    style = (page / _only(_STYLE, whole)).read_text()
    if re.search(r"url\((?!['\"]?data:)|@import", style) or "</style" in style:
        raise ValueError("the page's style sheet needs other files; a saved page cannot have them")
    icon = base64.b64encode((page / _only(_ICON, whole)).read_bytes()).decode()
    policy = _POLICY.format(script=_hash(script), style=_hash(style))
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    data = _ARCHIVE.format(base64.b64encode(archive).decode())
    whole = _put(_ICON, whole, lambda: f'href="data:image/svg+xml;base64,{icon}"')
    whole = _put(_TITLE, whole, lambda: f"<title>{html.escape(title)}</title>")
    whole = _put(_STYLE, whole, lambda: f"<style>{style}</style>")
    # The module runs when all has been read, so it finds the archive behind it.
    whole = _put(_SCRIPT, whole, lambda: f'<script type="module">{script}</script>')
    return whole.replace("<head>", f"<head>\n    {head}", 1).replace("</body>", f"  {data}\n  </body>", 1)


def _only(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.findall(text)
    if len(found) != 1:
        raise ValueError(f"the built page should hold one {pattern.pattern}; it holds {len(found)}")
    return str(found[0])


def _script_text(script: str) -> str:
    """The script as it may stand in HTML, where these two would end it or hide its end."""
    if re.search(r"""\bfrom\s*["']\./""", script):
        raise ValueError("the page's script is in several files; a saved page cannot have them")
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _put(pattern: re.Pattern[str], whole: str, text: Callable[[], str]) -> str:
    """Replaces what the pattern finds; by a function, because scripts hold backslashes."""
    return pattern.sub(lambda _: text(), whole, count=1)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
