"""A saved page is one file that holds all it needs and lets nothing else run."""

import base64
import hashlib
import re

import pytest

from mettascope.archive.page import saved_page

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


@pytest.fixture
def page(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-a.js").write_text(SCRIPT)
    (tmp_path / "assets" / "index-a.css").write_text("body { color: red }")
    return tmp_path


def test_the_page_holds_the_archive_and_needs_no_other_file(page):
    whole = saved_page(page, b"PK\x00\xff", "arena")
    data = re.search(r'<script type="application/x-mettascope-archive">(.*?)</script>', whole)[1]
    assert base64.b64decode(data) == b"PK\x00\xff"
    assert "./" not in re.sub(r"base64,[^\"]*", "", whole) and "body { color: red }" in whole


def test_a_title_is_text(page):
    whole = saved_page(page, b"", "<img src=x onerror=alert(1)>")
    assert "<title>&lt;img src=x onerror=alert(1)&gt;</title>" in whole and "<img" not in whole


def test_the_script_cannot_end_early_and_is_the_only_one_that_may_run(page):
    whole = saved_page(page, b"", "arena")
    script = re.search(r'<script type="module">(.*?)</script>', whole, re.DOTALL)[1]
    assert script == SCRIPT.replace("</script", r"<\/script").replace("<!--", r"<\!--")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', whole)[1]
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}';")
    assert whole.index("Content-Security-Policy") < whole.index("<script")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("index.html", INDEX.replace("module", "text/x"), "should hold one"),
        ("assets/index-a.css", "a { background: url(./x.png) }", "needs other files"),
        ("assets/index-a.js", 'import{a}from"./b.js";', "is in several files"),
    ],
)
def test_a_page_of_several_files_is_refused(page, name, text, complaint):
    (page / name).write_text(text)
    with pytest.raises(ValueError, match=complaint):
        saved_page(page, b"", "arena")
