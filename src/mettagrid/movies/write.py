"""Pictures to files: PNG, GIF and, with the optional package imageio-ffmpeg, MP4. It paints nothing itself.

Files are written under a temporary name and renamed when complete, so a name never stands for half a file.
"""

import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from mettagrid.whole_file import whole_file

VIDEO_HINT = "MP4 needs imageio-ffmpeg: pip install 'metta[video]'"
# GIF stores every frame's changes as palette indices: beyond this a file grows to tens of megabytes.
MAX_GIF_FRAMES = 600
_USUAL_GIF_FRAMES = 250  # about 20 kB each
_GIF_COLORS = 255  # one of the 256 places stays free for "unchanged"


def can_write_mp4() -> bool:
    """Whether the optional video package is installed."""
    return importlib.util.find_spec("imageio_ffmpeg") is not None


def gif_stride(num_ticks: int) -> int:
    """Of how many ticks one is shown so that a GIF of an episode keeps a size that people send around."""
    return max(1, -(-num_ticks // _USUAL_GIF_FRAMES))


def write_png(path: Path, picture: np.ndarray) -> Path:
    """Writes one picture (uint8 [height, width, 3]) and returns its path."""
    with whole_file(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")
    return path


def write_movie(path: Path, pictures: Iterable[np.ndarray], fps: int = 10) -> Path:
    """Writes a movie; the suffix says which kind.

    Args:
        path: ends in `.gif` or `.mp4`.
        pictures: uint8 [height, width, 3], all of one size.
        fps: pictures per second, 1..60.

    Returns:
        The path.

    Raises:
        ValueError: unknown suffix, fps out of range, no pictures, or MP4 without the package that writes it.
    """
    if not 1 <= fps <= 60:
        raise ValueError(f"fps: {fps} is not between 1 and 60")
    writers = {".gif": _write_gif, ".mp4": _write_mp4}
    if path.suffix not in writers:
        raise ValueError(f"{path}: movies are .gif or .mp4, not {path.suffix or 'without a suffix'}")
    with whole_file(path) as temporary:
        writers[path.suffix](temporary, iter(pictures), fps)
    return path


def _write_gif(path: Path, pictures: Iterator[np.ndarray], fps: int) -> None:
    frames: list[Image.Image] = []
    palette: Image.Image | None = None
    for picture in pictures:
        if len(frames) == MAX_GIF_FRAMES:
            break
        image = Image.fromarray(picture)
        # One palette for all frames: what does not move keeps its exact bytes and costs nothing in the file.
        palette = palette or image.quantize(_GIF_COLORS)
        frames.append(image.quantize(palette=palette, dither=Image.Dither.NONE))
    if not frames:
        raise ValueError(f"{path}: a movie needs at least one picture")
    # GIF counts in hundredths of a second, and browsers slow down anything faster than 2 of them.
    duration_ms = max(20, round(100 / fps) * 10)
    frames[0].save(path, format="GIF", save_all=True, append_images=frames[1:], duration=duration_ms, loop=0)


def _write_mp4(path: Path, pictures: Iterator[np.ndarray], fps: int) -> None:
    if not can_write_mp4():
        raise ValueError(f"{path}: {VIDEO_HINT}")
    import imageio_ffmpeg  # noqa: PLC0415  # pyright: ignore[reportMissingImports]  (an optional package: GIF and PNG work without it)

    first = next(pictures, None)
    if first is None:
        raise ValueError(f"{path}: a movie needs at least one picture")
    height, width, _ = first.shape
    # crf 23 keeps thin lines and text sharp, veryfast halves the time; browsers play yuv420p with even sides.
    writer = imageio_ffmpeg.write_frames(
        str(path),
        (width, height),
        fps=fps,
        macro_block_size=2,
        output_params=["-crf", "23", "-preset", "veryfast", "-f", "mp4"],
    )
    writer.send(None)
    try:
        writer.send(np.ascontiguousarray(first))
        for picture in pictures:
            writer.send(np.ascontiguousarray(picture))
    finally:
        writer.close()
