// How likely each action is to a policy: the likely ones by name, all others together.

import type { Action } from "../../feed/description";

export interface Choice {
  name: string;
  share: number; // 0..1
  isChosen: boolean; // it is what the agent did then
}

const LEAST_SHARE = 0.01;

/** The choices to show, most likely first; what was chosen is among them, others that are seldom come as one. */
export function choicesOf(actions: readonly Action[], probabilities: readonly number[], chosen: number | null, most = 10): Choice[] {
  const all = actions.map(({ name }, index) => ({ name, share: probabilities[index] ?? 0, isChosen: index === chosen }));
  const sorted = [...all].sort((a, b) => b.share - a.share);
  const shown = sorted.filter((choice, place) => choice.isChosen || (place < most && choice.share >= LEAST_SHARE));
  const rest = sorted.filter((choice) => !shown.includes(choice));
  const others = rest.reduce((sum, choice) => sum + choice.share, 0);
  const other = { name: `${rest.length} others`, share: others, isChosen: false };
  return rest.length > 0 && others >= LEAST_SHARE / 2 ? [...shown, other] : shown;
}

/** How undecided a policy is: the entropy of its choice, as the number of equally likely actions. */
export function numChoices(probabilities: readonly number[]): number {
  const sum = probabilities.reduce((total, share) => total + share, 0) || 1;
  const entropy = probabilities.reduce((total, share) => (share > 0 ? total - (share / sum) * Math.log(share / sum) : total), 0);
  return Math.exp(entropy);
}
