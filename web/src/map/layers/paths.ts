// Where the selected agent has been, and where it will go as far as that is recorded.

import { fromHex } from "../color";
import type { Color, DrawList } from "../draw_list";
import type { Layer, Scene } from "../layer";

const MOST_TICKS = 150;
const WIDTH = 0.12; // in cells
const FARTHEST_STEP = 3; // who is farther away did not walk

export const drawPaths: Layer = (scene, list) => {
  const { state, pane, world, branch } = scene;
  if (pane.selected === null || !world.isAgent(pane.selected)) return;
  if (!state.layers.footprints && !state.layers.future) return;
  branch.wantSurvey();
  const { agents, paper } = world.description.looks.colors;
  const color = fromHex(agents[pane.selected % agents.length] ?? paper);
  if (state.layers.footprints) drawPath(scene, list, world.tick - MOST_TICKS, world.tick, color);
  if (state.layers.future) drawPath(scene, list, world.tick, world.tick + MOST_TICKS, fromHex(paper));
};

function drawPath({ branch, pane, world }: Scene, list: DrawList, first: number, last: number, color: Color): void {
  const { width } = world.description;
  const [red, green, blue] = color;
  const start = Math.max(first, branch.survey.first);
  const end = Math.min(last, branch.survey.end - 1);
  for (let tick = start; tick < end; tick++) {
    const from = branch.survey.cell(tick, pane.selected!);
    const to = branch.survey.cell(tick + 1, pane.selected!);
    if (from < 0 || to < 0 || from === to) continue;
    const [x0, y0] = [(from % width) + 0.5, Math.floor(from / width) + 0.5];
    const [x1, y1] = [(to % width) + 0.5, Math.floor(to / width) + 0.5];
    if (Math.abs(x1 - x0) + Math.abs(y1 - y0) > FARTHEST_STEP) continue;
    const age = Math.abs(world.tick - tick) / MOST_TICKS;
    list.line(x0, y0, x1, y1, WIDTH, [red, green, blue, 0.9 * (1 - age)]);
  }
}
