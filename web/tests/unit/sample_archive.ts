// A small archive for tests: two agents and a wall, three ticks.

import { joined, makeZip, type Part } from "./sample_zip";

const KINDS = ["empty", "agent", "wall"];

/** Fresh on each call, so that tests may break it. */
export function sampleWorld() {
  const color = "#102030";
  const box = [0, 0, 1, 1];
  const kinds = KINDS.map((name) => ({ name, tile: null, rest: null, wall: null, is_note: false, color }));
  const roles = ["heading", "energy", "frozen", "shield", "mark", "team", "hit_points", "youth", "sight", "night"];
  return {
    format: "mettascope-world", version: 1, name: "sample", title: "a sample", seed: 1, policy: "", num_agents: 2,
    max_steps: 3, first_tick: 0, last_tick: 2, height: 4, width: 5,
    view: { height: 3, width: 3, heading_up: false },
    columns: [
      ...["kind", "cell", "body"].map((name) => ({ name, rows: 1, size: 3 })),
      { name: "variable", rows: 1, size: 3 },
      ...["reward", "action", "partner"].map((name) => ({ name, rows: 1, size: 2 })),
      { name: "stat", rows: 0, size: 2 },
      { name: "ground", rows: 1, size: 20 },
      { name: "trace", rows: 1, size: 0 },
    ],
    kinds: KINDS, variables: [{ name: "heading", of_agents: true, is_timer: false }], stats: [] as string[],
    bodies: ["default"], caps: [[3], [0]], grounds: [] as string[], traces: [] as string[],
    actions: [{ name: "noop", verb: "noop", number: null, aim: { at: "self" } }], rules: [] as string[],
    looks: {
      version: 1, kinds,
      walls: { wall: Array(5).fill("a"), border: Array(5).fill("a"), shadow: Array(5).fill("a") },
      variables: { ...Object.fromEntries(roles.map((role) => [role, -1])), waiting: [], stock: [] },
      bodies: [], gems: [], grounds: [], traces: [], events: {}, beams: {},
      counts: { colors: 1, forms: 1, teams: 0, marks: 0, cracks: 3, energy_levels: 8, gems: 6, gems_of_a_sort: 3 },
      layout: { gems: [box], mark: box, note: box, young: box, shadow: box },
      night: { color, darkest: 0.5, without_sight: 0.5 },
      colors: { agents: [color], teams: [], floor: color, floor_shade: color, ink: color, paper: color, heart: color, energy: color },
    },
    atlas: { tile_size: 16, padding: 1, columns: 2, tiles: { unknown: 0, floor: 1 } },
  };
}

export type SampleWorld = ReturnType<typeof sampleWorld>;

// Tick 0: three things of kinds 1, 1, 2 on cells 6, 7, 8. Ticks 1 and 2: agent 0 goes a row down.
const FRAMES = [
  [0, 0, 0, 3, 0, 1, 1, 2, 2, 4, 1, 3, 0, 1, 1, 12, 14, 16, 10, 0],
  [1, 1, 1, 1, 0, 10, 10, 0],
  [2, 2, 1, 1, 0, 10, 10, 0],
];
export const CHUNK = joined(FRAMES.map((frame) => Uint8Array.of(frame.length, ...frame)));
// first 0, 3 ticks, 2 agents, no marks; cells 6 7, +5 0, +5 0; actions; rewards
export const SURVEY = Uint8Array.of(0, 3, 2, 0, 12, 14, 10, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

export function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x89504e47);
  view.setUint32(4, 0x0d0a1a0a);
  view.setUint32(12, 0x49484452);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

export function sampleHeader(world: unknown = sampleWorld()): Record<string, unknown> {
  return { format: "mettascope-archive", version: 1, metta_version: "0", chunk_ticks: 50, survey_ticks: 500, world };
}

export function sampleParts(header: unknown = sampleHeader()): Part[] {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  return [
    { name: "header.json", data: new TextEncoder().encode(text), isDeflated: true },
    { name: "atlas.png", data: png(36, 18) },
    { name: "chunks/00000000", data: CHUNK, isDeflated: true },
    { name: "surveys/00000000", data: SURVEY },
  ];
}

export async function sampleArchive(header?: unknown): Promise<Uint8Array> {
  return makeZip(sampleParts(header));
}
