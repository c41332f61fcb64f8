// Agents, put together from parts that show what they are and have.

import type { World } from "../../feed/world";
import type { DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";
import { isVisible, visibleCells } from "../visible";

const GEM_SCALE = 14; // CSS pixels per cell below which nobody sees what agents carry

export const drawAgents: Layer = (scene, list) => {
  const { world, motion } = scene;
  const cells = visibleCells(scene);
  for (let agent = 0; agent < world.description.num_agents; agent++) {
    if (!world.isOnMap(agent) || !isVisible(cells, world.rowOf(agent), world.columnOf(agent))) continue;
    const isYoung = world.variable(agent, world.description.looks.variables.youth) > 0;
    const [left, top, size] = isYoung ? world.description.looks.layout.young : [0, 0, 1];
    drawAgent(scene, list, agent, motion.x(world, agent) + left!, motion.y(world, agent) + top!, size!);
  }
};

function drawAgent({ world, tiles, pane }: Scene, list: DrawList, agent: number, x: number, y: number, size: number): void {
  const { variables, counts, bodies, layout } = world.description.looks;
  const value = (variable: number) => world.variable(agent, variable);
  const put = (tile: number, [left, top, width, height] = WHOLE_CELL) =>
    list.sprite(tile, x + left * size, y + top * size, width * size, height * size);
  const body = bodies[world.body[agent]!]!;
  const team = value(variables.team);
  if (team > 0 && counts.teams > 0) put(tiles.team[(team - 1) % counts.teams]!);
  if (value(variables.shield) > 0) put(tiles.shield);
  put(tiles.agent[agent % counts.colors]![body.form % counts.forms]![value(variables.heading) & 3]!);
  if (body.energy > 0) put(tiles.bar[Math.ceil((value(variables.energy) / body.energy) * counts.energy_levels)] ?? tiles.bar[0]!);
  if (pane.camera.scale >= GEM_SCALE) carriedGems(world, agent).forEach((gem, place) => put(tiles.gem[gem]!, layout.gems[place]));
  if (value(variables.frozen) > 0) put(tiles.ice);
  const mark = value(variables.mark);
  if (mark > 0 && counts.marks > 0) put(tiles.mark[(mark - 1) % counts.marks]!, layout.mark);
}

const WHOLE_CELL: [number, number, number, number] = [0, 0, 1, 1];

/** Which gems an agent shows at its feet: a few of each sort, as many as there are places. */
function carriedGems(world: World, agent: number): number[] {
  const { gems, counts } = world.description.looks;
  const shown: number[] = [];
  for (const [index, gem] of gems.entries()) {
    const amount = gem.on_map ? Math.min(counts.gems_of_a_sort, world.variable(agent, gem.variable)) : 0;
    for (let i = 0; i < amount; i++) shown.push(index);
  }
  return shown.slice(0, counts.gems);
}
