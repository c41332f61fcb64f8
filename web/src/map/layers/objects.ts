// Things that are neither walls nor agents.

import type { World } from "../../feed/world";
import type { DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";
import { isVisible, visibleCells } from "../visible";

export const drawObjects: Layer = (scene, list) => {
  const { world, tiles } = scene;
  const cells = visibleCells(scene);
  for (let object = world.description.num_agents; object < world.numObjects; object++) {
    if (!world.isOnMap(object)) continue;
    const row = world.rowOf(object);
    const column = world.columnOf(object);
    if (!isVisible(cells, row, column)) continue;
    const kind = world.kind[object]!;
    if (world.description.looks.kinds[kind]!.is_note) drawNote(scene, list, object, row, column);
    else if (tiles.kind[kind]! >= 0) list.sprite((isResting(world, object) ? tiles.rest : tiles.kind)[kind]!, column, row);
    drawCracks(scene, list, object, row, column);
  }
};

/** Whether a thing waits or has nothing to give. */
export function isResting(world: World, object: number): boolean {
  const { variables, bodies } = world.description.looks;
  for (const variable of variables.waiting) if (world.variable(object, variable) > 0) return true;
  for (const variable of bodies[world.body[object]!]?.stock ?? []) if (world.variable(object, variable) === 0) return true;
  return false;
}

function drawNote({ world, tiles }: Scene, list: DrawList, object: number, row: number, column: number): void {
  const { layout, variables, counts } = world.description.looks;
  const mark = Math.max(1, world.variable(object, variables.mark));
  const [x, y, width, height] = layout.note;
  const tile = tiles.mark[(mark - 1) % Math.max(1, counts.marks)];
  if (tile !== undefined) list.sprite(tile, column + x, row + y, width, height);
}

function drawCracks({ world, tiles }: Scene, list: DrawList, object: number, row: number, column: number): void {
  const { variables, bodies } = world.description.looks;
  const initial = bodies[world.body[object]!]?.hit_points ?? 0;
  const left = initial > 0 ? world.variable(object, variables.hit_points) / initial : 1;
  if (left >= 1) return;
  const worst = tiles.crack.length;
  list.sprite(tiles.crack[Math.min(worst - 1, Math.floor((1 - left) * worst))]!, column, row);
}
