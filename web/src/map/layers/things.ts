import type { Layer } from "../layer";

export const drawThings: Layer = ({ world, motion }, list) => {
  for (let object = 0; object < world.numObjects; object++) {
    if (!world.isOnMap(object)) continue;
    const isAgent = world.isAgent(object);
    const x = isAgent ? motion.x(world, object) : world.columnOf(object);
    const y = isAgent ? motion.y(world, object) : world.rowOf(object);
    if (isAgent) list.disc(x + 0.5, y + 0.5, 0.4, [0.9, 0.3, 0.3, 1]);
    else list.rectangle(x, y, 1, 1, [0.3, 0.3, 0.1 * (world.kind[object] ?? 0), 1]);
  }
};
