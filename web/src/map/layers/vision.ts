// What the selected agent can see: a frame around it, and darkness over the rest.

import type { Color } from "../draw_list";
import type { Layer, Scene } from "../layer";

const FRAME: Color = [1, 1, 1, 0.7];
const FOG: Color = [0, 0, 0, 0.55];
const TURNS_SIDEWAYS = 1; // odd headings (east, west)

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const drawVision: Layer = (scene, list) => {
  const box = seenBy(scene);
  if (box === null) return;
  if (scene.state.layers.fog) {
    const { width, height } = scene.world.description;
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    list.rectangle(0, 0, width, box.y, FOG);
    list.rectangle(0, bottom, width, height - bottom, FOG);
    list.rectangle(0, box.y, box.x, box.height, FOG);
    list.rectangle(right, box.y, width - right, box.height, FOG);
  }
  if (scene.state.layers.vision) list.frame(box.x, box.y, box.width, box.height, 0.06, FRAME);
};

/** The cells that the selected agent can see; null if nobody is selected. Night and bodies may make it smaller. */
function seenBy({ world, pane, motion }: Scene): Box | null {
  const agent = pane.selected;
  if (agent === null || !world.isAgent(agent) || !world.isOnMap(agent)) return null;
  const { view, looks } = world.description;
  const heading = world.variable(agent, looks.variables.heading);
  const isTurned = view.heading_up && heading % 2 === TURNS_SIDEWAYS;
  const [width, height] = isTurned ? [view.height, view.width] : [view.width, view.height];
  const x = motion.x(world, agent) - (width - 1) / 2;
  const y = motion.y(world, agent) - (height - 1) / 2;
  return { x, y, width, height };
}
