// A branch as the page knows it: its description, and the frames that have come so far.

import type { Connection } from "./connection";
import type { Chunk } from "./chunk";
import type { BranchState, Description } from "./description";
import { Survey } from "./survey";
import { readHead, World } from "./world";

export const CHUNK_TICKS = 50;
const MOST_CHUNKS = 400;
const LEAST_BLOCK = 20; // ticks
const STRIDE_OF_SINGLE_FRAMES = 40; // who skips more ticks than this asks for single frames

export class Branch {
  state: BranchState;
  readonly survey: Survey;
  /** Where a policy looked, as the panel of its view found out last. */
  looked: { agent: number; tick: number; attention: [row: number, column: number, share: number][] } | null = null;
  private askedSurvey = -1;
  private readonly chunks = new Map<number, Chunk>(); // by number: chunk n holds ticks from n * CHUNK_TICKS on
  private readonly asked = new Set<number>();
  private single: Uint8Array | null = null; // the last key frame that came on its own
  private askedFrame = -1;
  private heads: Uint8Array[] = []; // frames of the head that no cursor has seen yet

  constructor(
    readonly description: Description,
    private readonly connection: Connection,
  ) {
    this.state = description;
    this.survey = new Survey(description.first_tick, description.num_agents);
  }

  get number(): number {
    return this.description.branch;
  }

  /**
   * Brings a world to a tick. Returns whether it is there; if not, the frames are on their way and `world` shows the
   * tick that it showed before.
   */
  show(world: World, tick: number): boolean {
    if (world.tick === tick) return true;
    const chunk = this.chunks.get(Math.floor(tick / CHUNK_TICKS));
    if (chunk?.has(tick)) return this.showFromChunk(world, chunk, tick);
    if (this.showHead(world, tick)) return true;
    if (this.single !== null && readHead(this.single).tick === tick) return this.applied(world, [this.single]);
    this.askFor(tick, Math.abs(tick - world.tick));
    return false;
  }

  /** Asks for the ticks that come soon, so that playing does not wait. */
  prefetch(tick: number): void {
    for (const number of [Math.floor(tick / CHUNK_TICKS), Math.floor(tick / CHUNK_TICKS) + 1]) {
      if (number * CHUNK_TICKS <= this.state.last_tick) this.askForChunk(number);
    }
  }

  /** Asks for what the survey still lacks up to the last tick; for whoever shows it, again and again. */
  wantSurvey(): void {
    const { end } = this.survey;
    const missing = this.state.last_tick + 1 - end;
    if (missing <= 0 || this.askedSurvey === end) return;
    if (this.state.speed > 0 && missing < LEAST_BLOCK) return; // a live world makes more at once
    this.askedSurvey = end;
    this.connection.ask({ do: "survey", branch: this.number, first: end });
  }

  receiveSurvey(block: Uint8Array): void {
    this.survey.add(block);
    this.askedSurvey = -1;
  }

  receiveChunk(chunk: Chunk): void {
    const number = Math.floor(chunk.first / CHUNK_TICKS);
    this.asked.delete(number);
    if (chunk.has(this.askedFrame)) this.askedFrame = -1; // a file answers with the whole chunk
    this.chunks.set(number, chunk);
    const oldest = this.chunks.keys().next();
    if (this.chunks.size > MOST_CHUNKS && !oldest.done) this.chunks.delete(oldest.value);
  }

  receiveFrame(frame: Uint8Array): void {
    const head = readHead(frame);
    if (head.tick > this.state.last_tick) this.state = { ...this.state, last_tick: head.tick };
    if (head.base === null) {
      this.single = frame;
      if (head.tick === this.askedFrame) this.askedFrame = -1;
      this.heads = [];
    } else {
      this.heads.push(frame);
      if (this.heads.length > CHUNK_TICKS) this.heads.shift();
    }
  }

  private showFromChunk(world: World, chunk: Chunk, tick: number): boolean {
    const isNear = world.tick < tick && chunk.has(world.tick);
    const first = isNear ? world.tick + 1 : chunk.first;
    const frames: Uint8Array[] = [];
    for (let t = first; t <= tick; t++) frames.push(chunk.frame(t));
    return this.applied(world, frames);
  }

  /** Follows the frames of the head, if they lead to the tick from where the world is or from the last key frame. */
  private showHead(world: World, tick: number): boolean {
    const end = this.heads.findIndex((frame) => readHead(frame).tick === tick);
    if (end < 0) return false;
    const start = this.heads.findIndex((frame) => readHead(frame).base === world.tick);
    if (start >= 0 && start <= end) return this.applied(world, this.heads.slice(start, end + 1));
    if (this.single === null || readHead(this.heads[0]!).base !== readHead(this.single).tick) return false;
    return this.applied(world, [this.single, ...this.heads.slice(0, end + 1)]);
  }

  private applied(world: World, frames: Uint8Array[]): boolean {
    for (const frame of frames) world.apply(frame);
    return true;
  }

  private askFor(tick: number, distance: number): void {
    if (distance <= STRIDE_OF_SINGLE_FRAMES && !this.state.is_live) {
      this.askForChunk(Math.floor(tick / CHUNK_TICKS));
    } else if (this.askedFrame < 0) {
      this.askedFrame = tick;
      this.connection.ask({ do: "frame", branch: this.number, tick });
    }
  }

  private askForChunk(number: number): void {
    const first = Math.max(number * CHUNK_TICKS, this.state.first_tick);
    const chunk = this.chunks.get(number);
    const isWhole = chunk !== undefined && (chunk.end % CHUNK_TICKS === 0 || chunk.end > this.state.last_tick);
    if (isWhole || this.asked.has(number) || first > this.state.last_tick) return;
    this.asked.add(number);
    const count = (number + 1) * CHUNK_TICKS - first;
    this.connection.ask({ do: "chunk", branch: this.number, first, count });
  }
}
