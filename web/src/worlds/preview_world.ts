// A world from a map: as a frame would bring it at the start of an episode, so that all layers can draw it.

import type { Column, Description } from "../feed/description";
import { World } from "../feed/world";
import type { Palette } from "./api";
import { AGENT, EMPTY, groundOf, kindOf, type Grid } from "./grid";

/** The description of worlds of this size, with what drawing needs. */
export function describeMap(palette: Palette, grid: Grid, numAgents: number, numObjects: number): Description {
  const columns: Column[] = [
    { name: "kind", rows: 1, size: numObjects },
    { name: "cell", rows: 1, size: numObjects },
    { name: "body", rows: 1, size: numObjects },
    { name: "variable", rows: palette.variables.length, size: numObjects },
    { name: "ground", rows: 1, size: palette.grounds.length > 0 ? grid.cells.length : 0 },
  ];
  return {
    ...{ format: "mettascope-world", version: 1, branch: 0, title: palette.name, parent: null, first_tick: 0, last_tick: 0 },
    ...{ is_live: false, hands: [], players: [], speed: 0, max_steps: 0, seed: 0, policy: "", seats: [], config: null },
    ...{ stats: [], bodies: [], actions: [], rules: [], rule_parts: [], sheet: [] },
    ...{ name: palette.name, kinds: palette.kinds, caps: palette.caps, grounds: palette.grounds, traces: palette.traces },
    ...{ looks: palette.looks, atlas: palette.atlas, height: grid.height, width: grid.width, num_agents: numAgents, columns },
    view: { height: 1, width: 1, heading_up: false },
    variables: palette.variables.map((name) => ({ name, of_agents: true, is_timer: false })),
  };
}

/** The world of a map, agents first, in reading order. */
export function worldOf(palette: Palette, grid: Grid): World {
  const agents: number[] = [];
  const things: number[] = [];
  grid.cells.forEach((value, cell) => {
    if (kindOf(value) === AGENT) agents.push(cell);
    else if (kindOf(value) !== EMPTY) things.push(cell);
  });
  const cells = [...agents, ...things];
  const world = new World(describeMap(palette, grid, agents.length, cells.length));
  const kinds = cells.map((cell) => kindOf(grid.cells[cell]!));
  const bodies = kinds.map((kind, object) => bodyOf(palette, kind, object));
  const variables = palette.variables.flatMap((name, index) =>
    bodies.map((body, object) => (object < agents.length ? dealt(palette, name, object) : undefined) ?? palette.initial[body]?.[index] ?? 0),
  );
  const grounds = palette.grounds.length > 0 ? Array.from(grid.cells, groundOf) : [];
  world.apply(keyFrame([kinds, cells.map((cell) => cell + 1), bodies, variables, grounds]));
  return world;
}

function bodyOf(palette: Palette, kind: number, object: number): number {
  if (kind !== AGENT) return palette.kind_bodies[kind] ?? 0;
  return palette.agent_bodies[object % Math.max(1, palette.agent_bodies.length)] ?? 0;
}

function dealt(palette: Palette, variable: string, agent: number): number | undefined {
  const values = palette.starts[variable];
  return values?.[agent % values.length];
}

/** The frame that brings a world from nothing to these columns. */
function keyFrame(columns: number[][]): Uint8Array {
  const bytes: number[] = [];
  const put = (number: number) => {
    for (; number >= 128; number = Math.floor(number / 128)) bytes.push((number % 128) + 128);
    bytes.push(number);
  };
  put(0); // the tick
  put(0); // it builds on none
  for (const [number, column] of columns.entries()) {
    const places = [...column.keys()].filter((place) => column[place] !== 0);
    if (places.length === 0) continue;
    put(number);
    put(places.length);
    places.forEach((place, i) => put(place - (places[i - 1] ?? 0)));
    for (const place of places) put(column[place]! < 0 ? -2 * column[place]! - 1 : 2 * column[place]!);
  }
  put(columns.length);
  put(0); // no events
  return Uint8Array.from(bytes);
}
