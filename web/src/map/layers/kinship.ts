// Links to kin: of the selected agent, or of all if there are few. The nearer, the thicker.

import { nearestKin } from "../../panels/kin/order";
import { fromHex } from "../color";
import type { DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";

const MOST_LINKS = 64; // of one agent
const MOST_AGENTS = 64; // of which all links are shown
const NEAR = 0.25; // score from which links of all are shown

export const drawKinship: Layer = (scene, list) => {
  const { state, pane, world } = scene;
  if (!state.layers.kinship || !world.hasKinship) return;
  if (pane.selected !== null && world.isAgent(pane.selected)) {
    drawLinks(scene, list, pane.selected, 0);
  } else if (world.description.num_agents <= MOST_AGENTS) {
    for (let agent = 0; agent < world.description.num_agents; agent++) drawLinks(scene, list, agent, NEAR);
  }
};

function drawLinks({ world, motion }: Scene, list: DrawList, agent: number, least: number): void {
  if (!world.isOnMap(agent)) return;
  const [red, green, blue] = fromHex(world.description.looks.colors.energy);
  const [x0, y0] = [motion.x(world, agent) + 0.5, motion.y(world, agent) + 0.5];
  for (const kin of nearestKin(world, agent, MOST_LINKS)) {
    if (kin.score < least || !world.isOnMap(kin.agent)) continue;
    const [x1, y1] = [motion.x(world, kin.agent) + 0.5, motion.y(world, kin.agent) + 0.5];
    list.line(x0, y0, x1, y1, 0.04 + 0.1 * kin.score, [red, green, blue, 0.25 + 0.6 * kin.score]);
  }
}
