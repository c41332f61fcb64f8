// Smooth motion: between two ticks agents glide from where they were.

import type { World } from "../feed/world";

const LONGEST_SECONDS = 0.25;
const FARTHEST_CELLS = 3; // who is farther away did not walk

export class Motion {
  private from = new Float32Array(0); // x, y of each agent at the tick before
  private tick = -1;
  private began = 0;
  private duration = 0;
  private share = 1; // of the way, 0..1

  /**
   * Notes where the world is now; call it once per picture, before drawing.
   * `ticksPerSecond` tells how long a step should take.
   */
  follow(world: World, seconds: number, ticksPerSecond: number): void {
    if (world.tick !== this.tick) {
      const isNext = world.tick > this.tick && this.tick >= 0;
      this.duration = isNext ? Math.min(LONGEST_SECONDS, 1 / ticksPerSecond) : 0;
      this.began = seconds;
      this.tick = world.tick;
    }
    this.share = this.duration > 0 ? Math.min(1, (seconds - this.began) / this.duration) : 1;
    if (this.share >= 1) this.rest(world);
  }

  /** Whether somebody is still on the way. */
  get isMoving(): boolean {
    return this.share < 1;
  }

  /** The column, with fraction, where an agent is drawn. */
  x(world: World, agent: number): number {
    return this.between(this.from[2 * agent], world.columnOf(agent));
  }

  /** The row, with fraction, where an agent is drawn. */
  y(world: World, agent: number): number {
    return this.between(this.from[2 * agent + 1], world.rowOf(agent));
  }

  private between(from: number | undefined, to: number): number {
    if (from === undefined || this.share >= 1 || Math.abs(to - from) > FARTHEST_CELLS) return to;
    return from + (to - from) * this.share;
  }

  private rest(world: World): void {
    const count = world.description.num_agents;
    if (this.from.length !== 2 * count) this.from = new Float32Array(2 * count);
    for (let agent = 0; agent < count; agent++) {
      this.from[2 * agent] = world.columnOf(agent);
      this.from[2 * agent + 1] = world.rowOf(agent);
    }
  }
}
