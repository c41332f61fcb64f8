// A layer draws one aspect of a world onto the map. Each is a file in map/layers; map/layers/index.ts has their order.

import type { Branch } from "../feed/branch";
import type { World } from "../feed/world";
import type { Pane, State } from "../state";
import type { Size } from "./camera";
import type { Color, DrawList } from "./draw_list";
import type { Motion } from "./motion";
import type { Tiles } from "./tiles";

/** Colours of the map where it is too small for tiles. */
export interface MapColors {
  floor: Color;
  grounds: Color[]; // [ground]
}

/** All that a layer may look at. */
export interface Scene {
  world: World;
  branch: Branch;
  pane: Pane;
  state: State;
  motion: Motion; // where agents are on their way from the tick before
  size: Size; // of the pane in CSS pixels
  tiles: Tiles;
  colors: MapColors;
  seconds: number; // since the page was opened, for what pulses
}

export type Layer = (scene: Scene, list: DrawList) => void;
