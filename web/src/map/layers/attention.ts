// Where the policy of the selected agent looks, if it says so.

import type { Layer } from "../layer";

const QUARTERS = 4;

/** A place of a view on the map, from the agent: views that are turned so that they look up are turned back. */
export function offsetOf(row: number, column: number, view: { height: number; width: number }, quarters: number): { x: number; y: number } {
  let [x, y] = [column - (view.width - 1) / 2, row - (view.height - 1) / 2];
  for (let turn = 0; turn < quarters % QUARTERS; turn++) [x, y] = [-y, x];
  return { x, y };
}

export const drawAttention: Layer = ({ world, pane, state, motion, branch }, list) => {
  const agent = pane.selected;
  const seen = branch.looked;
  if (!state.layers.attention || agent === null || !world.isOnMap(agent)) return;
  if (seen === null || seen.agent !== agent || Math.abs(world.tick - seen.tick) > 1) return;
  const { view, looks } = world.description;
  const quarters = view.heading_up ? world.variable(agent, looks.variables.heading) & 3 : 0;
  const [x0, y0] = [motion.x(world, agent), motion.y(world, agent)];
  for (const [row, column, share] of seen.attention) {
    const isItself = row < 0;
    const { x, y } = isItself ? { x: 0, y: 0 } : offsetOf(row, column, view, quarters);
    list.rectangle(x0 + x, y0 + y, 1, 1, [0.86, 0.2, 0.6, 0.65 * share]);
  }
};
