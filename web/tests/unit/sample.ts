// A small world for tests: three agents, an altar and a bush on a map of 4 x 5 cells, and whatever happened in it.

import type { Description } from "../../src/feed/description";
import { WHAT, World, type WorldEvent } from "../../src/feed/world";

export const ALTAR = 3; // objects
export const BUSH = 4;
export const ENERGY = 0; // variables
export const FROZEN = 1;
export const HEART = 2;

const NUM_AGENTS = 3;
const NUM_OBJECTS = 5;
const VARIABLES = ["energy", "frozen", "heart"];

const LOOKS = {
  variables: { heading: -1, energy: ENERGY, frozen: FROZEN, mark: -1, team: -1 },
  colors: { agents: ["#ff0000", "#00ff00"], paper: "#ffffff" },
  gems: [{ variable: HEART }],
  kinds: [],
};

/** A description with what the tests need; `more` changes it. */
export function describeSample(more: Partial<Description> = {}): Description {
  return {
    num_agents: NUM_AGENTS,
    width: 5,
    height: 4,
    columns: [
      { name: "kind", rows: 1, size: NUM_OBJECTS },
      { name: "cell", rows: 1, size: NUM_OBJECTS },
      { name: "body", rows: 1, size: NUM_OBJECTS },
      { name: "variable", rows: VARIABLES.length, size: NUM_OBJECTS },
      { name: "reward", rows: 1, size: NUM_AGENTS },
      { name: "action", rows: 1, size: NUM_AGENTS },
      { name: "partner", rows: 1, size: NUM_AGENTS },
      { name: "stat", rows: 1, size: NUM_AGENTS },
    ],
    kinds: ["empty", "agent", "altar", "berry_bush"],
    variables: VARIABLES.map((name) => ({ name, of_agents: true, is_timer: name === "frozen" })),
    stats: ["hearts.made"],
    bodies: ["person"],
    caps: [[100, 10, 1000], [0, 20, 0]],
    actions: [
      { name: "noop", verb: "noop", number: null, aim: { at: "self" } },
      { name: "use", verb: "use", number: null, aim: { at: "ahead", forward: 1, right: 0 } },
    ],
    rules: ["use altar: if own energy is at least 50: take 50 energy, add 1 heart", "each step, agent: add 1 energy"],
    rule_parts: [],
    grounds: [],
    traces: [],
    looks: LOOKS,
    ...more,
  } as unknown as Description;
}

export interface Sample {
  tick?: number;
  energy?: number[]; // [object]
  frozen?: number[];
  events?: WorldEvent[];
  away?: number[]; // agents that are not there
  kinship?: number[]; // [agent][agent] of 240
}

/** A world as a key frame brings it. */
export function makeWorld(sample: Sample = {}, more: Partial<Description> = {}): World {
  const described = describeSample(more);
  if (sample.kinship !== undefined) described.columns.push({ name: "kinship", rows: NUM_AGENTS, size: NUM_AGENTS });
  const world = new World(described);
  const kinds = [1, 1, 1, 2, 3].map((kind, object) => (sample.away?.includes(object) ? 0 : kind));
  const energy = filled(sample.energy);
  const frozen = filled(sample.frozen);
  const columns = [kinds, [1, 2, 3, 8, 9], [0, 0, 0, 1, 1], [...energy, ...frozen, ...filled()], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]];
  if (sample.kinship !== undefined) columns.push(sample.kinship);
  world.apply(keyFrame(sample.tick ?? 1, columns));
  world.events = sample.events ?? [];
  return world;
}

/** An event of which only some fields are given. */
export function happened(what: (typeof WHAT)[number], fields: Partial<WorldEvent> = {}): WorldEvent {
  const none = { rule: -1, actor: -1, source: -1, target: -1, variable: -1, amount: 0, cell: -1 };
  return { what: WHAT.indexOf(what), ...none, ...fields };
}

function filled(values: number[] = []): number[] {
  return Array.from({ length: NUM_OBJECTS }, (_, object) => values[object] ?? 0);
}

function keyFrame(tick: number, columns: number[][]): Uint8Array {
  const numbers = [tick, 0];
  for (const [number, column] of columns.entries()) {
    const places = column.flatMap((value, place) => (value !== 0 ? [place] : []));
    if (places.length === 0) continue;
    numbers.push(number, places.length, ...places.map((place, i) => place - (places[i - 1] ?? 0)), ...places.map((place) => fold(column[place]!)));
  }
  return packVarints([...numbers, columns.length, 0]);
}

/** Signed numbers as varints keep them. */
export function fold(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function packVarints(numbers: number[]): Uint8Array {
  const bytes: number[] = [];
  for (let number of numbers) {
    while (number >= 128) {
      bytes.push((number % 128) + 128);
      number = Math.floor(number / 128);
    }
    bytes.push(number);
  }
  return Uint8Array.from(bytes);
}
