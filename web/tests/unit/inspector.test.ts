import { describe, expect, it } from "vitest";
import type { Condition, RuleParts } from "../../src/feed/description";
import { barsOf, factsOf, fullness, holds, rulesAbout } from "../../src/panels/inspector/facts";
import { effect, happenings, type Sentence } from "../../src/panels/inspector/sentences";
import { thingName } from "../../src/things";
import { ALTAR, BUSH, ENERGY, FROZEN, HEART, happened, makeWorld } from "./sample";

const HEARTS = [
  happened("acted", { actor: 0, target: ALTAR, amount: 1 }),
  happened("changed", { actor: 0, target: 0, variable: ENERGY, amount: -1 }),
  happened("fired", { rule: 0, actor: 0, target: ALTAR }),
  happened("changed", { rule: 0, actor: 0, target: 0, variable: ENERGY, amount: -50 }),
  happened("rewarded", { rule: 0, actor: 0, target: 0, amount: 1000 }),
  happened("fired", { rule: 1, actor: 2, target: 2 }),
  happened("changed", { rule: 1, actor: 2, target: 2, variable: ENERGY, amount: 1 }),
  happened("shared", { source: 0, target: 1, amount: 250 }),
];

function say(parts: Sentence): string {
  const world = makeWorld();
  return parts.map((part) => (typeof part === "number" ? thingName(world, part) : part)).join("");
}

describe("why something happened", () => {
  const world = makeWorld({ events: HEARTS });

  it("is told by the action, the rule that fired and what it changed", () => {
    const [own] = happenings(world, ALTAR);
    expect(say(own!.head)).toBe("agent 0: use on altar 3");
    expect(own!.rules).toEqual([world.description.rules[0]]);
    expect(own!.effects.map(say)).toEqual(["agent 0 pays 1 energy", "agent 0: energy −50", "agent 0 earns 1 reward"]);
  });

  it("is told to those whom it concerns", () => {
    expect(happenings(world, 0).map((one) => say(one.head))).toEqual(["agent 0: use on altar 3", "rewards are shared"]);
    expect(happenings(world, 2).map((one) => say(one.head))).toEqual(["in every step, agent 2"]);
    expect(happenings(world, BUSH)).toEqual([]);
    expect(happenings(world, null)).toHaveLength(3);
  });

  it("has a sentence for everything that can happen", () => {
    const said = (what: Parameters<typeof happened>[0], fields: Parameters<typeof happened>[1]) => say(effect(world, happened(what, fields)));
    expect(said("handed_over", { actor: 0, source: 0, target: 1, variable: HEART, amount: 2 })).toBe("agent 0 gives 2 heart to agent 1");
    expect(said("handed_over", { actor: 1, source: 0, target: 1, variable: HEART, amount: 2 })).toBe("agent 1 takes 2 heart from agent 0");
    expect(said("shared", { source: 0, target: 1, amount: 250 })).toBe("agent 0 passes 0.25 reward on to agent 1");
    expect(said("shared", { source: -1, target: 1, amount: 250 })).toBe("agent 1 gets 0.25 reward by its rank");
    expect(said("rewarded", { target: 1, amount: -10 })).toBe("agent 1 loses 0.01 reward");
    expect(said("spawned", { target: ALTAR, amount: 2 })).toBe("altar 3 appears");
    expect(said("became", { target: ALTAR, amount: 3 })).toBe("altar 3 becomes berry bush");
    expect(said("removed", { target: ALTAR, amount: 2 })).toBe("altar 3 is gone");
    expect(said("born", { actor: 0, source: 1, target: 2 })).toBe("agent 2 is born to agent 0 and agent 1");
    expect(said("born", { actor: 0, target: 2 })).toBe("agent 2 is born to agent 0");
    expect(said("died", { target: 2 })).toBe("agent 2 dies");
    expect(said("bonded", { source: 0, target: 1 })).toBe("agent 0 and agent 1 become mates");
    expect(said("parted", { source: 0, target: 1 })).toBe("agent 0 and agent 1 part");
  });
});

describe("what a thing has", () => {
  it("is shown in bars, energy first, timers while they run", () => {
    const world = makeWorld({ energy: [25], frozen: [0, 4] });
    expect(barsOf(world, 0).map((bar) => bar.name)).toEqual(["energy", "heart"]);
    expect(fullness(barsOf(world, 0)[0]!)).toBe(0.25);
    expect(fullness(barsOf(world, 0)[1]!)).toBeNull();
    expect(barsOf(world, 1)[1]).toEqual({ name: "frozen", value: 4, cap: 10, isTimer: true, index: FROZEN });
    expect(factsOf(world, ALTAR)).toEqual([["row, column", "1, 2"]]);
  });
});

function test(op: "at_least" | "at_most" | "has_room", amount: number, of: "actor" | "target", negated = false): Condition {
  return { text: `${op} ${amount}`, test: { op, variable: ENERGY, amount, of, negated } };
}

describe("conditions of rules", () => {
  const world = makeWorld({ energy: [60] });

  it("hold or not for the one whom they are about", () => {
    expect(holds(world, 0, "actor", test("at_least", 60, "actor"))).toBe(true);
    expect(holds(world, 0, "actor", test("at_least", 61, "actor"))).toBe(false);
    expect(holds(world, 0, "actor", test("at_least", 61, "actor", true))).toBe(true);
    expect(holds(world, 0, "actor", test("at_most", 60, "actor"))).toBe(true);
    expect(holds(world, 0, "actor", test("has_room", 40, "actor"))).toBe(true);
    expect(holds(world, 0, "actor", test("has_room", 41, "actor"))).toBe(false);
    expect(holds(world, 0, "actor", test("at_least", 1, "target"))).toBeNull();
    expect(holds(world, 0, "actor", { text: "a chance", test: null })).toBeNull();
  });

  it("are listed for agents that act, for kinds that are met, and for every step", () => {
    const parts = (on: string, target: string, ...when: Condition[]): RuleParts => ({ on: [on], targets: [target], when, then: [] });
    const rule_parts = [
      parts("use", "altar", test("at_least", 99, "actor")),
      parts("use", "berry_bush"),
      parts("attack", "agent", test("at_most", 60, "target")),
      parts("step", "agent", test("at_least", 60, "actor")),
      parts("noop", "self"),
    ];
    const rich = makeWorld({ energy: [60] }, { rule_parts });
    expect(rulesAbout(rich, BUSH).map(({ rule, part }) => [rule, part])).toEqual([[1, "target"]]);
    const own = rulesAbout(rich, 0);
    expect(own.map(({ rule, part }) => [rule, part])).toEqual([
      [1, "actor"],
      [2, "actor"],
      [2, "target"],
      [3, "target"],
      [0, "actor"],
    ]);
    expect(own.map((one) => one.isOpen)).toEqual([true, true, true, true, false]);
    expect(own[3]!.conditions[0]!.holds).toBe(true);
  });
});
