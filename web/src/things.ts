// How things are called and coloured in panels, and how a panel selects one.

import type { App } from "./app";
import { focusedPane } from "./state";
import type { Description } from "./feed/description";
import type { World } from "./feed/world";

/** What a thing is called: "agent 3", "altar 57". */
export function thingName(world: World, object: number): string {
  if (object < 0) return "nobody";
  if (world.isAgent(object)) return `agent ${object}`;
  return `${kindName(world.description, world.kind[object] ?? 0)} ${object}`;
}

/** The name of a kind, in words. */
export function kindName(description: Description, kind: number): string {
  return (description.kinds[kind] ?? "thing").replaceAll("_", " ");
}

/** The colour that a thing has on the map. */
export function thingColor(world: World, object: number): string {
  const { looks } = world.description;
  if (world.isAgent(object)) return looks.colors.agents[object % looks.colors.agents.length] ?? looks.colors.paper;
  return looks.kinds[world.kind[object] ?? 0]?.color ?? looks.colors.paper;
}

/** Who plays an agent: a hand, or the address of its policy. */
export function playerOf(app: App, agent: number): string {
  const branch = app.branch;
  if (branch === null) return "";
  if (branch.state.hands.includes(agent)) return "by hand";
  return branch.description.seats[agent] ?? branch.description.policy;
}

/** Selects a thing in the focused pane; null selects nothing. */
export function selectThing(app: App, object: number | null): void {
  app.change((state) => {
    const pane = focusedPane(state);
    if (pane === null) return;
    if (pane.selected !== object) pane.isFollowing = pane.isFollowing && object !== null;
    pane.selected = object;
  });
}

/** Keeps an inspector for a thing, or lets it go. */
export function togglePin(app: App, object: number): void {
  app.change((state) => {
    const isPinned = state.pinned.includes(object);
    state.pinned = isPinned ? state.pinned.filter((pinned) => pinned !== object) : [...state.pinned, object];
  });
}
