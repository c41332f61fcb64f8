// The cells among which somebody who plays by hand chooses: where they are, and which of them was clicked.

import type { App } from "../app";
import type { World } from "../feed/world";
import { aimedCell, type Cell } from "./directions";
import { act, aimedVerb, currentHand, type Hand } from "./hands";
import type { Verb } from "./verbs";

export interface Target {
  cell: Cell;
  digit: number; // the key that chooses it
  action: number;
  isPossible: boolean;
}

/** The targets of a verb for an agent. */
export function targetsOf(world: World, hand: Hand, verb: Verb): Target[] {
  const { height, width, looks } = world.description;
  if (!verb.hasTargets || !world.isOnMap(hand.agent)) return [];
  const place = { row: world.rowOf(hand.agent), column: world.columnOf(hand.agent) };
  const heading = world.variable(hand.agent, looks.variables.heading);
  return verb.choices.flatMap((choice, index) => {
    const cell = aimedCell(choice.aim, place, heading);
    if (cell === null || cell.row < 0 || cell.column < 0 || cell.row >= height || cell.column >= width) return [];
    const isPossible = hand.actions.includes(choice.action);
    return [{ cell, digit: index + 1, action: choice.action, isPossible }];
  });
}

/** Acts on the cell if it is a target of the verb that asks for one; returns whether it is. */
export function clickTarget(app: App, world: World, cell: Cell): boolean {
  const verb = aimedVerb(app);
  const hand = currentHand(app);
  if (verb === null || hand === null) return false;
  const target = targetsOf(world, hand, verb).find(
    ({ cell: { row, column } }) => row === cell.row && column === cell.column,
  );
  if (target !== undefined) act(app, target.action);
  else app.change((state) => (state.aiming = null));
  return target !== undefined;
}
