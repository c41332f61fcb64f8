// Whether a description from a file can be drawn: types, sizes, and what fits together; see docs/formats/baked.md.

import { anything, color, decimal, list, named, oneOf, orMissing, orNull, shape, text, truth, whole, type Check } from "./check";
import type { Description } from "./description";

export const MOST_NUMBERS = 1 << 22; // in all columns together
const MOST_CELLS = 1 << 22;
const MOST_TICKS = 1_000_000;
const MOST_NAMES = 4096;
const MOST_SIDE = 8192; // pixels of the sheet of sprites

const name = text();
const names = list(name, 0, MOST_NAMES);
const count = whole(0, 65536);
const variable = whole(-1, MOST_NAMES);
const variables = list(variable, 0, MOST_NAMES);
const box = list(decimal(-1e6, 1e6), 4, 4);
const corners = list(name, 5, 5);

const aims: Record<string, Check> = {
  self: anything,
  ahead: shape({ forward: whole(-255, 255), right: whole(-255, 255) }),
  toward: shape({ direction: whole(0, 3) }),
};

const aim: Check = (value, where) => {
  shape({ at: oneOf(...Object.keys(aims)) })(value, where);
  aims[(value as { at: string }).at]!(value, where);
};

const looks = shape({
  version: oneOf(1),
  kinds: list(
    shape({ name, tile: orNull(name), rest: orNull(name), wall: oneOf("wall", "border", null), is_note: truth, color }),
    2,
    MOST_NAMES,
  ),
  walls: shape({ wall: corners, border: corners, shadow: corners }),
  variables: shape({
    ...Object.fromEntries(
      ["heading", "energy", "frozen", "shield", "mark", "team", "hit_points", "youth", "sight", "night"].map((role) => [
        role,
        variable,
      ]),
    ),
    waiting: variables,
    stock: variables,
  }),
  bodies: list(shape({ form: count, energy: count, hit_points: count, stock: variables }), 0, MOST_NAMES),
  gems: list(shape({ variable, name, tile: name, color, on_map: truth }), 0, MOST_NAMES),
  grounds: list(shape({ name, tile: name, shade: name, color }), 0, MOST_NAMES),
  traces: list(shape({ name, tile: name, color }), 0, MOST_NAMES),
  events: named(name, 0, 256),
  beams: named(name, 0, 256),
  counts: shape({
    colors: whole(1, 256),
    forms: whole(1, 256),
    ...Object.fromEntries(
      ["teams", "marks", "cracks", "energy_levels", "gems", "gems_of_a_sort"].map((what) => [what, count]),
    ),
  }),
  layout: shape({ gems: list(box, 0, 64), mark: box, note: box, young: box, shadow: box }),
  night: shape({ color, darkest: decimal(-1e6, 1e6), without_sight: decimal(-1e6, 1e6) }),
  colors: shape({
    agents: list(color, 1, 256),
    teams: list(color, 0, 256),
    ...Object.fromEntries(["floor", "floor_shade", "ink", "paper", "heart", "energy"].map((what) => [what, color])),
  }),
});

const condition = shape({
  text: text(4000),
  test: orNull(
    shape({
      op: oneOf("at_least", "at_most", "has_room"),
      variable,
      amount: whole(-(2 ** 31), 2 ** 31),
      of: oneOf("actor", "target"),
      negated: truth,
    }),
  ),
});
const sentences = list(text(4000), 0, MOST_NAMES);
const parts = list(shape({ on: names, targets: names, when: list(condition, 0, 256), then: sentences }), 0, 65536);
const sheet = list(shape({ title: name, text: text(1 << 20) }), 0, 256);

const description = shape({
  format: oneOf("mettascope-world"),
  version: oneOf(1),
  name,
  title: name,
  num_agents: whole(1, 65536),
  max_steps: whole(0, 2 ** 31),
  height: whole(1, MOST_CELLS),
  width: whole(1, MOST_CELLS),
  view: shape({ height: whole(1, 255), width: whole(1, 255), heading_up: truth }),
  columns: list(shape({ name, rows: whole(0, MOST_NUMBERS), size: whole(0, MOST_NUMBERS) }), 0, 64),
  kinds: names,
  variables: list(shape({ name, of_agents: truth, is_timer: truth }), 0, MOST_NAMES),
  stats: names,
  bodies: names,
  caps: list(list(whole(-(2 ** 31), 2 ** 31), 0, MOST_NAMES), 0, MOST_NAMES),
  grounds: names,
  traces: names,
  actions: list(shape({ name, verb: name, number: orNull(whole(-(2 ** 31), 2 ** 31)), aim }), 1, 32767),
  rules: list(text(4000), 0, 65536),
  rule_parts: orMissing(parts),
  sheet: orMissing(sheet),
  looks,
  atlas: shape({
    tile_size: whole(1, 512),
    padding: whole(0, 64),
    columns: whole(1, 256),
    tiles: named(whole(0, 255), 1, 256),
  }),
  policy: text(4000),
  first_tick: whole(0, 2 ** 31),
  last_tick: whole(0, 2 ** 31),
});

/** A description with a title. Throws Error with one line if it cannot be drawn. */
export function asDescription(world: unknown): Description {
  description(world, "");
  const told = world as Description;
  if (told.height * told.width > MOST_CELLS) throw new Error(`a map has at most ${MOST_CELLS} cells`);
  const ticks = told.last_tick - told.first_tick + 1;
  if (ticks < 1 || ticks > MOST_TICKS) throw new Error(`an archive has 1 to ${MOST_TICKS} ticks`);
  if (told.looks.kinds.length !== told.kinds.length) throw new Error("looks.kinds and kinds must be equally long");
  if (told.caps.some((caps) => caps.length !== told.variables.length)) throw new Error("caps must be of all variables");
  checkColumns(told);
  checkSheet(told);
  return { ...told, rule_parts: told.rule_parts ?? [], sheet: told.sheet ?? [] };
}

function checkColumns(told: Description): void {
  const shapes = new Map(told.columns.map((column) => [column.name, [column.rows, column.size]]));
  const objects = shapes.get("kind")?.[1] ?? 0;
  const [agents, cells] = [told.num_agents, told.height * told.width];
  const wanted: Record<string, number[]> = {
    kind: [1, objects], cell: [1, objects], body: [1, objects], variable: [told.variables.length, objects],
    reward: [1, agents], action: [1, agents], partner: [1, agents], stat: [told.stats.length, agents],
  };
  for (const part of ["ground", "trace"]) wanted[part] = [1, shapes.get(part)?.[1] === 0 ? 0 : cells];
  for (const [column, rowsAndSize] of Object.entries(wanted)) {
    if (String(shapes.get(column)) !== String(rowsAndSize)) throw new Error(`column ${column} has another shape`);
  }
  const kin = shapes.get("kinship") ?? [0, 0];
  if (kin.some((side) => side !== kin[0] || (side !== 0 && side !== agents))) throw new Error("kinship has another shape");
  if (shapes.size !== told.columns.length) throw new Error("two columns have the same name");
  if (objects < agents) throw new Error("each agent is an object, too");
  const numbers = told.columns.reduce((sum, column) => sum + column.rows * column.size, 0);
  if (numbers > MOST_NUMBERS) throw new Error(`all columns together have at most ${MOST_NUMBERS} numbers`);
}

function checkSheet({ atlas }: Description): void {
  const numbers = Object.values(atlas.tiles).sort((left, right) => left - right);
  if (numbers.some((number, i) => number !== i)) throw new Error("tiles must be numbered from 0");
  const { width, height } = sheetSize(atlas);
  if (Math.max(width, height) > MOST_SIDE) throw new Error(`a sheet has at most ${MOST_SIDE} x ${MOST_SIDE} pixels`);
}

/** Pixels of the sheet of sprites. */
export function sheetSize(atlas: Description["atlas"]): { width: number; height: number } {
  const pitch = atlas.tile_size + 2 * atlas.padding;
  const rows = Math.ceil(Object.keys(atlas.tiles).length / atlas.columns);
  return { width: atlas.columns * pitch, height: rows * pitch };
}
