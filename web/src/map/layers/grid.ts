// Lines between cells.

import type { Color } from "../draw_list";
import type { Layer } from "../layer";

const LINE: Color = [0, 0, 0, 0.18];
const LEAST_SCALE = 5; // CSS pixels per cell

export const drawGrid: Layer = ({ state, world, pane }, list) => {
  if (!state.layers.grid || pane.camera.scale < LEAST_SCALE) return;
  const { width, height } = world.description;
  const thickness = 1 / pane.camera.scale;
  for (let x = 0; x <= width; x++) list.rectangle(x - thickness / 2, 0, thickness, height, LINE);
  for (let y = 0; y <= height; y++) list.rectangle(0, y - thickness / 2, width, thickness, LINE);
};
