// Directions of the map, the cells that actions aim at, and the action that goes a given way.

import type { Action, Aim } from "../feed/description";

/** Clockwise eighths of a turn from north: 0 north, 1 north-east, 2 east ... 7 north-west. */
export type Eighth = number;

export interface Cell {
  row: number;
  column: number;
}

const COMPASS = ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];
const STEPS: readonly (readonly [number, number])[] = [
  [-1, 0], [-1, 1], [0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1],
]; // rows down, columns right, of each eighth
const MOVES = ["move", "step", "walk", "go"];
const TURNS = ["turn", "rotate", "face"];
const RELATIVE_MOVES: Record<string, Eighth> = { ahead: 0, forward: 0, right: 2, back: 4, backward: 4, left: 6 };

/** What follows the verb in an action's name: "3" of attack_3, "" of use. */
export function choiceName(action: Action): string {
  return action.name === action.verb ? "" : action.name.slice(action.verb.length + 1);
}

/** The cell that an action of somebody at `place` aims at; null for one that aims at nothing on the map. */
export function aimedCell(aim: Aim, place: Cell, heading: number): Cell | null {
  if (aim.at === "self") return null;
  if (aim.at === "toward") return moved(place, STEPS[(2 * aim.direction) % 8]!, 1);
  const ahead = STEPS[(2 * heading) % 8]!;
  const right = STEPS[(2 * heading + 2) % 8]!;
  return moved(moved(place, ahead, aim.forward), right, aim.right);
}

/**
 * The number of the action that moves toward a direction of the map, or turns there if the game has no such move;
 * null if it has neither. Games may name directions of the map or directions relative to the heading.
 */
export function actionToward(actions: readonly Action[], direction: Eighth, heading: number): number | null {
  const offset = (direction - 2 * heading + 16) % 8;
  const moves = ofVerbs(actions, MOVES);
  const found =
    moves.find((action) => movesToward(action, direction)) ?? moves.find((action) => movesRelative(action, offset));
  return found === undefined ? turnToward(actions, direction, heading) : actions.indexOf(found);
}

/** The number of the action that turns toward a direction of the map, null if there is none. */
export function turnToward(actions: readonly Action[], direction: Eighth, heading: number): number | null {
  const offset = (direction - 2 * heading + 16) % 8;
  if (offset === 0 || direction % 2 === 1) return namedTurn(actions, COMPASS[direction]!);
  const side = offset === 4 ? ["around", "back", "right"] : offset < 4 ? ["right"] : ["left"];
  for (const name of [COMPASS[direction]!, ...side]) {
    const turn = namedTurn(actions, name);
    if (turn !== null) return turn;
  }
  return null;
}

function namedTurn(actions: readonly Action[], name: string): number | null {
  const turn = ofVerbs(actions, TURNS).find((action) => choiceName(action).replace("_", "") === name);
  return turn === undefined ? null : actions.indexOf(turn);
}

function movesToward(action: Action, direction: Eighth): boolean {
  const { aim } = action;
  if (aim.at === "toward") return 2 * aim.direction === direction;
  return choiceName(action).replace("_", "") === COMPASS[direction];
}

function movesRelative(action: Action, offset: Eighth): boolean {
  const { aim } = action;
  if (aim.at === "toward") return false;
  const [down, right] = STEPS[offset]!;
  if (aim.at === "ahead") return Math.sign(aim.forward) === -down && Math.sign(aim.right) === right;
  return RELATIVE_MOVES[choiceName(action)] === offset;
}

function ofVerbs(actions: readonly Action[], verbs: readonly string[]): Action[] {
  return actions.filter((action) => verbs.includes(action.verb));
}

function moved(from: Cell, step: readonly [number, number], count: number): Cell {
  return { row: from.row + step[0] * count, column: from.column + step[1] * count };
}
