// Everything the page shows, in one object. Drawing reads it, input changes it through `App.change`.

import type { BranchState } from "./feed/description";
import type { Hand } from "./play/hands";
import { initialWorlds, type WorldsState } from "./worlds/state";

export type Theme = "auto" | "light" | "dark" | "contrast";
export type Page = "watch" | "worlds";

/** One picture of a world; two stand side by side to compare futures, at the same tick. */
export interface Pane {
  branch: number;
  selected: number | null; // object or agent, e.g. agent 3
  isFollowing: boolean; // the camera stays with the selected agent
  camera: Camera;
}

/** Where a pane looks. */
export interface Camera {
  x: number; // cell in the middle, columns from the left edge of the map
  y: number; // rows from the upper edge
  scale: number; // CSS pixels per cell; 0 = fit the map when it is first drawn
}

/** Which layers are drawn. */
export interface Layers {
  grid: boolean;
  vision: boolean; // what the selected agent can see
  fog: boolean; // darken what it cannot see
  heat: boolean; // where agents have been
  footprints: boolean; // where the selected agent has been
  future: boolean; // where it will go
  kinship: boolean; // links to kin
  gifts: boolean; // who gave to and took from whom
  attention: boolean; // where the policy of the selected agent looks
}

export interface State {
  page: Page;
  isConnected: boolean;
  mayControl: boolean;
  branches: BranchState[]; // what is open on the server
  panes: Pane[]; // one or two
  focus: number; // index of the pane that keys and panels are about
  tick: number; // of all panes; fractions between two ticks move smoothly
  isPlaying: boolean;
  speed: number; // ticks per second
  layers: Layers;
  theme: Theme;
  palette: string; // of sprites: "auto", "light", "colorblind" ...
  openPanels: string[]; // ids of panels, e.g. ["agents", "inspector"]
  summed: { ticks: number; what: string }; // what the graph of gifts adds up: ticks before the present one; see feed/flows.ts
  pinned: number[]; // agents and objects that keep an inspector
  hands: Record<number, Hand[]>; // by branch: agents that this page plays
  isLinked: boolean; // cameras of two panes look at the same place
  aiming: string | null; // verb whose target or choice is asked for
  refused: string; // why the last key of a player did nothing
  isHelpOpen: boolean;
  isUiHidden: boolean; // only the map
  wantedTick: number | null; // of a link, until its world has come
  worlds: WorldsState; // the page "worlds"
  messages: string[]; // what went wrong, the last one shown
}

export function initialState(): State {
  return {
    page: "watch",
    isConnected: false,
    mayControl: false,
    branches: [],
    panes: [],
    focus: 0,
    tick: 0,
    isPlaying: false,
    speed: 10,
    layers: {
      grid: false,
      vision: true,
      fog: false,
      heat: false,
      footprints: false,
      future: false,
      kinship: false,
      gifts: false,
      attention: false,
    },
    theme: "auto",
    palette: "auto",
    openPanels: ["agents", "inspector"],
    summed: { ticks: 100, what: "times" },
    pinned: [],
    hands: {},
    isLinked: true,
    aiming: null,
    refused: "",
    isHelpOpen: false,
    isUiHidden: false,
    wantedTick: null,
    worlds: initialWorlds(),
    messages: [],
  };
}

/** The pane that keys and panels are about; null as long as nothing is shown. */
export function focusedPane(state: State): Pane | null {
  return state.panes[state.focus] ?? null;
}
