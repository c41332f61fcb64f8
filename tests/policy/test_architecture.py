import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from metta.policy.architecture import (
    ArchitectureField,
    PolicyArchitecture,
    known_architectures,
    resolve_architecture,
)
from metta.policy.architectures.fast import FastConfig
from metta.policy.policy import Policy
from metta.policy.scripted.noop import NoopPolicy
from mettagrid.config.base import Config
from mettagrid.spec import GameSpec
from tests.policy.games import make_spec


class LazyConfig(PolicyArchitecture):
    """An architecture that a user defines."""

    name: Literal["lazy_test"] = "lazy_test"
    strength: int = 1

    def build(self, spec: GameSpec) -> Policy:
        return NoopPolicy(spec, self)


class Holder(Config):
    """A config with an architecture in it, as the train tool is."""

    policy_architecture: ArchitectureField = FastConfig()


@pytest.mark.parametrize("value", ["fast", "FastConfig", {"name": "fast"}, FastConfig()])
def test_fast_is_found_by_whatever_names_it(value: object) -> None:
    assert resolve_architecture(value) == FastConfig()


def test_yaml_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: fast\nhidden: 32\n")
    assert resolve_architecture(str(path)) == FastConfig(hidden=32)


def test_users_architecture_is_found_by_name() -> None:
    assert known_architectures()["lazy_test"] is LazyConfig
    assert isinstance(resolve_architecture("lazy_test").build(make_spec()), Policy)


def test_fields_of_configs_take_names_and_keep_all_fields_when_dumped() -> None:
    holder = Holder().override("policy_architecture", "lazy_test")
    assert holder.policy_architecture == LazyConfig()
    assert Holder.model_validate(holder.model_dump()) == holder
    assert Holder().override("policy_architecture.hidden", 64).policy_architecture == FastConfig(hidden=64)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("fats", "did you mean fast"),
        ("nothing.yaml", "nothing.yaml: cannot read"),
        ({"hidden": 3}, "needs `name`"),
        ({"name": "fast", "hiden": 3}, "hiden: there is no such field"),
        ({"name": "fast", "hidden": 0}, "hidden: "),
        (3, "not int"),
    ],
)
def test_mistakes_are_one_line(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        resolve_architecture(value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", "!!python/object/apply:os.getcwd []", "\x00"])
def test_broken_yaml_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"broken\.yaml") as caught:
        resolve_architecture(path)
    assert "\n" not in str(caught.value)


def test_two_architectures_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="exists already"):

        class Another(PolicyArchitecture):
            name: Literal["fast"] = "fast"


def test_an_architecture_needs_a_name() -> None:
    with pytest.raises(ValueError, match="needs a field `name"):

        class Nameless(PolicyArchitecture):
            pass


def test_configs_are_read_without_pytorch() -> None:
    code = "import sys, metta.policy.architectures.fast; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
