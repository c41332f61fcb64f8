import ast
import sys

import pytest

from metta.common.imports import broken_import, despite_other_trees, exists, find_source


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import os.path, json", None),
        ("import nosuchmodule", "line 1: no module named nosuchmodule"),
        ("\nfrom metta.common.nosuch import x", "line 2: no module named metta.common.nosuch"),
        ("from metta.common.tool import Tol", "line 1: metta.common.tool has no Tol"),
        ("from metta.common import tool, system", None),
        ("from metta.common.tool import *", None),
        ("from .base import Config", None),
        ("from .base import Confg", "line 1: mettagrid.config.base has no Confg"),
        ("try:\n    import nosuchmodule\nexcept ImportError:\n    pass", None),
        ("from json import nosuch", None),
    ],
)
def test_broken_import(source, problem):
    assert broken_import(ast.parse(source), "mettagrid.config.other") == problem


def test_nothing_is_imported(tmp_path, monkeypatch):
    (tmp_path / "loud").mkdir()
    (tmp_path / "loud/__init__.py").write_text("raise RuntimeError")
    (tmp_path / "loud/inner.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_source("loud.inner") == tmp_path / "loud/inner.py"
    assert "loud" not in sys.modules


def test_folders_without_init_are_packages(tmp_path, monkeypatch):
    (tmp_path / "one/two").mkdir(parents=True)
    (tmp_path / "one/two/three.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_source("one.two.three") == tmp_path / "one/two/three.py"
    assert find_source("one.two") is None
    assert not exists("one.two.four")


MISMATCH = SystemError("AST constructor recursion depth mismatch (before=36, after=62)")


@pytest.mark.parametrize(
    ("troubles", "raised"),
    [
        ([MISMATCH] * 4, None),
        ([MISMATCH] * 5, "mismatch"),
        ([SystemError("something else")], "something else"),
    ],
)
def test_a_tree_that_another_thread_spoiled_is_made_again(troubles, raised):
    left = list(troubles)

    def work():
        if left:
            raise left.pop()
        return "a tree"

    if raised is None:
        assert despite_other_trees(work) == "a tree"
    else:
        with pytest.raises(SystemError, match=raised):
            despite_other_trees(work)
    assert left == []
