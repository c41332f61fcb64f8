import pytest

from metta.common.errors import CommandError, GuardError, MachineError, UserError
from metta.common.tool import Tool
from metta.common.words import canonical_tool, tool_name


class OwnSweepTool(Tool):
    def invoke(self) -> int:
        return self.system.seed


def test_a_tool_is_a_config_that_runs():
    assert OwnSweepTool().override("system.seed", 4).invoke() == 4
    assert OwnSweepTool.tool_name() == "own_sweep"


def test_the_base_cannot_run():
    with pytest.raises(TypeError):
        Tool()


def test_words():
    assert [tool_name(name) for name in ("TrainTool", "Tool", "Sweep")] == ["train", "tool", "sweep"]
    assert [canonical_tool(word) for word in ("eval", "sim", "train")] == ["evaluate", "evaluate", "train"]


def test_each_error_has_its_exit_code():
    assert [kind.exit_code for kind in (UserError, GuardError, MachineError)] == [2, 3, 4]
    assert issubclass(UserError, ValueError) and issubclass(UserError, CommandError)
