// What each agent has earned since the first tick, from the survey; moving to a near tick is cheap.

import type { Survey } from "./survey";

export class RewardSums {
  private sums: Float64Array;
  private tick: number;

  constructor(private readonly survey: Survey) {
    this.sums = new Float64Array(survey.numAgents);
    this.tick = survey.first;
  }

  /** Thousandths earned by each agent in the steps up to a tick, as far as the survey knows them. */
  at(tick: number): Float64Array {
    const end = Math.max(this.survey.first, Math.min(tick, this.survey.end - 1));
    if (end - this.survey.first < Math.abs(end - this.tick)) this.restart();
    while (this.tick < end) this.add(++this.tick, 1);
    while (this.tick > end) this.add(this.tick--, -1);
    return this.sums;
  }

  private add(tick: number, sign: 1 | -1): void {
    for (let agent = 0; agent < this.sums.length; agent++) this.sums[agent]! += sign * this.survey.reward(tick, agent);
  }

  private restart(): void {
    this.sums = new Float64Array(this.survey.numAgents);
    this.tick = this.survey.first;
  }
}
