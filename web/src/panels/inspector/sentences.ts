// "Why did this happen?": the events of a step as sentences, each group with the action or rule that led to it.

import { WHAT, type World, type WorldEvent } from "../../feed/world";
import { kindName } from "../../things";

/** A sentence in parts: texts, and numbers that stand for things. */
export type Sentence = (string | number)[];

/** What one action or one rule brought about. */
export interface Happening {
  head: Sentence;
  rules: string[]; // that fired, as sentences
  effects: Sentence[];
}

/** What happened in the last step that concerns a thing; null = everything. */
export function happenings(world: World, object: number | null): Happening[] {
  return groups(world.events)
    .filter((group) => object === null || group.some((event) => concerns(event, object)))
    .map((group) => happening(world, group));
}

/** Events with what led to them: each group begins with an action, or with a rule of every step. */
function groups(events: readonly WorldEvent[]): WorldEvent[][] {
  const found: WorldEvent[][] = [];
  for (const event of events) {
    const last = found[found.length - 1];
    if (last === undefined || begins(event, last)) found.push([event]);
    else last.push(event);
  }
  return found;
}

function begins(event: WorldEvent, group: readonly WorldEvent[]): boolean {
  const what = WHAT[event.what];
  if (what === "acted") return true;
  const first = group[0]!;
  if (what === "fired") return WHAT[first.what] !== "acted" || event.actor !== first.actor || group.some(isFired);
  if (what === "shared") return WHAT[first.what] !== "shared"; // rewards are passed on after all rules
  return WHAT[first.what] === "shared";
}

function isFired(event: WorldEvent): boolean {
  return WHAT[event.what] === "fired";
}

function concerns(event: WorldEvent, object: number): boolean {
  return event.actor === object || event.source === object || event.target === object;
}

function happening(world: World, group: readonly WorldEvent[]): Happening {
  const rules = group.filter(isFired).map((event) => world.description.rules[event.rule] ?? "");
  const rest = group.filter((event) => !isFired(event) && WHAT[event.what] !== "acted");
  return { head: headOf(world, group[0]!), rules, effects: rest.map((event) => effect(world, event)) };
}

function headOf(world: World, first: WorldEvent): Sentence {
  const what = WHAT[first.what];
  if (what === "shared") return ["rewards are shared"];
  if (what === "acted") {
    const action = world.description.actions[first.amount]?.name ?? "something";
    if (first.target === first.actor) return [first.actor, `: ${action}`];
    return first.target < 0 ? [first.actor, `: ${action} on an empty cell`] : [first.actor, `: ${action} on `, first.target];
  }
  if (first.actor < 0) return ["the world"];
  if (first.target < 0 || first.target === first.actor) return ["in every step, ", first.actor];
  return [first.actor, " and ", first.target];
}

/** What an event says. */
export function effect(world: World, event: WorldEvent): Sentence {
  const { actor, source, target, amount } = event;
  const kind = kindName(world.description, amount);
  switch (WHAT[event.what]) {
    case "changed":
      return [...ofWhom(event.target), change(world, event)];
    case "handed_over":
      if (actor === source) return [source, ` gives ${quantity(world, event)} to `, target];
      return [target, ` takes ${quantity(world, event)} from `, source];
    case "rewarded":
      return [target, amount < 0 ? ` loses ${reward(-amount)} reward` : ` earns ${reward(amount)} reward`];
    case "shared":
      if (source < 0) return [target, ` gets ${reward(amount)} reward by its rank`];
      return [source, amount < 0 ? ` passes a loss of ${reward(-amount)} on to ` : ` passes ${reward(amount)} reward on to `, target];
    case "spawned":
      return [target, " appears"];
    case "became":
      return [target, ` becomes ${kind}`];
    case "removed":
      return [`${kind} ${target} is gone`];
    case "born":
      return source < 0 || source === actor
        ? [target, " is born to ", actor]
        : [target, " is born to ", actor, " and ", source];
    case "died":
      return [target, " dies"];
    case "bonded":
      return [source, " and ", target, " become mates"];
    case "parted":
      return [source, " and ", target, " part"];
    default:
      return [target, " is concerned"];
  }
}

function ofWhom(target: number): Sentence {
  return target < 0 ? ["the world"] : [target];
}

function change(world: World, event: WorldEvent): string {
  const name = world.description.variables[event.variable]?.name ?? "something";
  if (event.rule < 0 && event.amount < 0) return ` pays ${-event.amount} ${name}`;
  return event.amount < 0 ? `: ${name} −${-event.amount}` : `: ${name} +${event.amount}`;
}

function quantity(world: World, event: WorldEvent): string {
  return `${event.amount} ${world.description.variables[event.variable]?.name ?? "things"}`;
}

function reward(thousandths: number): string {
  return String(thousandths / 1000);
}
