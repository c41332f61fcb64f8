"""`metta render REPLAY --out FILE`: a recorded episode as a picture, a contact sheet, a movie or a page."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
from rich.console import Console
from rich.progress import track

from metta.cli.house.commands import HOUSE_COMMANDS
from metta.cli.house.saved import SAVED, write_saved
from metta.common.errors import EXIT_OK, UserError
from mettagrid.config.nearest import did_you_mean
from mettagrid.movies.framing import DEFAULT_WINDOW, Framing, parse_size, parse_window
from mettagrid.movies.replay_painter import ReplayPainter, paint_sheet
from mettagrid.movies.ticks import has_stride, parse_ticks, spread
from mettagrid.movies.write import (
    MAX_GIF_FRAMES,
    VIDEO_HINT,
    can_write_mp4,
    gif_stride,
    write_movie,
    write_png,
)
from mettagrid.replay import Replay
from mettagrid.replay_file import read_replay

_SHEET_PICTURES = 12  # of a range without a stride
_FPS = 12
_EPILOG = """\
A .png of one tick is a picture (without --ticks of the last one), of several a contact sheet: at most 12, evenly
spread over the range, or with a stride exactly these. A .gif of a long range without a stride skips ticks, and says so.

An .html is the viewer's page with the episode in it: one file, which any browser opens without a server. A .baked is
the episode alone, for archives: the viewer opens it by drag and drop, also when the game has changed. Both can be made
of a .baked and of the original's .json.z, too.

  metta render arena.replay --out arena.mp4
  metta render arena.replay --out fight.gif --ticks 120:180 --follow 3
  metta render arena.replay --out story.png --ticks :
  metta render arena.replay --out end.png --size 1920x1080
  metta render arena.replay --out arena.html
"""


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as a UserError."""
        raise UserError(f"metta render: {message}; metta render -h tells how")


def render(arguments: Sequence[str]) -> int:
    """Write what `metta render ARGUMENTS` asks for, say what it is, and return 0.

    Raises:
        UserError: an option cannot be. What is wrong with the replay is a ValueError of one line.
    """
    parser = _parser()
    if {"-h", "--help"} & set(arguments):
        print(parser.format_help())
        return EXIT_OK
    options, unknown = parser.parse_known_args(_with_dashes(parser, arguments))
    if unknown:
        names = [name for name in parser._option_string_actions if name.startswith("--")]
        raise UserError(
            f"metta render: unknown {unknown[0]!r}; {did_you_mean(unknown[0].split('=')[0], names)}"
        )
    out = Path(options.out)
    _check_out(out, options)
    if out.suffix in SAVED:
        print(write_saved(Path(options.replay), out, options))
        return EXIT_OK
    framing = _framing(options)
    replay = read_replay(Path(options.replay))
    shape, count = (_write_picture if out.suffix == ".png" else _write_movie)(replay, out, options, framing)
    pictures = f"{count} pictures" if count > 1 else "1 picture"
    print(f"{out}: {pictures}, {shape[1]} x {shape[0]} pixels, {out.stat().st_size / 1024:,.0f} kB")
    return EXIT_OK


def _parser() -> _Parser:
    parser = _Parser(
        prog="metta render",
        description=HOUSE_COMMANDS["render"],
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("replay", metavar="REPLAY", help="a .replay file, as metta replay writes them")
    parser.add_argument(
        "--out", required=True, metavar="FILE", help="what to write: .png, .gif, .mp4, .html, .baked"
    )
    parser.add_argument("--ticks", metavar="A:B[:STRIDE]", help="as in Python: 250, 100:200, -100:, ::10")
    parser.add_argument("--follow", type=int, metavar="AGENT", help="keep this agent in the middle")
    parser.add_argument("--window", metavar="CELLS", help="with --follow: 15 or 21x13 cells (default 15)")
    parser.add_argument(
        "--size",
        default="1024",
        metavar="PIXELS",
        help="at most, of the longer side, or exactly WIDTHxHEIGHT (default %(default)s)",
    )
    parser.add_argument(
        "--fps", type=int, metavar="N", help=f"pictures per second of a movie (default {_FPS})"
    )
    parser.add_argument(
        "--no-legend", action="store_true", help="leave out what explains the things on the map"
    )
    return parser


def _with_dashes(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> list[str]:
    """Also takes settings as tools do, `out=x.gif`, and values that begin with a minus, `--ticks -100:`."""
    valued = {name for name, action in parser._option_string_actions.items() if action.nargs != 0}
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in valued:
            joined[-1] += f"={argument}"
        else:
            is_setting = "=" in argument and f"--{argument.split('=')[0]}" in valued
            joined.append(f"--{argument}" if is_setting else argument)
    return joined


def _check_out(out: Path, options: argparse.Namespace) -> None:
    """Refuses before any work what could not be written after it."""
    if out.suffix not in (".png", ".gif", ".mp4", *SAVED):
        raise UserError(
            f"--out: {out} ends in {out.suffix or 'nothing'}; .png, .gif, .mp4, .html and .baked can be written"
        )
    if out.is_dir():
        raise UserError(f"--out: {out} is a folder; name a file in it")
    if out.suffix == ".mp4" and not can_write_mp4():
        raise UserError(f"--out: {VIDEO_HINT} (or metta install video), or write a .gif")
    if out.suffix == ".png" and options.fps is not None:
        raise UserError(f"--fps is for movies; {out} is a picture")
    if options.fps is not None and not 1 <= options.fps <= 60:
        raise UserError(f"--fps: {options.fps} is not between 1 and 60")


def _framing(options: argparse.Namespace) -> Framing:
    if options.window is not None and options.follow is None:
        raise UserError("--window needs --follow: which agent is in the middle?")
    size, exact = parse_size(options.size)
    if exact and options.out.endswith(".mp4") and (size[0] % 2 or size[1] % 2):
        raise UserError(f"--size: MP4 wants even sides, not {options.size}")
    window = DEFAULT_WINDOW if options.window is None else parse_window(options.window)
    return Framing(options.follow, window, size, exact, legend=not options.no_legend)


def _write_picture(
    replay: Replay, out: Path, options: argparse.Namespace, framing: Framing
) -> tuple[tuple[int, ...], int]:
    ticks: Sequence[int] = parse_ticks(options.ticks or "-1", replay.num_ticks)
    if len(ticks) > 1 and not has_stride(options.ticks):
        ticks = spread(ticks, _SHEET_PICTURES)
    if len(ticks) > 1:
        picture = paint_sheet(replay, ticks, framing)
    else:
        picture = ReplayPainter(replay, framing).picture(ticks[0])
    write_png(out, picture)
    return picture.shape, len(ticks)


def _write_movie(
    replay: Replay, out: Path, options: argparse.Namespace, framing: Framing
) -> tuple[tuple[int, ...], int]:
    ticks = parse_ticks(options.ticks or ":", replay.num_ticks)
    if out.suffix == ".gif":
        ticks = _fit_gif(ticks, options.ticks or ":")
    painter = ReplayPainter(replay, framing)
    shape = painter.picture(ticks[0]).shape
    write_movie(out, _with_bar(painter.pictures(ticks), len(ticks)), options.fps or _FPS)
    return shape, len(ticks)


def _fit_gif(ticks: range, text: str) -> range:
    if has_stride(text) and len(ticks) > MAX_GIF_FRAMES:
        stride = ticks.step * -(-len(ticks) // MAX_GIF_FRAMES)
        raise UserError(
            f"--ticks: {text} is {len(ticks)} pictures; a GIF holds at most {MAX_GIF_FRAMES}: "
            f"a stride of {stride} would do, or an .mp4"
        )
    stride = 1 if has_stride(text) else gif_stride(len(ticks))
    if stride > 1:
        print(f"a GIF of {len(ticks)} ticks would be large: it shows one of {stride}; an .mp4 shows all")
    return ticks[::stride]


def _with_bar(pictures: Iterator[np.ndarray], total: int) -> Iterator[np.ndarray]:
    """Shows on a terminal how far the work is."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        return pictures
    return iter(track(pictures, "painting", total=total, console=console, transient=True))
