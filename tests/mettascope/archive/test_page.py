"""A saved page is one file that holds all it needs and lets nothing else run."""

import base64
import hashlib
import re

import pytest

from mettascope.archive.page import saved_page
from tests.mettascope.pages import INDEX, SCRIPT, archive_in, small_page


@pytest.fixture
def page(tmp_path):
    return small_page(tmp_path / "page")


def test_the_page_holds_the_archive_and_needs_no_other_file(page):
    whole = saved_page(page, b"PK\x00\xff", "arena")
    assert archive_in(whole) == b"PK\x00\xff"
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
