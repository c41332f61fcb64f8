// The cells among which the player of the selected agent chooses, with their numbers.

import { targetsOf } from "../../play/targets";
import { verbsOf } from "../../play/verbs";
import { fromHex } from "../color";
import type { Color, DrawList } from "../draw_list";
import type { Layer } from "../layer";

// Strokes of the digits, from point to point: 0 and 1 are the upper corners, 2 and 3 the middle, 4 and 5 the lower ones.
const STROKES = ["", "15", "01 13 32 24 45", "01 15 23 45", "02 23 15", "10 02 23 35 54", "10 04 45 53 32", "01 15",
  "01 15 54 40 23", "32 20 01 15 54"].map((strokes) => strokes.split(" ")); // prettier-ignore

export const drawTargets: Layer = ({ world, branch, pane, state }, list) => {
  const hand = (state.hands[branch.number] ?? []).find((own) => own.agent === pane.selected);
  const verb = verbsOf(branch.description.actions).find((candidate) => candidate.name === state.aiming);
  if (hand === undefined || verb === undefined) return;
  const { energy, ink, paper } = world.description.looks.colors;
  for (const { cell, digit, isPossible } of targetsOf(world, hand, verb)) {
    list.rectangle(cell.column, cell.row, 1, 1, fromHex(energy, isPossible ? 0.35 : 0.12));
    list.frame(cell.column + 0.03, cell.row + 0.03, 0.94, 0.94, 0.05, fromHex(energy, isPossible ? 1 : 0.4));
    if (!isPossible) continue;
    list.disc(cell.column + 0.2, cell.row + 0.22, 0.18, fromHex(ink));
    drawDigit(list, digit, cell.column + 0.15, cell.row + 0.12, 0.1, fromHex(paper));
  }
};

/** A digit from strokes; `x`, `y` is its upper left corner, and it is twice as high as wide. */
function drawDigit(list: DrawList, digit: number, x: number, y: number, width: number, color: Color): void {
  for (const stroke of STROKES[digit] ?? []) {
    const [from, to] = [Number(stroke[0]), Number(stroke[1])];
    const px = (point: number) => x + (point % 2) * width;
    const py = (point: number) => y + Math.floor(point / 2) * width;
    list.line(px(from), py(from), px(to), py(to), width / 2.5, color);
  }
}
