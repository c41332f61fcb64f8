// Where a pane looks: changes of its camera, and the way between cells of the map and pixels of the pane.

import type { Camera } from "../state";

export interface Size {
  width: number;
  height: number;
}

const SMALLEST_SCALE = 1;
const LARGEST_SCALE = 160;

/** The camera that shows a whole map. */
export function fitted(map: Size, pane: Size): Camera {
  const scale = Math.min(pane.width / map.width, pane.height / map.height) * 0.98;
  return { x: map.width / 2, y: map.height / 2, scale: clampScale(scale) };
}

/** The cell (with fraction) under a pixel of the pane. */
export function cellAt(camera: Camera, pane: Size, px: number, py: number): { x: number; y: number } {
  return {
    x: camera.x + (px - pane.width / 2) / camera.scale,
    y: camera.y + (py - pane.height / 2) / camera.scale,
  };
}

/** The pixel of the pane where a cell is. */
export function pixelAt(camera: Camera, pane: Size, x: number, y: number): { x: number; y: number } {
  return {
    x: (x - camera.x) * camera.scale + pane.width / 2,
    y: (y - camera.y) * camera.scale + pane.height / 2,
  };
}

/** Zooms by a factor; what is under the pixel stays there. */
export function zoomed(camera: Camera, pane: Size, px: number, py: number, factor: number): Camera {
  const scale = clampScale(camera.scale * factor);
  const fixed = cellAt(camera, pane, px, py);
  return {
    x: fixed.x - (px - pane.width / 2) / scale,
    y: fixed.y - (py - pane.height / 2) / scale,
    scale,
  };
}

/** Moves by pixels, as if the map were dragged. */
export function dragged(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
}

function clampScale(scale: number): number {
  return Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, scale));
}
