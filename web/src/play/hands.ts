// Playing by hand: which agents this page plays, what they can choose now, and doing it.

import type { App } from "../app";
import type { News } from "../feed/connection";
import { isTexts, recall } from "../stored";
import { verbsOf, type Verb } from "./verbs";

/** An agent that this page plays. */
export interface Hand {
  agent: number;
  actions: number[]; // what it can choose now
}

/** Notes what the server tells of agents that this page plays. */
export function attachHands(app: App): void {
  app.newsListeners.push((news: News) => {
    if (news.say === "welcome") app.change((state) => (state.hands = {})); // another line, other hands
    if (news.say === "hands") app.change((state) => (state.hands[news.branch] = news.mine));
    if (news.say === "branch" && news.is_live) offer(app);
    if (news.say === "seats") noteSeats(app, news.branch, news.seats);
  });
}

/** The agents of the focused branch that this page plays. */
export function ownHands(app: App): Hand[] {
  return app.pane === null ? [] : (app.state.hands[app.pane.branch] ?? []);
}

/** The selected agent, if this page plays it. */
export function currentHand(app: App): Hand | null {
  return ownHands(app).find((hand) => hand.agent === app.pane?.selected) ?? null;
}

/** The selected agent, whoever plays it; null if nothing or something else is selected. */
export function selectedAgent(app: App): number | null {
  const { pane, branch } = app;
  if (pane === null || branch === null || pane.selected === null) return null;
  return pane.selected < branch.description.num_agents ? pane.selected : null;
}

/** Why the selected agent cannot be taken over, as a line for people; null if it can be. */
export function whyNotTake(app: App): string | null {
  const agent = selectedAgent(app);
  const reason = whyNotControl(app);
  if (reason !== null) return reason;
  if (agent === null) return "Select an agent on the map to play it.";
  const isOther = app.branch!.state.hands.includes(agent) && currentHand(app) === null;
  return isOther ? `Agent ${agent} is played by somebody else.` : null;
}

/** Why nothing can be changed in the focused branch, null if it can. */
export function whyNotControl(app: App): string | null {
  const { branch, state } = app;
  if (branch === null) return "No world is open.";
  if (!state.isConnected) return "There is no connection to the server.";
  if (!state.mayControl) return "This page may only watch: control needs the other link that the server printed.";
  if (branch.state.players.length === 0) return "This is a recording: fork it to play on.";
  if (!branch.state.is_live) return "The episode has ended: begin it anew, or fork it at an earlier tick.";
  return null;
}

/** Takes the selected agent over, or gives it back. */
export function toggleTake(app: App): void {
  const agent = selectedAgent(app);
  const reason = whyNotTake(app);
  if (reason !== null || agent === null) {
    app.report(reason ?? "Select an agent first.");
    return;
  }
  const isOwn = currentHand(app) !== null;
  app.change((state) => (state.aiming = null));
  app.ask({ do: isOwn ? "release" : "take", branch: app.branch!.number, agent });
}

/** Lets the selected agent do something in the next step; a world that stands still makes it at once. */
export function act(app: App, action: number): boolean {
  const hand = currentHand(app);
  const { branch } = app;
  if (hand === null || branch === null || !branch.state.is_live) return false;
  const isStill = branch.state.speed === 0;
  if (isStill && !hand.actions.includes(action)) {
    refuse(app, branch.description.actions[action]?.name ?? "that");
    return false;
  }
  app.change((state) => {
    state.aiming = null;
    state.refused = "";
    state.isPlaying = false;
    state.tick = app.lastTick;
  });
  app.ask({ do: "act", branch: branch.number, agent: hand.agent, action });
  return true;
}

/** Does a verb: at once if it has one choice, else the choice is asked for. */
export function begin(app: App, verb: Verb): void {
  const only = verb.choices[0];
  if (verb.choices.length === 1 && only !== undefined) act(app, only.action);
  else app.change((state) => (state.aiming = state.aiming === verb.name ? null : verb.name));
}

/** Selects the next of the agents that this page plays. */
export function cycle(app: App, step: 1 | -1): void {
  const hands = ownHands(app);
  const at = hands.findIndex((hand) => hand.agent === app.pane?.selected);
  const next = hands[(at < 0 ? 0 : at + step + hands.length) % Math.max(1, hands.length)];
  if (next !== undefined) select(app, next.agent);
}

/** Selects an agent of the focused pane. */
export function select(app: App, agent: number): void {
  app.change((state) => {
    state.aiming = null;
    state.refused = "";
    if (app.pane !== null) app.pane.selected = agent;
  });
}

/** The verb whose choice is asked for. */
export function aimedVerb(app: App): Verb | null {
  const { branch, state } = app;
  if (branch === null || state.aiming === null || currentHand(app) === null) return null;
  return verbsOf(branch.description.actions).find((verb) => verb.name === state.aiming) ?? null;
}

let isOffered = false;

/** Opens the Play panel when the first world is shown that can be played. */
function offer(app: App): void {
  if (isOffered || !app.state.mayControl) return;
  isOffered = true;
  if (recall("panels", isTexts, []).length > 0) return; // who has chosen panels before wants those
  if (!app.state.openPanels.includes("play")) app.change((state) => (state.openPanels = ["play", ...state.openPanels]));
}

function refuse(app: App, name: string): void {
  app.change((state) => (state.refused = `${name.replaceAll("_", " ")} is not possible now`));
}

function noteSeats(app: App, number: number, seats: string[]): void {
  const branch = app.branches.get(number);
  if (branch !== undefined) branch.description.seats = seats;
  app.draw();
}
