"""`python -m mettagrid.maps.show [DOCS]` writes docs/maps.md and the pictures of all scenes."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from mettagrid.maps.scene import scene_forms
from mettagrid.maps.show.page import COMMAND, page, picture, picture_path, write_picture


def main(arguments: list[str]) -> int:
    """Write the page, and the pictures that show something else than before; returns the exit code."""
    docs = Path(arguments[0] if arguments else "docs")
    if len(arguments) > 1 or not docs.is_dir():
        print(f"{COMMAND} [DOCS]: there is no folder {docs}", file=sys.stderr)
        return 2
    (docs / "maps.md").write_text(page(), encoding="utf-8")
    wanted = {picture_path(docs, form): picture(form) for form in scene_forms()}
    for path in sorted(set((docs / "pictures" / "maps").glob("*.png")) - set(wanted)):
        path.unlink()
    for path, image in wanted.items():
        if not path.is_file() or not np.array_equal(read_picture(path), image):
            write_picture(path, image)
    return 0


def read_picture(path: Path) -> np.ndarray:
    """The pixels of a picture: uint8 [height, width, 3]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
