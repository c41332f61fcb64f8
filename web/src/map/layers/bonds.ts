// Mates: a line between them, and a heart in its middle.

import { fromHex } from "../color";
import type { Layer } from "../layer";

export const drawBonds: Layer = ({ world, motion, tiles }, list) => {
  const { looks, num_agents } = world.description;
  const color = fromHex(looks.colors.heart, 0.7);
  for (let agent = 0; agent < num_agents; agent++) {
    const mate = world.partner[agent]! - 1;
    if (mate <= agent || !world.isOnMap(agent) || !world.isOnMap(mate)) continue;
    const [x0, y0] = [motion.x(world, agent) + 0.5, motion.y(world, agent) + 0.5];
    const [x1, y1] = [motion.x(world, mate) + 0.5, motion.y(world, mate) + 0.5];
    list.line(x0, y0, x1, y1, 0.08, color);
    const heart = looks.events.heart;
    if (heart !== undefined) list.sprite(tiles.find(heart), (x0 + x1) / 2 - 0.25, (y0 + y1) / 2 - 0.25, 0.5, 0.5);
  }
};
