"""A built page of three small files, where the real one is not what is tested."""

import base64
import re
from pathlib import Path

INDEX = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="./favicon.svg" />
    <title>Mettascope</title>
    <script type="module" crossorigin src="./assets/index-a.js"></script>
    <link rel="stylesheet" crossorigin href="./assets/index-a.css">
  </head>
  <body>
    <div id="app"></div>
  </body>
</html>
"""
SCRIPT = r'const a = "</script><!--", b = /\d\1/;'


def small_page(folder: Path) -> Path:
    """Writes the page into a folder and returns it."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-a.js").write_text(SCRIPT)
    (folder / "assets" / "index-a.css").write_text("body { color: red }")
    return folder


def archive_in(page: str) -> bytes:
    """The bytes of the archive that a saved page holds."""
    found = re.search(r'<script type="application/x-mettascope-archive">(.*?)</script>', page)
    assert found
    return base64.b64decode(found[1])
