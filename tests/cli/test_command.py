import pytest

from metta.cli.command import Command, parse_command
from metta.common.errors import UserError


def test_words_settings_and_options_in_any_order():
    command = parse_command(["-v", "train", "arena", "run=a=b", "--dry-run", "x.y=1", "run=c"])
    assert command == Command(("train", "arena"), {"run": "c", "x.y": "1"}, frozenset({"verbose", "dry_run"}))
    assert command.has("verbose") and not command.has("list")


def test_two_dashes_end_options():
    assert parse_command(["train", "--", "-x=1"]).settings == {"-x": "1"}


@pytest.mark.parametrize("arguments", [["--host", "0.0.0.0"], ["--host=0.0.0.0"], ["viewer.host=0.0.0.0"]])
def test_where_a_server_listens_may_be_an_option(arguments):
    assert parse_command(["play", "arena", *arguments]).settings == {"viewer.host": "0.0.0.0"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["play", "arena", "--host"], "--host needs a value: --host VALUE, the same as viewer.host=VALUE"),
        (["--verbos"], "unknown option --verbos; did you mean --verbose"),
        (["--fast"], "valid: -h, --help"),
        (["--trainer.total_timesteps=5"], "settings have no dashes: trainer.total_timesteps=5"),
        (["train", "arena", "third"], "unexpected 'third'"),
        (["train", "run=a", "b"], "unexpected 'b'.*quotes"),
        (["=3"], "not key=value"),
        (["a..b=3"], "not key=value"),
        (["a b =3"], "not key=value"),
    ],
)
def test_refused(arguments, message):
    with pytest.raises(UserError, match=message):
        parse_command(arguments)
