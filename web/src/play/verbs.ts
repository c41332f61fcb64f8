// The verbs of a game with their actions and keys: what the panel of somebody who plays by hand is made of.

import type { Action, Aim } from "../feed/description";
import { choiceName } from "./directions";

export interface Choice {
  action: number; // index into description.actions
  label: string; // "energy" of give_energy
  aim: Aim;
}

export interface Verb {
  name: string;
  key: string; // lower case; "" if none is left
  choices: Choice[]; // one for a verb without choices
  hasTargets: boolean; // each choice aims at another cell
}

const STEERED = ["noop", "move", "step", "walk", "go", "turn", "rotate", "face"]; // keys of their own
const WANTED: Record<string, string> = {
  use: "e",
  attack: "z",
  give: "g",
  shield: "r",
  mark: "m",
  posture: "p",
  place: "b",
  break: "k",
  swap: "q",
  sign: "n",
  train: "y",
};
const TAKEN = "wasdxt"; // moving, waiting, taking over

/** The verbs that have buttons, in the game's order; moving and waiting are not among them. */
export function verbsOf(actions: readonly Action[]): Verb[] {
  const verbs = new Map<string, Verb>();
  actions.forEach((action, number) => {
    if (STEERED.includes(action.verb)) return;
    const verb = verbs.get(action.verb) ?? { name: action.verb, key: "", choices: [], hasTargets: false };
    verb.choices.push({ action: number, label: choiceName(action) || action.verb, aim: action.aim });
    verbs.set(action.verb, verb);
  });
  const list = [...verbs.values()];
  for (const verb of list) verb.hasTargets = haveTargets(verb.choices);
  giveKeys(list);
  return list;
}

/** The choices as rows on a screen: cells that lie farther ahead stand higher, as the agent sees them. */
export function rowsOf(verb: Verb): Choice[][] {
  if (!verb.hasTargets) return [verb.choices];
  const rows = new Map<number, Choice[]>();
  for (const choice of verb.choices) {
    const ahead = choice.aim.at === "ahead" ? choice.aim.forward : 0;
    rows.set(ahead, [...(rows.get(ahead) ?? []), choice]);
  }
  return [...rows].sort(([a], [b]) => b - a).map(([, row]) => row.sort((a, b) => right(a) - right(b)));
}

function right(choice: Choice): number {
  return choice.aim.at === "ahead" ? choice.aim.right : 0;
}

function haveTargets(choices: readonly Choice[]): boolean {
  const aims = new Set(choices.map((choice) => JSON.stringify(choice.aim)));
  return choices.length > 1 && aims.size === choices.length;
}

/** Wanted keys first, so that a verb keeps its key from game to game; then letters of the names. */
function giveKeys(verbs: Verb[]): void {
  const taken = new Set(TAKEN);
  for (const verb of verbs) claim(verb, [WANTED[verb.name] ?? ""], taken);
  for (const verb of verbs) if (verb.key === "") claim(verb, [...verb.name, ..."cfhijlnouvy"], taken);
}

function claim(verb: Verb, keys: readonly string[], taken: Set<string>): void {
  const key = keys.find((candidate) => /^[a-z]$/.test(candidate) && !taken.has(candidate));
  if (key === undefined) return;
  verb.key = key;
  taken.add(key);
}
