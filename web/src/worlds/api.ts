// What the worlds page asks the server; see mettascope/routes/worlds.py.

import type { AtlasInfo } from "../feed/description";
import type { Looks } from "../feed/looks";
import type { Changes } from "./command";
import type { Drawing, Values } from "./drawing";

export interface Maker {
  name: string;
  tool: string;
  summary: string;
}

export interface Recipe {
  name: string;
  module: string;
  summary: string;
  error: string | null; // why it cannot be used
  makers: Maker[];
}

/** A setting: with a value as one would type it, or with parts. */
export interface Setting {
  name: string;
  path: string;
  type: string;
  about: string;
  value: string | null;
  range?: string;
  default?: string;
  choices?: string[];
  parts?: Setting[];
}

export interface RecipeDetail {
  recipe: string;
  maker: string;
  tool: string;
  makers: string[];
  arguments: Setting[];
  settings: Setting[];
  games: string[]; // paths
}

export interface SceneInfo {
  form: string;
  sentence: string;
  about: string;
  settings: Setting[];
}

export interface SceneGroup {
  title: string;
  scenes: SceneInfo[];
}

/** What maps of a game are drawn with. */
export interface Palette {
  name: string;
  num_agents: number;
  kinds: string[];
  values: Values;
  grounds: string[];
  traces: string[];
  variables: string[];
  caps: number[][]; // [body][variable]
  initial: number[][];
  kind_bodies: number[];
  agent_bodies: number[];
  starts: Record<string, number[]>; // variable -> values that are dealt out to agents
  looks: Looks;
  atlas: AtlasInfo;
}

export interface Preview extends Palette {
  height: number;
  width: number;
  cells: number[];
}

/** A tool that a recipe makes, and one of its games. */
export interface Chosen {
  recipe: string;
  maker: string;
  changes: Changes;
  game?: string;
}

export const api = {
  recipes: () => get<{ recipes: Recipe[]; command: string }>("api/recipes"),
  recipe: (name: string, maker: string | null) => get<RecipeDetail>(`api/recipes/${encodeURIComponent(name)}${maker === null ? "" : `?maker=${encodeURIComponent(maker)}`}`),
  scenes: () => get<{ groups: SceneGroup[] }>("api/scenes"),
  preview: (chosen: Chosen & { seed: number }) => post<Preview>("api/maps/preview", chosen),
  scene: (asked: { scene: string; changes: Changes; height: number; width: number; seed: number }) => post<Preview>("api/maps/scene", asked),
  read: (text: string) => post<Drawing>("api/maps/read", { text }),
  exported: (chosen: Chosen & { map: Drawing; name: string }) => post<{ map_file: string; recipe: string }>("api/maps/export", chosen),
  play: (chosen: Chosen & { map?: Drawing; seed: number }) => post<{ branch: number }>("api/worlds/play", chosen),
};

function get<T>(path: string): Promise<T> {
  return answered<T>(fetch(path));
}

function post<T>(path: string, body: object): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return answered<T>(fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Every refusal is one line, thrown as Error. */
async function answered<T>(request: Promise<Response>): Promise<T> {
  const response = await request.catch(() => {
    throw new Error("the server does not answer");
  });
  if (response.ok) return (await response.json()) as T;
  const told: unknown = await response.json().catch(() => null);
  const line = typeof told === "object" && told !== null && "error" in told ? String(told.error) : `the server refused: ${response.status}`;
  throw new Error(line);
}
