// What the server tells of a branch before its first frame; see mettascope/description.py.

import type { Looks } from "./looks";

export interface Column {
  name: string; // "variable"
  rows: number; // one per variable
  size: number; // one per object
}

export type Aim =
  | { at: "self" }
  | { at: "ahead"; forward: number; right: number } // cells, relative to the heading
  | { at: "toward"; direction: number }; // 0 north, 1 east, 2 south, 3 west

export interface Action {
  name: string; // "attack_3"
  verb: string; // "attack"
  number: number | null;
  aim: Aim;
}

export interface Variable {
  name: string; // "energy"
  of_agents: boolean;
  is_timer: boolean; // counts down by itself
}

/** A condition of a rule; `test` is there if one variable of one thing decides it. */
export interface Condition {
  text: string;
  test: null | {
    op: "at_least" | "at_most" | "has_room";
    variable: number;
    amount: number;
    of: "actor" | "target";
    negated: boolean;
  };
}

/** A rule, taken apart; see mettascope/rule_sheet.py. */
export interface RuleParts {
  on: string[]; // verbs or actions, or "step"
  targets: string[]; // names of kinds, "self" or "empty"
  when: Condition[];
  then: string[];
}

/** The sheet of sprites; see mettagrid/render/atlas. */
export interface AtlasInfo {
  url: string;
  sheet?: Blob; // the sheet itself, of a world from a file
  tile_size: number; // pixels of a tile's side
  padding: number; // pixels around each tile
  columns: number; // tiles in a row
  tiles: Record<string, number>; // number of each tile by name, e.g. "kind:altar"
}

/** How a branch is; it changes while the branch goes on. */
export interface BranchState {
  branch: number;
  title: string;
  parent: number | null; // the branch that it was forked from
  first_tick: number;
  last_tick: number;
  is_live: boolean; // somebody plays, and the episode has not ended
  hands: number[]; // agents that are played by hand
  players: string[]; // addresses of the policies that play
  speed: number; // steps per second at which the server goes on; 0 = it stands still
}

/** All that does not change: names, shapes, rules. */
export interface Description extends BranchState {
  format: "mettascope-world";
  version: number;
  name: string;
  num_agents: number;
  max_steps: number;
  height: number;
  width: number;
  view: { height: number; width: number; heading_up: boolean };
  columns: Column[];
  kinds: string[];
  variables: Variable[];
  stats: string[];
  bodies: string[];
  caps: number[][]; // [body][variable]
  grounds: string[];
  traces: string[];
  actions: Action[];
  rules: string[]; // a sentence each
  rule_parts: RuleParts[]; // of the same rules
  sheet: { title: string; text: string }[]; // what else the game says, in Markdown
  seed: number;
  policy: string;
  looks: Looks;
  atlas: AtlasInfo; // the sprites
  seats: string[]; // address of each agent's policy
  config: unknown; // the whole game
}

export const FORMAT_VERSION = 1;

/** Throws Error with one line if this page cannot show what is described. */
export function checkDescription(description: Description): void {
  if (description.format !== "mettascope-world" || description.version !== FORMAT_VERSION) {
    throw new Error(`this page shows worlds of version ${FORMAT_VERSION}, not ${description.version}`);
  }
}
