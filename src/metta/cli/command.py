"""What was typed, taken apart: words, settings, options. Knows nothing of recipes or of what values mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from metta.common.errors import UserError

OPTIONS = {
    "-h": "help",
    "--help": "help",
    "-v": "verbose",
    "--verbose": "verbose",
    "--dry-run": "dry_run",
    "--list": "list",
    "--json": "json",
}

SETTING_OF = {"--host": "viewer.host", "--port": "viewer.port"}
"""Options with a value, as every server has them: another way to write a setting."""


@dataclass(frozen=True)
class Command:
    """One command line: words TOOL and RECIPE, settings as texts by key, options by name in OPTIONS."""

    words: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    options: frozenset[str] = frozenset()

    def has(self, option: str) -> bool:
        """Return True if the option was given, e.g. `has("dry_run")`."""
        return option in self.options


def parse_command(arguments: Sequence[str]) -> Command:
    """Take a command line apart; options may stand anywhere, `--` ends them, the last of equal keys counts.

    Raises:
        UserError: an unknown option, a third word or a setting without a key.
    """
    words: list[str] = []
    settings: dict[str, str] = {}
    options: set[str] = set()
    options_ended = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--" and not options_ended:
            options_ended = True
        elif argument.partition("=")[0] in SETTING_OF and not options_ended:
            option, has_value, value = argument.partition("=")
            settings[SETTING_OF[option]] = value if has_value else _value_of(option, rest)
        elif argument.startswith("-") and not options_ended:
            options.add(_option(argument))
        elif "=" in argument:
            key, _, value = argument.partition("=")
            settings[_checked_key(key, argument)] = value
        else:
            words.append(_checked_word(argument, words, bool(settings)))
    return Command(tuple(words), settings, frozenset(options))


def _value_of(option: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UserError(f"{option} needs a value: {option} VALUE, the same as {SETTING_OF[option]}=VALUE")
    return value


def _option(argument: str) -> str:
    if argument in OPTIONS:
        return OPTIONS[argument]
    if "=" in argument:
        raise UserError(f"unknown option {argument}; settings have no dashes: {argument.lstrip('-')}")
    starts = [option for option in OPTIONS if option.startswith(argument) and len(argument) > 3]
    valid = f"did you mean {starts[0]}?" if starts else f"valid: {', '.join(OPTIONS)}"
    raise UserError(f"unknown option {argument}; {valid}")


def _checked_key(key: str, argument: str) -> str:
    if not key or key != key.strip() or ".." in key or key.startswith(".") or key.endswith("."):
        raise UserError(f"{argument!r} is not key=value; a key looks like trainer.total_timesteps")
    return key


def _checked_word(word: str, earlier: list[str], has_settings: bool) -> str:
    if len(earlier) == 2 or (earlier and has_settings):
        raise UserError(
            f"unexpected {word!r}; settings look like key=value, with quotes around spaces: notes='two words'"
        )
    return word
