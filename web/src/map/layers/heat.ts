// Where agents have been up to now: the more often, the warmer.

import type { Branch } from "../../feed/branch";
import type { Color } from "../draw_list";
import { Heat } from "../heat";
import type { Layer } from "../layer";
import { visibleCells } from "../visible";

const heats = new WeakMap<Branch, Heat>();

export const drawHeat: Layer = (scene, list) => {
  const { state, branch, world } = scene;
  if (!state.layers.heat) return;
  branch.wantSurvey();
  const { width, height } = world.description;
  const heat = heats.get(branch) ?? new Heat(branch.survey, width * height);
  heats.set(branch, heat);
  heat.moveTo(world.tick);
  const cells = visibleCells(scene);
  for (let row = cells.top; row < cells.bottom; row++) {
    for (let column = cells.left; column < cells.right; column++) {
      const visits = heat.visits[row * width + column]!;
      if (visits > 0) list.rectangle(column, row, 1, 1, warmth(Math.log1p(visits) / Math.log1p(heat.most)));
    }
  }
};

/** From see-through violet over orange to yellow; light and dark differ as well, for those who see few colours. */
function warmth(share: number): Color {
  const red = 0.35 + 0.65 * share;
  const green = 0.05 + 0.8 * share * share;
  const blue = 0.45 * (1 - share);
  return [red, green, blue, 0.25 + 0.5 * share];
}
