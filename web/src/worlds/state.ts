// What the worlds page shows; part of the page's one state.

import type { Palette, Recipe, RecipeDetail, SceneGroup } from "./api";
import type { Changes } from "./command";
import { makeGrid, type Brush, type Cell, type Grid } from "./grid";
import { History } from "./history";

export type ToolName = "move" | "paint" | "rectangle" | "fill" | "erase";
export type Output = "command" | "drawing" | "file" | "recipe";

/** What is looked at: a recipe's tool or a scene. */
export type Choice = { sort: "recipe"; name: string; maker: string | null } | { sort: "scene"; name: string };

export interface WorldsState {
  recipes: Recipe[];
  groups: SceneGroup[];
  program: string; // how commands begin
  search: string; // in the list
  choice: Choice | null;
  detail: RecipeDetail | null; // of the chosen recipe, when it has come
  game: string | null; // path of the game whose map is shown; null = the first
  changes: Changes; // settings that differ, as typed
  seed: number;
  size: { height: number; width: number }; // of scenes
  palette: Palette | null;
  maps: History<Grid>; // what is shown, and what was shown and edited before
  isEdited: boolean; // the map is not what recipe and seed make
  tool: ToolName;
  brush: Brush;
  marked: { from: Cell; to: Cell } | null; // rectangle that is being drawn
  output: Output;
  name: string; // of an exported recipe
  exported: { map_file: string; recipe: string } | null;
  problem: string; // why there is no preview or no world
  isWaiting: boolean;
  tab: "list" | "settings" | "map"; // which part a narrow screen shows
}

export function initialWorlds(): WorldsState {
  return {
    recipes: [],
    groups: [],
    program: "./metta",
    search: "",
    choice: null,
    detail: null,
    game: null,
    changes: {},
    seed: 0,
    size: { height: 25, width: 41 },
    palette: null,
    maps: new History(makeGrid(0, 0)),
    isEdited: false,
    tool: "move",
    brush: null,
    marked: null,
    output: "command",
    name: "own_map",
    exported: null,
    problem: "",
    isWaiting: false,
    tab: "list",
  };
}
