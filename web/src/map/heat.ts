// How often each cell was visited up to a tick, kept up to date step by step.

import type { Survey } from "../feed/survey";

export class Heat {
  readonly visits: Uint32Array; // [cell]
  most = 0;
  private tick: number; // counted up to here, inclusive

  constructor(
    private readonly survey: Survey,
    numCells: number,
  ) {
    this.visits = new Uint32Array(numCells);
    this.tick = survey.first - 1;
  }

  /** Counts up to a tick, as far as the survey goes. Going back counts anew. */
  moveTo(tick: number): void {
    const last = Math.min(tick, this.survey.end - 1);
    if (last < this.tick) this.clear();
    while (this.tick < last) this.count(++this.tick);
  }

  private count(tick: number): void {
    for (let agent = 0; agent < this.survey.numAgents; agent++) {
      const cell = this.survey.cell(tick, agent);
      if (cell >= 0) this.most = Math.max(this.most, ++this.visits[cell]!);
    }
  }

  private clear(): void {
    this.visits.fill(0);
    this.most = 0;
    this.tick = this.survey.first - 1;
  }
}
