"""The page's own checks: types and unit tests."""

import subprocess
from pathlib import Path

import pytest

_WEB = Path(__file__).parents[2] / "web"


@pytest.mark.parametrize("script", ["check", "test"])
def test_npm_run(script: str, page_files: object):
    # page_files: building the page installs what these scripts need.
    done = subprocess.run(
        ["npm", "run", "--silent", script], cwd=_WEB, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
