// Keys of somebody who plays the selected agent. They come before the page's other keys.

import type { App } from "../app";
import { actionToward, turnToward, type Eighth } from "./directions";
import { act, aimedVerb, begin, currentHand, cycle, ownHands } from "./hands";
import { verbsOf } from "./verbs";

const REPEAT_MILLISECONDS = 90; // a key that is held acts this often
const WAYS: Record<string, Eighth> = {
  w: 0, d: 2, s: 4, a: 6,
  ArrowUp: 0, ArrowRight: 2, ArrowDown: 4, ArrowLeft: 6,
}; // prettier-ignore
const NUMPAD: Record<string, Eighth> = {
  Numpad8: 0, Numpad9: 1, Numpad6: 2, Numpad3: 3, Numpad2: 4, Numpad1: 5, Numpad4: 6, Numpad7: 7,
}; // prettier-ignore

let lastActed = 0;

/** The help's lines on these keys. */
export const HAND_HELP: readonly [string, string][] = [
  ["T", "Take the selected agent over, or give it back"],
  ["W A S D, arrows, numpad", "Move (with Shift: only turn)"],
  ["X, numpad 5", "Wait"],
  ["letters in the Play panel", "The game's other verbs"],
  ["1 to 9", "Choose a target or a choice; attack"],
  ["Tab", "The next of your agents"],
];

/** Reacts to a key if it means something to the agent that one plays; returns whether it did. */
export function playKey(app: App, event: KeyboardEvent): boolean {
  if (event.key === "Tab") return cycleKey(app, event);
  if (event.key === "Escape") return cancel(app);
  if (currentHand(app) === null) return false;
  const digit = digitOf(event);
  if (digit !== null && chooseDigit(app, digit)) return true;
  const action = steered(app, event);
  if (action !== undefined) {
    if (action !== null && isDue(event)) act(app, action);
    return true;
  }
  return startVerb(app, event);
}

/** The action of a steering key: null if the game has none, undefined if it is another key. */
function steered(app: App, event: KeyboardEvent): number | null | undefined {
  const { branch, world } = app;
  const hand = currentHand(app);
  if (branch === null || world === null || hand === null) return undefined;
  const { actions, looks } = branch.description;
  if (event.code === "Numpad5" || event.key.toLowerCase() === "x") return 0;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const way = NUMPAD[event.code] ?? WAYS[key];
  if (way === undefined) return undefined;
  const heading = world.variable(hand.agent, looks.variables.heading);
  return event.shiftKey ? turnToward(actions, way, heading) : actionToward(actions, way, heading);
}

function startVerb(app: App, event: KeyboardEvent): boolean {
  if (event.repeat && !isDue(event)) return true;
  const key = event.key.toLowerCase();
  const verb = verbsOf(app.branch!.description.actions).find((candidate) => candidate.key === key);
  if (verb !== undefined) begin(app, verb);
  return verb !== undefined;
}

/** A digit is the choice of the verb that asks for one, else a target of the attack. */
function chooseDigit(app: App, digit: number): boolean {
  const verb = aimedVerb(app) ?? verbsOf(app.branch!.description.actions).find((known) => known.name === "attack");
  if (verb === undefined || (verb.choices.length === 1 && aimedVerb(app) === null)) return false;
  const choice = verb.choices[digit - 1];
  if (choice !== undefined) act(app, choice.action);
  return true;
}

function digitOf(event: KeyboardEvent): number | null {
  return /^[1-9]$/.test(event.key) && !event.code.startsWith("Numpad") ? Number(event.key) : null;
}

function cycleKey(app: App, event: KeyboardEvent): boolean {
  const isOnMap = event.target === document.body || event.target instanceof HTMLCanvasElement;
  if (!isOnMap || ownHands(app).length === 0) return false; // elsewhere Tab goes through the page's buttons
  cycle(app, event.shiftKey ? -1 : 1);
  return true;
}

function cancel(app: App): boolean {
  if (app.state.aiming === null) return false;
  app.change((state) => (state.aiming = null));
  return true;
}

function isDue(event: KeyboardEvent): boolean {
  if (event.repeat && event.timeStamp - lastActed < REPEAT_MILLISECONDS) return false;
  lastActed = event.timeStamp;
  return true;
}
