// Traces: a matrix of agents and ticks, each cell in the colour of the verb that the agent used.

import type { Branch } from "../feed/branch";

export interface TraceBox {
  first: number; // tick at the left
  last: number; // tick at the right, inclusive
  columns: number; // pixels
  top: number;
  height: number; // pixels of all rows together
  rows: readonly number[]; // agents from above
}

const HUES = [210, 30, 120, 330, 60, 270, 180, 0, 90, 300, 150, 240];

/** The colour of a verb; doing nothing has none. */
export function verbColor(verb: number): string | null {
  return verb === 0 ? null : `hsl(${HUES[(verb - 1) % HUES.length]} 55% 52%)`;
}

/** For each action, the number of its verb in the order in which they are listed; noop is 0. */
export function verbNumbers(branch: Branch): number[] {
  const verbs = [...new Set(branch.description.actions.map((action) => action.verb))];
  return branch.description.actions.map((action) => verbs.indexOf(action.verb));
}

/** Agents for at most so many rows: all, or as many that lie evenly among them. */
export function spreadRows(numAgents: number, most: number): number[] {
  const count = Math.min(numAgents, most);
  return Array.from({ length: count }, (_, row) => Math.floor((row * numAgents) / count));
}

/** Draws the matrix; where a pixel stands for several ticks, the first one that is not idle counts. */
export function drawTraces(context: CanvasRenderingContext2D, branch: Branch, box: TraceBox): void {
  const verbs = verbNumbers(branch);
  const colors = Array.from({ length: Math.max(0, ...verbs) + 1 }, (_, verb) => verbColor(verb));
  const ticks = box.last - box.first + 1;
  const rowHeight = box.height / box.rows.length;
  const width = Math.max(1, box.columns / ticks);
  for (const [row, agent] of box.rows.entries()) {
    const y = box.top + row * rowHeight;
    for (let column = 0; column < box.columns; column += width) {
      const verb = firstVerb(branch, verbs, agent, box.first + (column / box.columns) * ticks, ticks / box.columns);
      const color = colors[verb] ?? null;
      if (color === null) continue;
      context.fillStyle = color;
      context.fillRect(column, y, Math.ceil(width), Math.max(0.5, rowHeight - (rowHeight > 4 ? 1 : 0)));
    }
  }
}

function firstVerb(branch: Branch, verbs: number[], agent: number, from: number, count: number): number {
  const first = Math.floor(from + 1e-6);
  const end = Math.min(branch.survey.end, Math.max(first + 1, Math.floor(from + count)));
  for (let tick = first; tick < end; tick++) {
    const verb = verbs[branch.survey.action(tick, agent)] ?? 0;
    if (verb !== 0) return verb;
  }
  return 0;
}
