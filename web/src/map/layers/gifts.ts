// Arrows from who gave or lost to who got, over the ticks that the graph of gifts adds up.

import { flowsOf, sizeOf, spanOf, type Flow, type FlowKind } from "../../feed/flows";
import { fromHex } from "../color";
import type { Color, DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";

const MOST_ARROWS = 150;
const COLORS: Record<FlowKind, Color> = { gift: fromHex("#37b24d"), theft: fromHex("#e8590c"), share: fromHex("#d6336c") };
const FROM_MIDDLE = 0.45; // cells between an arrow and the middle of an agent
const HEAD = 0.3; // length of an arrow's head in cells

export const drawGifts: Layer = (scene, list) => {
  const { state, branch, world, pane } = scene;
  if (!state.layers.gifts) return;
  branch.wantSurvey();
  const { ticks, what } = state.summed;
  const all = flowsOf(branch.survey, spanOf(branch.survey, world.tick, ticks));
  const own = pane.selected !== null && world.isAgent(pane.selected) ? pane.selected : null;
  const shown = largest(all, what, own).filter((flow) => world.isOnMap(flow.from) && world.isOnMap(flow.to));
  const most = Math.max(1, ...shown.map((flow) => sizeOf(flow, what)));
  for (const flow of shown) drawArrow(scene, list, flow, Math.sqrt(sizeOf(flow, what) / most));
};

/** The largest flows; of the selected agent only, if there is one. */
export function largest(flows: readonly Flow[], what: string, agent: number | null, most = MOST_ARROWS): Flow[] {
  const found = flows.filter((flow) => sizeOf(flow, what) > 0 && (agent === null || flow.from === agent || flow.to === agent));
  return found.sort((a, b) => sizeOf(b, what) - sizeOf(a, what)).slice(0, most);
}

function drawArrow({ world, motion }: Scene, list: DrawList, flow: Flow, share: number): void {
  const [ax, ay] = [motion.x(world, flow.from) + 0.5, motion.y(world, flow.from) + 0.5];
  const [bx, by] = [motion.x(world, flow.to) + 0.5, motion.y(world, flow.to) + 0.5];
  const length = Math.hypot(bx - ax, by - ay);
  if (length < 2 * FROM_MIDDLE) return;
  const [dx, dy] = [(bx - ax) / length, (by - ay) / length];
  const side = 0.1; // there and back lie side by side
  const [x0, y0] = [ax + dx * FROM_MIDDLE - dy * side, ay + dy * FROM_MIDDLE + dx * side];
  const [x1, y1] = [bx - dx * FROM_MIDDLE - dy * side, by - dy * FROM_MIDDLE + dx * side];
  const [red, green, blue] = COLORS[flow.kind];
  const color: Color = [red, green, blue, 0.45 + 0.5 * share];
  const width = 0.04 + 0.14 * share;
  list.line(x0, y0, x1, y1, width, color);
  for (const turn of [-0.5, 0.5]) {
    const [hx, hy] = [dx - dy * turn, dy + dx * turn];
    list.line(x1, y1, x1 - hx * HEAD, y1 - hy * HEAD, width, color);
  }
}
