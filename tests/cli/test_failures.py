import errno
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel

from metta.cli.failures import describe, exit_code
from metta.common.errors import GuardError, MachineError, UserError
from metta.common.system import SystemConfig


class Number(BaseModel):
    value: int = 0


def raised(action) -> BaseException:
    with pytest.raises(BaseException) as caught:
        action()
    return caught.value


def refuse():
    raise ValueError("no\ngood")


@pytest.mark.parametrize(
    ("action", "code", "text"),
    [
        (refuse, 2, "no good"),
        (lambda: Number.model_validate({"value": "x"}), 2, "Number: value: Input should be a valid integer"),
        (lambda: Path("no/such/file").read_text(), 2, "No such file or directory: 'no/such/file'"),
        (lambda: {}["mine"], 2, "KeyError: 'mine' (tests/cli/test_failures.py"),
        (lambda: SystemConfig().run_dir(3), 1, "TypeError"),
    ],
)
def test_codes_and_lines(action, code, text, pytestconfig, monkeypatch):
    monkeypatch.chdir(pytestconfig.rootpath)
    error = raised(action)
    assert exit_code(error) == code
    assert text in describe(error) and "\n" not in describe(error)


def test_errors_with_codes_of_their_own():
    assert [exit_code(error("x")) for error in (UserError, GuardError, MachineError)] == [2, 3, 4]
    assert [exit_code(OSError(number, "x")) for number in (errno.ENOSPC, errno.EADDRINUSE)] == [4, 4]
    assert exit_code(MemoryError()) == 4


def test_a_value_error_of_a_library_under_our_code_is_a_bug(monkeypatch):
    def reshape(self):
        return np.zeros(3).reshape(2, 2)

    monkeypatch.setattr(SystemConfig, "thread_count", reshape)
    # The code object must seem to be in our package: blame goes by file.
    ours = reshape.__code__.replace(co_filename=SystemConfig.run_dir.__code__.co_filename)
    reshape.__code__ = ours
    assert exit_code(raised(SystemConfig().thread_count)) == 1
