// A world at one tick: columns of numbers that frames change in place.

import type { Description } from "./description";
import { VarintReader } from "./varints";

/** Something that happened in the step that led to a tick; -1 for none. See mettagrid/events.py. */
export interface WorldEvent {
  what: number; // index into WHAT
  rule: number; // index into description.rules
  actor: number;
  source: number;
  target: number;
  variable: number;
  amount: number;
  cell: number; // row * width + column
}

/** Names of what happens, by number. */
export const WHAT = [
  "acted",
  "fired",
  "changed",
  "handed_over",
  "rewarded",
  "shared",
  "spawned",
  "became",
  "removed",
  "born",
  "died",
  "bonded",
  "parted",
] as const;

const EVENT_FIELDS = ["what", "rule", "actor", "source", "target", "variable", "amount", "cell"] as const;
const NOWHERE = -1;
const MISFIT = "a frame does not fit the world that it should show";
const FULL_KINSHIP = 240;
const FIXED_COLUMNS = ["kind", "cell", "ground", "trace"]; // they tell what lies and stands where
const OF_OBJECTS = ["kind", "cell"]; // and which of those are about objects, agents first

/** The head of a frame: which tick it shows, and the tick that it builds on (null: none). */
export interface FrameHead {
  tick: number;
  base: number | null;
}

export function readHead(frame: Uint8Array): FrameHead {
  const reader = new VarintReader(frame);
  const tick = reader.next();
  const base = reader.next();
  return { tick, base: base === 0 ? null : base - 1 };
}

export class World {
  tick = -1; // nothing is known yet
  events: readonly WorldEvent[] = [];
  fixedVersion = 0; // grows when anything but an agent comes, goes, moves or turns into something else
  readonly kind: Int32Array; // [object] index into description.kinds, 0 = free
  readonly body: Int32Array; // [object]
  readonly reward: Int32Array; // [agent] thousandths, of the last step
  readonly action: Int32Array; // [agent] what it did in the last step
  readonly partner: Int32Array; // [agent] 1 + its mate, 0 = none
  readonly ground: Int32Array; // [cell] 1 + its place in description.grounds, 0 = plain
  readonly trace: Int32Array; // [cell] 1 + its place in description.traces, 0 = none
  readonly kinship: Int32Array; // [agent][agent] of FULL_KINSHIP; empty in games without it
  readonly numObjects: number;
  private readonly columns: Int32Array[];
  private readonly mosts: number[]; // [column] the largest number that means something
  private readonly fixedFrom: number[]; // [column] the place from which changes count for `fixedVersion`
  private readonly cells: Int32Array; // [object] 1 + row * width + column, 0 = not on the map
  private readonly variables: Int32Array; // [variable][object]
  private readonly stats: Int32Array; // [statistic][agent]

  constructor(readonly description: Description) {
    this.columns = description.columns.map((column) => new Int32Array(column.rows * column.size));
    const mosts = mostOf(description);
    this.mosts = description.columns.map((column) => mosts[column.name] ?? Infinity);
    this.fixedFrom = description.columns.map(({ name }) => {
      if (!FIXED_COLUMNS.includes(name)) return Infinity;
      return OF_OBJECTS.includes(name) ? description.num_agents : 0;
    });
    this.kind = this.column("kind");
    this.cells = this.column("cell");
    this.body = this.column("body");
    this.variables = this.column("variable");
    this.reward = this.column("reward");
    this.action = this.column("action");
    this.partner = this.column("partner");
    this.stats = this.column("stat");
    this.ground = this.column("ground");
    this.trace = this.column("trace");
    this.kinship = this.column("kinship");
    this.numObjects = this.kind.length;
  }

  /** row * width + column of an object, -1 if it is not on the map. */
  cellOf(object: number): number {
    return (this.cells[object] ?? 0) + NOWHERE;
  }

  rowOf(object: number): number {
    return Math.floor(this.cellOf(object) / this.description.width);
  }

  columnOf(object: number): number {
    return this.cellOf(object) % this.description.width;
  }

  isOnMap(object: number): boolean {
    return (this.cells[object] ?? 0) > 0;
  }

  isAgent(object: number): boolean {
    return object < this.description.num_agents;
  }

  /** A variable of an object; 0 for a variable that the game has not (index -1). */
  variable(object: number, index: number): number {
    return index < 0 ? 0 : (this.variables[index * this.numObjects + object] ?? 0);
  }

  /** What an object can carry of a variable. */
  cap(object: number, index: number): number {
    return this.description.caps[this.body[object] ?? 0]?.[index] ?? 0;
  }

  /** A statistic of an agent, counted since the episode began. */
  stat(agent: number, index: number): number {
    return this.stats[index * this.description.num_agents + agent] ?? 0;
  }

  /** Whether the world says who is near to whom. */
  get hasKinship(): boolean {
    return this.kinship.length > 0;
  }

  /** How near `other` is to an agent: 0..1. */
  kinshipOf(agent: number, other: number): number {
    return (this.kinship[agent * this.description.num_agents + other] ?? 0) / FULL_KINSHIP;
  }

  /** The objects on a cell, agents first. */
  objectsAt(row: number, column: number): number[] {
    const cell = row * this.description.width + column + 1;
    const found: number[] = [];
    for (let object = 0; object < this.numObjects; object++) {
      if (this.cells[object] === cell) found.push(object);
    }
    return found;
  }

  /**
   * Moves to the tick of a frame. Throws RangeError if the frame does not fit this world, which is then unusable
   * until the next key frame.
   */
  apply(frame: Uint8Array): void {
    const reader = new VarintReader(frame);
    const tick = reader.next();
    const base = reader.next();
    if (base === 0) this.clear();
    else if (base - 1 !== this.tick) throw new RangeError(`frame ${tick} builds on ${base - 1}, not on ${this.tick}`);
    this.tick = -1;
    this.applyColumns(reader);
    this.readEvents(reader);
    this.tick = tick;
  }

  private applyColumns(reader: VarintReader): void {
    for (let number = reader.next(); number < this.columns.length; number = reader.next()) {
      const column = this.columns[number]!;
      const places = new Int32Array(Math.min(reader.next(), column.length));
      let place = 0;
      for (let i = 0; i < places.length; i++) places[i] = place += reader.next();
      if (place >= column.length) throw new RangeError(MISFIT);
      if (places.length > 0 && place >= this.fixedFrom[number]!) this.fixedVersion++;
      const most = this.mosts[number]!;
      for (const changed of places) {
        const value = (column[changed]! += reader.nextSigned());
        if (most < Infinity && (value < 0 || value > most)) throw new RangeError(MISFIT);
      }
    }
  }

  private readEvents(reader: VarintReader): void {
    const count = reader.next();
    if (count * EVENT_FIELDS.length > reader.bytesLeft) throw new RangeError("a frame has been cut");
    const numbers = new Int32Array(count * EVENT_FIELDS.length); // [field][event]
    for (let field = 0; field < EVENT_FIELDS.length; field++) {
      let value = 0;
      for (let at = field * count; at < (field + 1) * count; at++) numbers[at] = value += reader.nextSigned();
    }
    this.events = Array.from({ length: count }, (_, i) => eventAt(numbers, i, count));
  }

  private clear(): void {
    this.fixedVersion++;
    for (const column of this.columns) column.fill(0);
  }

  private column(name: string): Int32Array {
    const index = this.description.columns.findIndex((column) => column.name === name);
    return this.columns[index] ?? new Int32Array(0);
  }
}

/** Event `i` of `count` whose fields stand one after the other: all of the first field, all of the second, and so on. */
function eventAt(numbers: Int32Array, i: number, count: number): WorldEvent {
  const field = (index: number) => numbers[index * count + i]!;
  const [what, rule, actor, source] = [field(0), field(1), field(2), field(3)];
  return { what, rule, actor, source, target: field(4), variable: field(5), amount: field(6), cell: field(7) };
}

/** The largest numbers of columns that are looked up in the description; others may hold anything. */
function mostOf(description: Description): Record<string, number> {
  return {
    kind: description.kinds.length - 1,
    body: description.caps.length - 1,
    cell: description.height * description.width,
    action: description.actions.length - 1,
    partner: description.num_agents,
    ground: description.grounds.length,
    trace: description.traces.length,
  };
}
