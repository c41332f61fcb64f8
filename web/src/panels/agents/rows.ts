// The order of the table's rows, and which of them are near enough to be drawn.

import type { Value } from "./columns";

export interface Order {
  column: string; // id; "agent" = by number
  isDescending: boolean;
}

/**
 * Agents in the order of their values: equal ones by number, those that are not there last.
 */
export function sortAgents(
  count: number,
  valueOf: (agent: number) => Value,
  isDescending: boolean,
  isThere: (agent: number) => boolean = () => true,
): number[] {
  const agents = Array.from({ length: count }, (_, agent) => agent);
  const values = agents.map(valueOf);
  const sign = isDescending ? -1 : 1;
  const away = agents.map((agent) => (isThere(agent) ? 0 : 1));
  return agents.sort((a, b) => away[a]! - away[b]! || sign * compare(values[a]!, values[b]!) || a - b);
}

function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** What a click on a column's title does to the order: numbers begin with the largest. */
export function nextOrder(order: Order, column: string): Order {
  if (order.column === column) return { column, isDescending: !order.isDescending };
  return { column, isDescending: column !== "agent" };
}

export interface Window {
  first: number;
  count: number;
}

/** The rows that can be seen in a box that is scrolled. */
export function visibleRows(total: number, scrollTop: number, height: number, rowHeight: number): Window {
  const most = Math.ceil(height / rowHeight) + 1;
  const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), total - most));
  return { first, count: Math.min(most, total - first) };
}

/** Where to scroll so that a row can be seen; null if it can be seen already. */
export function scrollFor(row: number, scrollTop: number, height: number, rowHeight: number): number | null {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return null;
}
