// Agents on a circle, and curves between them.

export interface Point {
  x: number;
  y: number;
}

/** Where an agent stands on a circle around the middle of a square. */
export function placeOnCircle(place: number, count: number, size: number, margin: number): Point {
  const angle = (place / count) * 2 * Math.PI - Math.PI / 2;
  const radius = size / 2 - margin;
  return { x: size / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) };
}

/** The point through which a curve between two places bends: towards the middle, to the right of its way. */
export function bendOf(from: Point, to: Point, size: number): Point {
  const [mx, my] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const side = 0.06;
  return { x: mx + (size / 2 - mx) * 0.6 - (to.y - from.y) * side, y: my + (size / 2 - my) * 0.6 + (to.x - from.x) * side };
}

/** The two other corners of an arrow's head that ends at `tip` and comes from `from`. */
export function headOf(from: Point, tip: Point, length: number): [Point, Point] {
  const distance = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const [dx, dy] = [(tip.x - from.x) / distance, (tip.y - from.y) / distance];
  const [bx, by] = [tip.x - dx * length, tip.y - dy * length];
  const half = length * 0.45;
  return [
    { x: bx - dy * half, y: by + dx * half },
    { x: bx + dy * half, y: by - dx * half },
  ];
}

/** The agent nearest to a point, null if it is farther away than `reach`. */
export function agentAt(point: Point, places: readonly Point[], reach: number): number | null {
  let [nearest, best] = [-1, reach];
  for (const [agent, place] of places.entries()) {
    const distance = Math.hypot(place.x - point.x, place.y - point.y);
    if (distance < best) [nearest, best] = [agent, distance];
  }
  return nearest < 0 ? null : nearest;
}
