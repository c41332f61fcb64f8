// What is to be said of a thing: its bars, timers and other numbers. Reads the world, knows nothing of elements.

import type { Condition, RuleParts } from "../../feed/description";
import type { World } from "../../feed/world";

const DIRECTIONS = ["north", "east", "south", "west"];
const MOST_OF_A_BAR = 500; // who can carry more shows a number only

export interface Bar {
  name: string;
  value: number;
  cap: number;
  isTimer: boolean;
}

/** What a thing carries and can carry, energy first; timers only while they run, what is just there or not never. */
export function barsOf(world: World, object: number): Bar[] {
  const { energy, heading, mark, team } = world.description.looks.variables;
  const told = [heading, mark, team];
  const bars = world.description.variables.flatMap(({ name, is_timer }, index): (Bar & { index: number })[] => {
    const [value, cap] = [world.variable(object, index), world.cap(object, index)];
    if (told.includes(index) || cap <= 1 || (is_timer && value === 0)) return [];
    return [{ name, value, cap, isTimer: is_timer, index }];
  });
  return bars.sort((a, b) => Number(b.index === energy) - Number(a.index === energy) || a.index - b.index);
}

/** How much of a bar is filled, 0..1; null for what is shown as a number only. */
export function fullness(bar: Bar): number | null {
  return bar.cap > MOST_OF_A_BAR ? null : Math.min(1, bar.value / bar.cap);
}

/** Other things to say of it, as pairs of name and text. */
export function factsOf(world: World, object: number): [string, string][] {
  const { description } = world;
  const { heading, mark, team } = description.looks.variables;
  const facts: [string, string][] = [];
  const place = `${world.rowOf(object)}, ${world.columnOf(object)}`;
  facts.push(["row, column", world.isOnMap(object) ? place : "not on the map"]);
  for (const [index, { name }] of description.variables.entries()) {
    if (world.cap(object, index) === 1 && index !== mark) facts.push([name, world.variable(object, index) > 0 ? "yes" : "no"]);
  }
  if (!world.isAgent(object)) return facts;
  if (description.bodies.length > 1) facts.push(["body", description.bodies[world.body[object]!] ?? ""]);
  if (heading >= 0) facts.push(["faces", DIRECTIONS[world.variable(object, heading) & 3]!]);
  if (mark >= 0) facts.push(["mark", world.variable(object, mark) > 0 ? String(world.variable(object, mark)) : "none"]);
  if (team >= 0) facts.push(["team", String(world.variable(object, team))]);
  return facts;
}

/** The statistics of an agent that are not 0. */
export function statsOf(world: World, agent: number): [string, number][] {
  return world.description.stats.flatMap((name, index): [string, number][] => {
    const value = world.stat(agent, index);
    return value === 0 ? [] : [[name, value]];
  });
}

/** Whether a condition holds for a thing in a part; null = that depends on more than this thing. */
export function holds(world: World, object: number, part: "actor" | "target", condition: Condition): boolean | null {
  const { test } = condition;
  if (test === null || test.of !== part) return null;
  const value = world.variable(object, test.variable);
  const is = {
    at_least: value >= test.amount,
    at_most: value <= test.amount,
    has_room: value + test.amount <= world.cap(object, test.variable),
  }[test.op];
  return is !== test.negated;
}

/** A rule that a thing can be part of, and what of its conditions is met now. */
export interface Applicable {
  rule: number;
  part: "actor" | "target";
  conditions: { text: string; holds: boolean | null }[];
  isOpen: boolean; // no condition speaks against it
}

/** The rules that are about a thing: all verbs for agents, and those that have its kind as target. */
export function rulesAbout(world: World, object: number): Applicable[] {
  const kind = world.description.kinds[world.kind[object] ?? 0] ?? "";
  const isAgent = world.isAgent(object);
  const found = world.description.rule_parts.flatMap((parts, rule) =>
    partsPlayed(parts, kind, isAgent).map((part) => applicable(world, object, rule, part, parts)),
  );
  return found.sort((a, b) => Number(b.isOpen) - Number(a.isOpen));
}

function partsPlayed(parts: RuleParts, kind: string, isAgent: boolean): ("actor" | "target")[] {
  const isTarget = parts.targets.includes(kind);
  if (parts.on.includes("step")) return isTarget || (isAgent && parts.targets.includes("self")) ? ["target"] : [];
  if (parts.on.includes("noop")) return [];
  return [...(isAgent ? (["actor"] as const) : []), ...(isTarget ? (["target"] as const) : [])];
}

function applicable(world: World, object: number, rule: number, part: "actor" | "target", parts: RuleParts): Applicable {
  const isBoth = parts.on.includes("step"); // there a thing is actor and target
  const conditions = parts.when.map((condition) => {
    const as = isBoth ? (condition.test?.of ?? part) : part;
    return { text: condition.text, holds: holds(world, object, as, condition) };
  });
  return { rule, part, conditions, isOpen: conditions.every((condition) => condition.holds !== false) };
}
