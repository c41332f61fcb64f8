// Share links: what is looked at, in the part of the address that browsers send to nobody. Never a token.

import type { App } from "../app";
import type { Layers, Pane, State } from "../state";

/** What a link restores. */
export interface Shared {
  tick: number | null;
  panes: Pane[];
  focus: number;
  layers: (keyof Layers)[] | null; // those that are drawn
  panels: string[] | null;
}

const FINEST = 100; // hundredths of a cell and of a pixel

/** The fragment for what is looked at: "tick=120&panes=1.5.12.5.8.25.32~2&layers=grid.fog". */
export function writeShared(state: State): string {
  const layers = Object.entries(state.layers).flatMap(([name, isOn]) => (isOn ? [name] : []));
  const parts: [string, string][] = [
    ["tick", String(Math.round(state.tick))],
    ["panes", state.panes.map(writePane).join("~")],
    ["focus", String(state.focus)],
    ["layers", layers.join(".")],
    ["panels", state.openPanels.join(".")],
  ];
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** What a fragment says; null if it says nothing of panes. What is no number or name is left out. */
export function readShared(fragment: string): Shared | null {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const written = (parts.get("panes") ?? "").split("~").slice(0, 2);
  const panes = written.map(readPane).filter((pane) => pane !== null);
  if (panes.length === 0) return null;
  const layers = parts.get("layers");
  const panels = parts.get("panels");
  return {
    tick: count(parts.get("tick")),
    panes,
    focus: Math.min(panes.length - 1, count(parts.get("focus")) ?? 0),
    layers: layers === null ? null : (names(layers) as (keyof Layers)[]),
    panels: panels === null ? null : names(panels),
  };
}

/** The address of the page as it looks now. */
export function linkTo(state: State, address: Location): string {
  return `${address.origin}${address.pathname}${address.search}#${writeShared(state)}`;
}

/** Shows what a link asked for, as far as it is open here. */
export function restore(app: App, shared: Shared): void {
  const open = app.state.branches.map((branch) => branch.branch);
  const panes = shared.panes.filter((pane) => open.includes(pane.branch));
  panes.forEach((pane, index) => {
    if (app.state.panes[index]?.branch !== pane.branch) app.showBranch(pane.branch, index > 0);
    Object.assign(app.state.panes[index]!, { ...pane });
  });
  app.change((state) => {
    state.focus = Math.min(shared.focus, Math.max(0, state.panes.length - 1));
    if (shared.layers !== null) setLayers(state.layers, shared.layers);
    if (shared.panels !== null) state.openPanels = shared.panels;
    state.wantedTick = panes.length > 0 ? shared.tick : null;
  });
}

function setLayers(layers: Layers, wanted: readonly string[]): void {
  for (const name of Object.keys(layers) as (keyof Layers)[]) layers[name] = wanted.includes(name);
}

function writePane({ branch, selected, isFollowing, camera }: Pane): string {
  const numbers = [camera.x, camera.y, camera.scale].map((value) => Math.round(value * FINEST));
  return [branch, selected ?? "", isFollowing ? 1 : 0, ...numbers].join(".");
}

function readPane(text: string): Pane | null {
  const [branch, selected, isFollowing, x, y, scale] = text.split(".");
  const number = count(branch ?? null);
  if (number === null) return null;
  const place = [x, y, scale].map((value) => (/^-?\d{1,9}$/.test(value ?? "") ? Number(value) / FINEST : 0));
  const [cx, cy, size] = place as [number, number, number];
  const camera = { x: cx, y: cy, scale: size > 0 ? Math.min(160, Math.max(1, size)) : 0 };
  return { branch: number, selected: count(selected ?? null), isFollowing: isFollowing === "1", camera };
}

function count(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function names(text: string): string[] {
  return text.split(".").filter((name) => /^\w+$/.test(name));
}
