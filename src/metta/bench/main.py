"""The command line of `metta bench`."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from metta.bench.machine import describe_in_a_line, describe_machine
from metta.bench.maps import MapSettings, bench_maps, title_of
from metta.bench.peer import MAKE_PEER
from metta.bench.rules import MANY_AGENTS, bench_rules
from metta.bench.sim import SimSettings, bench_sim
from metta.bench.table import Figure, print_figures, print_json
from metta.common.errors import EXIT_OK, UserError
from metta.common.system import SystemConfig
from mettagrid.config.nearest import did_you_mean

Measured = tuple[list[Figure], dict[str, Any]]
"""Figures in the order of the table, and facts about what was measured."""


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as a UserError."""
        raise UserError(f"{self.prog}: {message}")


def main(arguments: Sequence[str]) -> int:
    """Run `metta bench ARGUMENTS`; prints a table, or with --json one JSON document, and returns 0.

    Raises:
        UserError: an argument cannot be, or the peer's interpreter is missing.
    """
    options = _parser().parse_args(list(arguments))
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="metta bench", description="Measure speed; figures are medians with their range.")
    commands = parser.add_subparsers(
        title="what to measure", required=True, metavar="sim | train | rules | maps"
    )
    _add_sim(commands.add_parser("sim", help="the simulator: agent-steps per second, shares, memory"))
    _add_train(commands.add_parser("train", help="training from end to end: agent-steps per second, shares"))
    _add_rules(commands.add_parser("rules", help="the cost of each word of rules, and of sharing among many"))
    _add_maps(commands.add_parser("maps", help="drawing maps: maps per second of each kind and size"))
    return parser


def _add_sim(parser: argparse.ArgumentParser) -> None:
    default = SimSettings()
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--worlds", type=_count, default=default.num_worlds, help="worlds in the batch (default %(default)s)"
    )
    parser.add_argument(
        "--threads",
        type=_counts,
        default=default.threads,
        help="numbers of threads besides 1, with commas (default 1,2)",
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=default.seconds, help="of one measurement (default %(default)s)"
    )
    parser.add_argument(
        "--repeats",
        type=_count,
        default=default.repeats,
        help="measurements of each kind (default %(default)s)",
    )
    parser.add_argument(
        "--allocate", action="store_true", help="really make 4,096 worlds, not only reckon them"
    )
    parser.add_argument("--vs", choices=["mettagrid"], help="also measure this simulator, in turn with ours")
    parser.add_argument("--peer-python", metavar="PATH", help=f"interpreter that has it: {MAKE_PEER}")
    parser.set_defaults(run=_run_sim)


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--worlds", type=_count, help="worlds in the batch (default: that of training)")
    parser.add_argument("--threads", type=_count, default=0, help="threads (default: all cores)")
    parser.add_argument(
        "--device", default="auto", help="auto, cpu, cuda, cuda:N or mps (default %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=_count, default=5, help="epochs, after one that warms up (default %(default)s)"
    )
    parser.add_argument(
        "--architecture", default="fast", help="who learns: a name or a YAML file (default %(default)s)"
    )
    parser.add_argument(
        "--sustained",
        type=_count,
        metavar="EPOCHS",
        help="so many epochs: is it still as fast as one that begins?",
    )
    parser.add_argument(
        "--vs",
        help="also these trainers, with commas: cleanrl (a loop in its style), pufferlib; all in one network",
    )
    parser.add_argument(
        "--memory",
        choices=["lstm", "none"],
        default="lstm",
        help="with --vs, memory of the network (%(default)s)",
    )
    parser.add_argument("--peer-python", metavar="PATH", help="interpreter that has Metta and PufferLib 3.0")
    parser.set_defaults(run=_run_train)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--repeats", type=_count, default=5, help="measurements of each kind (default %(default)s)"
    )
    parser.set_defaults(run=_run_rules)


def _add_maps(parser: argparse.ArgumentParser) -> None:
    default = MapSettings()
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--kinds", default="", help="kinds of maps, with commas (default: all)")
    parser.add_argument(
        "--sizes",
        type=_counts,
        default=default.sizes,
        help="rows and columns, with commas (default 25,100,512)",
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=default.seconds, help="of one measurement (default %(default)s)"
    )
    parser.add_argument(
        "--repeats",
        type=_count,
        default=default.repeats,
        help="measurements of each kind (default %(default)s)",
    )
    parser.add_argument(
        "--vs", choices=["mettagrid"], help="also measure this one's builders, in turn with ours"
    )
    parser.add_argument("--peer-python", metavar="PATH", help=f"interpreter that has it: {MAKE_PEER}")
    parser.set_defaults(run=_run_maps)


def _run_maps(options: argparse.Namespace) -> int:
    _check_peer(options)
    kinds = tuple(part.strip() for part in options.kinds.split(",") if part.strip())
    settings = MapSettings(kinds, options.sizes, options.seconds, options.repeats, options.peer_python)
    machine = describe_machine()
    figures, facts = bench_maps(settings)
    return _tell(options, "maps", title_of(facts), machine, (figures, facts))


def _check_peer(options: argparse.Namespace) -> None:
    if (options.vs is None) != (options.peer_python is None):
        raise UserError(f"--vs mettagrid and --peer-python PATH belong together; make a peer: {MAKE_PEER}")


def _run_rules(options: argparse.Namespace) -> int:
    machine = describe_machine()
    figures, facts = bench_rules(options.repeats)
    title = f"rules: nanoseconds of a word, microseconds of a step of {MANY_AGENTS:,} agents, 1 thread"
    return _tell(options, "rules", title, machine, (figures, facts))


def _run_sim(options: argparse.Namespace) -> int:
    _check_peer(options)
    settings = SimSettings(
        options.worlds,
        options.threads,
        options.seconds,
        options.repeats,
        options.peer_python,
        options.allocate,
    )
    machine = describe_machine()
    figures, facts = bench_sim(settings)
    title = (
        f"simulating {facts['game']}: {facts['num_worlds']:,} worlds x {facts['num_agents']} agents, "
        f"{facts['tokens_used']:.0f} of {facts['num_tokens']} tokens used, "
        f"{facts['repeats']} x {facts['seconds']:g} s"
    )
    code = _tell(options, "sim", title, machine, (figures, facts))
    if facts["is_disturbed"] and not options.json:
        print("The machine was busy with something else: these figures are too low.")
    return code


def _run_train(options: argparse.Namespace) -> int:
    from metta.bench.train import bench_sustained, bench_train  # noqa: PLC0415  (imports torch, which `bench sim` does not need)

    system = SystemConfig(device=options.device, num_threads=options.threads)
    if options.vs is not None:
        return _run_rivals(options, system)
    machine = describe_machine()
    try:
        measure = bench_train if options.sustained is None else bench_sustained
        epochs = options.sustained or options.repeats
        figures, facts = measure(epochs, system, options.worlds, options.architecture)
    except ValueError as error:
        raise UserError(str(error)) from None
    title = (
        f"training {options.architecture}: {facts['num_worlds']:,} worlds x {facts['num_agents']} agents, "
        f"{facts['agent_steps_per_epoch']:,} agent-steps an epoch, {facts['num_weights']:,} weights, "
        f"{facts['threads']} threads, {facts['device']}, {facts['repeats']} epochs"
    )
    return _tell(options, "train", title, machine, (figures, facts))


def _run_rivals(options: argparse.Namespace, system: SystemConfig) -> int:
    from metta.bench.rival_settings import RivalSettings  # noqa: PLC0415
    from metta.bench.rivals import RIVALS, bench_rivals  # noqa: PLC0415

    rivals = tuple(part.strip() for part in options.vs.split(","))
    for rival in rivals:
        if rival not in RIVALS:
            raise UserError(f"--vs {rival}: {did_you_mean(rival, RIVALS)}")
    default = RivalSettings()
    settings = RivalSettings(
        memory=options.memory,
        num_worlds=options.worlds or default.num_worlds,
        minibatch_size=default.minibatch_size * (options.worlds or default.num_worlds) // default.num_worlds,
        num_threads=system.thread_count(),
    )
    machine = describe_machine()
    figures, facts = bench_rivals(settings, rivals, options.repeats, options.peer_python)
    title = (
        f"training bytes -> 128 -> {settings.memory} -> heads: {settings.num_worlds} worlds x "
        f"{settings.num_agents} agents, rows of {settings.horizon}, minibatches of {settings.minibatch_size:,}, "
        f"{settings.batch_size:,} agent-steps an epoch, {settings.num_threads} threads, {options.repeats} turns"
    )
    return _tell(options, "train", title, machine, (figures, facts))


def _tell(
    options: argparse.Namespace, command: str, title: str, machine: dict[str, Any], measured: Measured
) -> int:
    """Print what was measured, as a table or as JSON."""
    figures, facts = measured
    if options.json:
        print_json(command, figures, machine, measured=facts)
    else:
        print_figures(title, figures, describe_in_a_line(machine))
    return EXIT_OK


def _count(text: str) -> int:
    number = int(text.replace("_", "")) if text.replace("_", "").isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def _counts(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_count(part) for part in text.split(",")))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < 3600.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
