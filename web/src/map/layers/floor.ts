// The ground under everything: a checkerboard, kinds of ground, and what was left on it.

import type { Layer } from "../layer";
import { visibleCells } from "../visible";

const LEAST_SCALE = 6; // CSS pixels per cell below which a cell is a plain rectangle
const MOST_TILES = 20_000;

export const drawFloor: Layer = (scene, list) => {
  const { world, tiles } = scene;
  const { width, height, looks } = world.description;
  const cells = visibleCells(scene);
  const isSmall = !hasTiles(scene.pane.camera.scale) || cells.count > MOST_TILES;
  if (isSmall) list.rectangle(0, 0, width, height, scene.colors.floor);
  if (isSmall && looks.grounds.length === 0 && looks.traces.length === 0) return;
  for (let row = cells.top; row < cells.bottom; row++) {
    for (let column = cells.left; column < cells.right; column++) {
      const cell = row * width + column;
      const ground = world.ground[cell] ?? 0;
      const shade = (row + column) % 2;
      if (!isSmall) list.sprite((ground > 0 ? tiles.ground[ground - 1]! : tiles.floor)[shade]!, column, row);
      else if (ground > 0) list.rectangle(column, row, 1, 1, scene.colors.grounds[ground - 1]!);
      const trace = world.trace[cell] ?? 0;
      if (trace > 0 && looks.traces.length > 0) list.sprite(tiles.trace[trace - 1]!, column, row);
    }
  }
};

/** Whether cells are large enough for the tiles of the floor. */
export function hasTiles(scale: number): boolean {
  return scale >= LEAST_SCALE;
}
