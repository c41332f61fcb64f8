"""Paint docs/pictures/games.png: every game after some steps of its script, side by side.

.venv/bin/python tools/pictures.py [STEPS]
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from metta.policy.uri import load_policy
from metta.rollout import Rollout, Seat
from mettagrid.batch import BatchEnv
from mettagrid.reference.makers import Maker, find_makers
from mettagrid.render import WorldPainter
from mettagrid.render.palette import LIGHT
from mettagrid.render.pen import plain_font

SHEET = Path(__file__).parents[1] / "docs" / "pictures" / "games.png"
SIDE, TITLE, GAP, COLUMNS = 270, 26, 12, 4
# Scripts that must be told which game they play.
POLICIES = {"random_rules": "mock://scripted?difficulty=3&seed=0"}


def picture_of(maker: Maker, num_steps: int) -> Image.Image:
    """The game's world after `num_steps`, `SIDE` pixels square, with its name above."""
    game = maker.make()
    env = BatchEnv(game)
    rollout = Rollout(env, [Seat(load_policy(POLICIES.get(game.name, "mock://scripted"), env.spec))])
    rollout.reset(seed=1)
    for _ in range(num_steps):
        rollout.step()
    painter = WorldPainter(game, 32, legend=False, status=False)
    world = Image.fromarray(painter.paint(env.world(0)))
    world.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    page = Image.new("RGB", (SIDE, SIDE + TITLE), LIGHT.paper)
    page.paste(world, ((SIDE - world.width) // 2, TITLE + (SIDE - world.height) // 2))
    ImageDraw.Draw(page).text((SIDE // 2, TITLE // 2), maker.name, LIGHT.ink, plain_font(16), "mm")
    return page


def sheet_of(pictures: list[Image.Image]) -> Image.Image:
    """The pictures in rows of `COLUMNS`."""
    num_rows = -(-len(pictures) // COLUMNS)
    across, down = SIDE + GAP, SIDE + TITLE + GAP
    sheet = Image.new("RGB", (COLUMNS * across + GAP, num_rows * down + GAP), LIGHT.paper)
    for index, picture in enumerate(pictures):
        row, column = divmod(index, COLUMNS)
        sheet.paste(picture, (GAP + column * across, GAP + row * down))
    return sheet


def main() -> None:
    """Paint the sheet."""
    num_steps = int(sys.argv[1]) if len(sys.argv) > 1 else 160
    sheet = sheet_of([picture_of(maker, num_steps) for maker in find_makers() if maker.has_defaults])
    # Fewer shades make a smaller file; a palette of 256 colours would lose those of the agents.
    Image.fromarray(np.asarray(sheet) // 4 * 4).save(SHEET, optimize=True)
    print(f"{SHEET}: {np.prod(sheet.size)} pixels, {SHEET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
