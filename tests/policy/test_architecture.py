import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from metta.policy.architecture import (
    ArchitectureField,
    PolicyArchitecture,
    find_agent_config,
    known_architectures,
    resolve_architecture,
)
from metta.policy.architectures.agent import AgentConfig
from metta.policy.architectures.fast import FastConfig
from metta.policy.architectures.memories import LSTMAgentConfig
from metta.policy.configs.cores import GRUConfig, LSTMConfig
from metta.policy.configs.encoders import PlanesConfig
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


def test_a_name_can_be_typed_with_settings_below_it() -> None:
    typed = {"policy_architecture": "lstm", "policy_architecture.hidden": 64}
    assert Holder().override_all(typed).policy_architecture == LSTMAgentConfig(hidden=64)
    named = {"policy_architecture.name": "lstm", "policy_architecture.core.longest_memory": 9}
    core = LSTMConfig(longest_memory=9)
    assert Holder().override_all(named).policy_architecture == LSTMAgentConfig(core=core)


def test_cores_and_encoders_are_chosen_by_name() -> None:
    typed = {
        "policy_architecture": "agent",
        "policy_architecture.core": "gru",
        "policy_architecture.core.longest_memory": 7.0,
        "policy_architecture.encoder.channels": 8,
    }
    expected = AgentConfig(core=GRUConfig(longest_memory=7), encoder=PlanesConfig(channels=8))
    assert Holder().override_all(typed).policy_architecture == expected
    assert Holder.model_validate(Holder().override_all(typed).model_dump()).policy_architecture == expected


def test_naming_what_it_is_keeps_its_settings() -> None:
    holder = Holder(policy_architecture=FastConfig(hidden=8))
    assert holder.override("policy_architecture.name", "fast").policy_architecture == FastConfig(hidden=8)


@pytest.mark.parametrize("folder", ["", "configs/agent"])
def test_agent_config_is_a_file(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "my_agent.yaml").write_text("hidden: 32\ncore: {name: gru, longest_memory: 5}\n")
    typed = {"policy_architecture.agent_config": "my_agent", "policy_architecture.encoder.channels": 4}
    expected = AgentConfig(hidden=32, core=GRUConfig(longest_memory=5), encoder=PlanesConfig(channels=4))
    assert Holder().override_all(typed).policy_architecture == expected


def test_agent_config_is_a_registered_architecture() -> None:
    typed = Holder().override("policy_architecture.agent_config", "lazy_test")
    assert typed.policy_architecture == LazyConfig()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"policy_architecture.name": "lstmm"}, "policy_architecture: unknown .* did you mean lstm"),
        ({"policy_architecture.name": 3}, "is the name of a policy architecture, not 3"),
        ({"policy_architecture.agent_config": "mine"}, "neither mine.yaml or configs/agent/mine.yaml nor"),
        ({"policy_architecture": "lstm", "policy_architecture.core": "gruu"}, "unknown core 'gruu'"),
        ({"policy_architecture": "lstmm", "policy_architecture.hidden": 3}, "did you mean lstm"),
        ({"policy_architecture": "lstm", "policy_architecture.hiden": 3}, "LSTMAgentConfig has no field"),
    ],
)
def test_wrong_choices_are_one_line(typed: dict[str, object], message: str) -> None:
    holder = Holder()
    with pytest.raises(ValueError, match=message) as caught:
        holder.override_all(typed)
    assert "\n" not in str(caught.value)
    assert holder == Holder()


def test_a_misspelled_file_is_told_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_agent.yaml").write_text("hidden: 8\ncore: none\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"nor an architecture 'my_agnt'; did you mean my_agent"):
        find_agent_config("my_agnt")
