// A whole episode at a glance, block by block: where agents went, what they did, what is worth marking.
// See mettascope/survey.py.

import { VarintReader } from "./varints";

export const MARKS = ["attack", "gift", "theft", "birth", "death", "heart", "bond", "share"] as const;
export type MarkKind = (typeof MARKS)[number];

/** Something worth a mark: `actor` did it to `target`; -1 for none. */
export interface Mark {
  tick: number;
  kind: MarkKind;
  actor: number;
  target: number;
  variable: number;
  amount: number;
}

const MARK_NUMBERS = 6;

export class Survey {
  readonly marks: Mark[] = []; // in the order of their ticks
  end: number; // the tick after the last one that is known
  private cells = new Int32Array(0); // [tick][agent] 1 + row * width + column, 0 = not on the map
  private actions = new Int16Array(0);
  private rewards = new Int32Array(0);

  constructor(
    readonly first: number, // tick
    readonly numAgents: number,
  ) {
    this.end = first;
  }

  /** row * width + column of an agent at a tick, -1 if it was not on the map or the tick is not known. */
  cell(tick: number, agent: number): number {
    return tick < this.end ? (this.cells[this.place(tick, agent)] ?? 0) - 1 : -1;
  }

  /** What an agent did in the step that led to a tick. */
  action(tick: number, agent: number): number {
    return this.actions[this.place(tick, agent)] ?? 0;
  }

  /** What an agent earned in the step that led to a tick, in thousandths. */
  reward(tick: number, agent: number): number {
    return this.rewards[this.place(tick, agent)] ?? 0;
  }

  /** The marks of ticks first <= tick < end. */
  marksBetween(first: number, end: number): Mark[] {
    return this.marks.slice(this.indexOf(first), this.indexOf(end));
  }

  /** Adds the block that begins where the survey ends; another one changes nothing. */
  add(block: Uint8Array): void {
    const reader = new VarintReader(block);
    const [first, numTicks, numAgents, numMarks] = [reader.next(), reader.next(), reader.next(), reader.next()];
    if (first !== this.end || numAgents !== this.numAgents) return;
    const size = numTicks * numAgents;
    const least = 3 * size + MARK_NUMBERS * numMarks; // each number takes a byte at least
    if (least > reader.bytesLeft) throw new RangeError("a block of the survey has been cut");
    this.reserve(first + numTicks - this.first);
    const start = this.place(first, 0);
    const before = new Int32Array(numAgents);
    for (let i = 0; i < size; i++) this.cells[start + i] = before[i % numAgents]! += reader.nextSigned();
    for (let i = 0; i < size; i++) this.actions[start + i] = reader.next();
    for (let i = 0; i < size; i++) this.rewards[start + i] = reader.nextSigned();
    for (let i = 0; i < numMarks; i++) this.marks.push(readMark(reader));
    this.end = first + numTicks;
  }

  private place(tick: number, agent: number): number {
    return (tick - this.first) * this.numAgents + agent;
  }

  /** The number of marks before a tick. */
  private indexOf(tick: number): number {
    let [low, high] = [0, this.marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.marks[middle]!.tick < tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private reserve(numTicks: number): void {
    const size = numTicks * this.numAgents;
    if (size <= this.cells.length) return;
    const capacity = Math.max(size, 2 * this.cells.length);
    this.cells = grown(new Int32Array(capacity), this.cells);
    this.actions = grown(new Int16Array(capacity), this.actions);
    this.rewards = grown(new Int32Array(capacity), this.rewards);
  }
}

function readMark(reader: VarintReader): Mark {
  const [tick, what, actor] = [reader.nextSigned(), reader.nextSigned(), reader.nextSigned()];
  const [target, variable, amount] = [reader.nextSigned(), reader.nextSigned(), reader.nextSigned()];
  return { tick, kind: MARKS[what] ?? "attack", actor, target, variable, amount };
}

function grown<T extends Int16Array | Int32Array>(larger: T, smaller: T): T {
  larger.set(smaller);
  return larger;
}
