// Who is kin to whom, put in an order in which kin stand side by side.

import type { World } from "../../feed/world";

export interface Kin {
  agent: number;
  score: number; // 0..1
}

/** The nearest kin of an agent, nearest first, without those to whom it is not kin. */
export function nearestKin(world: World, agent: number, most: number): Kin[] {
  if (!world.hasKinship) return [];
  const found: Kin[] = [];
  for (let other = 0; other < world.description.num_agents; other++) {
    const score = other === agent || world.kind[other] === 0 ? 0 : world.kinshipOf(agent, other);
    if (score > 0) found.push({ agent: other, score });
  }
  return found.sort((a, b) => b.score - a.score || a.agent - b.agent).slice(0, most);
}

/** Agents in an order in which each is followed by the nearest one of those that are left. */
export function groupedByKin(world: World): number[] {
  const count = world.description.num_agents;
  const left = new Set(Array.from({ length: count }, (_, agent) => agent));
  const order: number[] = [];
  for (let agent = 0; left.size > 0; ) {
    left.delete(agent);
    order.push(agent);
    agent = nearestOf(world, agent, left);
  }
  return order;
}

function nearestOf(world: World, agent: number, candidates: ReadonlySet<number>): number {
  let [nearest, best] = [-1, -1];
  for (const candidate of candidates) {
    const score = Math.max(world.kinshipOf(agent, candidate), world.kinshipOf(candidate, agent));
    if (score > best) [nearest, best] = [candidate, score];
  }
  return nearest;
}
