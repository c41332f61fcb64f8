// What is selected and what is pinned.

import { fromHex } from "../color";
import type { Layer } from "../layer";

const PULSE = 5; // radians per second

export const drawSelection: Layer = ({ world, pane, motion, seconds, state }, list) => {
  const color = fromHex(world.description.looks.colors.energy);
  for (const object of new Set([pane.selected, ...state.pinned])) {
    if (object === null || !world.isOnMap(object)) continue;
    const x = world.isAgent(object) ? motion.x(world, object) : world.columnOf(object);
    const y = world.isAgent(object) ? motion.y(world, object) : world.rowOf(object);
    const grow = object === pane.selected ? 0.06 + 0.03 * Math.sin(seconds * PULSE) : 0.02;
    list.frame(x - grow, y - grow, 1 + 2 * grow, 1 + 2 * grow, 0.08, color);
  }
};
