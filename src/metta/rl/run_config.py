"""config.yaml of a run: enough to run it again; and what a resumed run may not change."""

from typing import Any

import yaml

from metta.common.errors import UserError
from metta.common.tool import Tool
from metta.rl.run_folder import RunFolder
from mettagrid.whole_file import whole_file

# A resumed run goes on in the same worlds with the same network; everything else may change.
_FIXED = ("training_env", "policy_architecture")
_FREE = ("training_env.num_threads",)


def keep_run_config(folder: RunFolder, tool: Tool) -> None:
    """Write the resolved config; a run that has been trained already must be the same kind of run.

    Raises:
        UserError: what a resumed run may not change has changed; names the first such field.
    """
    config = tool.model_dump(mode="json")
    if folder.is_trained() and folder.config_path.exists():
        _check_unchanged(folder, read_run_config(folder), config)
    with whole_file(folder.config_path) as temporary:
        temporary.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))


def read_run_config(folder: RunFolder) -> dict[str, Any]:
    """Return config.yaml as plain data.

    Raises:
        UserError: it is missing or damaged.
    """
    try:
        config = yaml.safe_load(folder.config_path.read_text())
    except (FileNotFoundError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(
            f"{folder.config_path} cannot be read: {' '.join(str(error).split())[:120]}"
        ) from None
    if not isinstance(config, dict):
        raise UserError(f"{folder.config_path} is not the config of a run")
    return config


def _check_unchanged(folder: RunFolder, before: dict[str, Any], config: dict[str, Any]) -> None:
    for section in _FIXED:
        path = first_difference(before.get(section), config[section], section)
        if path is not None:
            old, new = value_at(before, path), value_at(config, path)
            raise UserError(
                f"run {folder.run!r} was trained with {path}={_short(old)}, now it is {_short(new)}; "
                "choose another run name, or leave it as it was"
            )


def first_difference(old: Any, new: Any, path: str) -> str | None:
    """Return the dotted path of the first value in which two configs differ, None if there is none."""
    if path in _FREE or old == new:
        return None
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            difference = first_difference(old.get(key), new.get(key), f"{path}.{key}")
            if difference is not None:
                return difference
        return None
    return path


def value_at(config: Any, path: str) -> Any:
    """Return the value at a path from `first_difference`, None if it is not there. Keys may hold dots."""
    while path and isinstance(config, dict):
        fitting = [name for name in config if path == name or path.startswith(f"{name}.")]
        if not fitting:
            return None
        key = max(fitting, key=len)
        config, path = config[key], path[len(key) + 1 :]
    return config


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
