// Two worlds side by side: their cameras, their labels, and what a fork shows of the time before it.

import type { App, View } from "./app";
import type { Branch } from "./feed/branch";
import type { BranchState } from "./feed/description";
import { fill, h, setText } from "./dom";
import { icon } from "./icons";
import type { MapView } from "./map/map_view";
import type { Pane, State } from "./state";

/** Lets the other pane look where the focused one does. */
export function linkCameras(state: State): void {
  const leader = state.panes[state.focus];
  const other = state.panes.find((pane) => pane !== leader);
  if (!state.isLinked || leader === undefined || other === undefined || leader.camera.scale === 0) return;
  other.camera = { ...leader.camera };
  other.isFollowing = false;
}

/** The branch that a branch was forked from, directly or not, and that has a tick; null if it is not open. */
export function ancestorAt(branch: Branch, tick: number, branches: ReadonlyMap<number, Branch>): Branch | null {
  const seen = new Set<number>([branch.number]);
  let parent = branches.get(branch.state.parent ?? -1);
  while (parent !== undefined && !seen.has(parent.number)) {
    if (tick >= parent.state.first_tick && tick <= parent.state.last_tick) return parent;
    seen.add(parent.number);
    parent = branches.get(parent.state.parent ?? -1);
  }
  return null;
}

/** Notes what is open, and leaves panes whose branch was closed. */
export function dropClosed(app: App, branches: BranchState[]): void {
  const isOpen = (pane: Pane) => branches.some((branch) => branch.branch === pane.branch);
  const isAnyClosed = !app.state.panes.every(isOpen);
  app.change((state) => {
    state.branches = branches;
    for (const pane of state.panes) if (!isOpen(pane)) app.maps.delete(pane);
    state.panes = state.panes.filter(isOpen);
    state.focus = Math.max(0, Math.min(state.focus, state.panes.length - 1));
  });
  const first = branches[0];
  if (isAnyClosed && app.state.panes.length === 0 && first !== undefined) app.showBranch(first.branch);
}

/** Takes one of two panes away. */
export function closePane(app: App, pane: Pane): void {
  if (app.state.panes.length < 2) return;
  const { branch } = pane;
  app.change((state) => {
    app.maps.delete(pane);
    state.panes = state.panes.filter((other) => other !== pane);
    state.focus = 0;
  });
  if (!app.state.panes.some((other) => other.branch === branch)) app.ask({ do: "leave", branch });
}

/** A line above each of two maps: which world it is, whether the cameras are linked, and a button to close it. */
export class PaneLabels implements View {
  private readonly labels = new WeakMap<MapView, { bar: HTMLElement; text: HTMLElement; note: HTMLElement; link: HTMLElement }>();

  constructor(private readonly app: App) {}

  update(): void {
    const { state, maps } = this.app;
    for (const pane of state.panes) {
      const map = maps.get(pane);
      if (map === undefined) continue;
      const label = this.labels.get(map) ?? this.make(pane, map);
      label.bar.hidden = state.panes.length < 2 && map.note === "";
      label.bar.classList.toggle("focused", state.panes[state.focus] === pane);
      setText(label.text, map.branch.state.title);
      setText(label.note, map.note);
      label.link.setAttribute("aria-pressed", String(state.isLinked));
      for (const button of label.bar.querySelectorAll("button")) button.hidden = state.panes.length < 2;
    }
  }

  private make(pane: Pane, map: MapView): { bar: HTMLElement; text: HTMLElement; note: HTMLElement; link: HTMLElement } {
    const link = this.button("Link the cameras", () => this.app.change((state) => (state.isLinked = !state.isLinked)));
    const close = this.button("Close this pane", () => closePane(this.app, pane));
    fill(link, icon("link"));
    fill(close, icon("close"));
    const text = h("span", { class: "ellipsis" });
    const note = h("em", { class: "muted" });
    const bar = h("div", { class: "pane-label" }, text, note, link, close);
    const label = { bar, text, note, link };
    map.element.append(bar);
    this.labels.set(map, label);
    return label;
  }

  private button(title: string, onclick: () => void): HTMLButtonElement {
    return h("button", { class: "quiet", title, "aria-label": title, onclick });
  }
}
