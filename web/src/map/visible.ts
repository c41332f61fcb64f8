// Which part of the map a pane shows.

import { cellAt } from "./camera";
import type { Scene } from "./layer";

export interface Cells {
  left: number;
  top: number;
  right: number; // exclusive
  bottom: number; // exclusive
  count: number;
}

const STEP = 8; // cells; the part changes in steps of so many, so that what is drawn of it can be kept

/** The cells of the map that can be seen, at least partly, and a few around them. */
export function visibleCells({ world, pane, size }: Pick<Scene, "world" | "pane" | "size">): Cells {
  const { width, height } = world.description;
  const first = cellAt(pane.camera, size, 0, 0);
  const last = cellAt(pane.camera, size, size.width, size.height);
  const left = Math.max(0, STEP * Math.floor(first.x / STEP));
  const top = Math.max(0, STEP * Math.floor(first.y / STEP));
  const right = Math.max(left, Math.min(width, STEP * Math.ceil(last.x / STEP)));
  const bottom = Math.max(top, Math.min(height, STEP * Math.ceil(last.y / STEP)));
  return { left, top, right, bottom, count: (right - left) * (bottom - top) };
}

/** Whether an object that stands on this cell can be seen. */
export function isVisible(cells: Cells, row: number, column: number): boolean {
  return column >= cells.left && column < cells.right && row >= cells.top && row < cells.bottom;
}
