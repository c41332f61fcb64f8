"""Builds the tool that a command line asks for and runs it, or with --dry-run shows its settings."""

from metta.cli.command import Command
from metta.cli.report import as_yaml, print_plan, settings_of
from metta.cli.resolve import resolve
from metta.cli.tables import print_json
from metta.common.classify import build_tool, classify
from metta.common.errors import EXIT_OK


def execute(command: Command) -> int:
    """Run the tool and return its exit code.

    Raises:
        UserError: unknown name or setting, or a value that does not fit. What the tool raises passes through.
    """
    target = resolve(command.words)
    plan = classify(target, command.settings)
    tool = build_tool(target, plan)
    if command.has("json") and not command.has("dry_run"):
        tool.override("json", True)
    if command.has("verbose"):
        print_plan(target, plan, tool)
    if command.has("dry_run"):
        if command.has("json"):
            print_json(settings_of(tool))
        else:
            print(f"# {target.name} makes a valid {type(tool).__name__}\n{as_yaml(tool)}", end="")
        return EXIT_OK
    return tool.invoke() or EXIT_OK
