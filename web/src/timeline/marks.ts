// Marks of events over the timeline: one lane per sort, one column of pixels per stretch of ticks.

import type { MarkKind, Survey } from "../feed/survey";

export interface Lane {
  title: string;
  kinds: MarkKind[];
  color: string; // CSS variable
}

export const LANES: readonly Lane[] = [
  { title: "hearts", kinds: ["heart"], color: "--mark-heart" },
  { title: "gifts", kinds: ["gift", "share"], color: "--mark-gift" },
  { title: "attacks and thefts", kinds: ["attack", "theft"], color: "--mark-attack" },
  { title: "births, deaths, bonds", kinds: ["birth", "death", "bond"], color: "--mark-birth" },
];

/** How many marks of each lane fall on each column: [lane][column]. */
export function countMarks(survey: Survey, first: number, last: number, columns: number): Uint16Array[] {
  const counts = LANES.map(() => new Uint16Array(columns));
  const laneOf = new Map(LANES.flatMap((lane, index) => lane.kinds.map((kind) => [kind, index] as const)));
  for (const mark of survey.marksBetween(first, last + 1)) {
    const column = columnOf(mark.tick, first, last, columns);
    const lane = counts[laneOf.get(mark.kind)!]!;
    lane[column] = Math.min(65535, lane[column]! + 1);
  }
  return counts;
}

/** The column of a tick when ticks first..last are spread over `columns`. */
export function columnOf(tick: number, first: number, last: number, columns: number): number {
  return Math.min(columns - 1, Math.floor(((tick - first) / (last - first + 1)) * columns));
}

/** The tick that a column shows first. */
export function tickAt(column: number, first: number, last: number, columns: number): number {
  return first + Math.floor((Math.min(columns - 1, Math.max(0, column)) / columns) * (last - first + 1));
}
