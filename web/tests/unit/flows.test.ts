import { describe, expect, it } from "vitest";
import { attribute, flowsOf, REWARD, sizeOf, spanOf, sumFlows, variablesOf } from "../../src/feed/flows";
import { MARKS, Survey, type Mark } from "../../src/feed/survey";
import { largest } from "../../src/map/layers/gifts";
import { sentence } from "../../src/panels/gifts/panel";
import { agentAt, bendOf, headOf, placeOnCircle } from "../../src/panels/gifts/circle";
import { fold, HEART, makeWorld, packVarints } from "./sample";

const FOOD = HEART;

function mark(tick: number, kind: Mark["kind"], actor: number, target: number, amount: number, variable = FOOD): Mark {
  return { tick, kind, actor, target, variable: kind === "share" ? 0 : variable, amount };
}

const COURSE: Mark[] = [
  mark(1, "gift", 0, 1, 3),
  mark(1, "attack", 2, 1, 0),
  mark(2, "gift", 0, 1, 4),
  mark(2, "theft", 2, 1, 5),
  mark(2, "share", 1, 0, 250),
  mark(3, "share", 1, 0, 500),
  mark(3, "share", 0, 2, 100),
  mark(3, "gift", 1, 0, 1),
];
const REWARDS = [[0, 0, 0], [0, 0, 0], [250, 750, 0], [1400, 500, 100]]; // [tick][agent]

function survey(): Survey {
  const made = new Survey(0, 3);
  const zeros = REWARDS.flat().map(() => 0);
  const marks = COURSE.flatMap((m) => [m.tick, MARKS.indexOf(m.kind), m.actor, m.target, m.variable, m.amount]);
  made.add(packVarints([0, 4, 3, COURSE.length, ...zeros, ...zeros, ...REWARDS.flat().map(fold), ...marks.map(fold)]));
  return made;
}

describe("flows", () => {
  it("are summed by pair and kind; what is stolen goes from who lost it", () => {
    const flows = sumFlows(COURSE);
    expect(flows.map(({ from, to, kind, times }) => [kind, from, to, times])).toEqual([
      ["gift", 0, 1, 2],
      ["theft", 1, 2, 1],
      ["share", 1, 0, 2],
      ["share", 0, 2, 1],
      ["gift", 1, 0, 1],
    ]);
    expect(flows[0]!.amounts.get(FOOD)).toBe(7);
    expect(variablesOf(flows)).toEqual([FOOD, REWARD]);
    expect(sizeOf(flows[2]!, String(REWARD))).toBe(750);
    expect(sizeOf(flows[2]!, String(FOOD))).toBe(0);
  });

  it("lose nothing on the way", () => {
    const given = COURSE.filter(({ kind }) => kind === "gift" || kind === "theft").reduce((sum, { amount }) => sum + amount, 0);
    const moved = sumFlows(COURSE).reduce((sum, flow) => sum + (flow.amounts.get(FOOD) ?? 0), 0);
    expect(moved).toBe(given);
  });

  it("of a span are those of its ticks", () => {
    const made = survey();
    expect(spanOf(made, 3, 2)).toEqual({ first: 2, end: 4 });
    expect(spanOf(made, 3, 0)).toEqual({ first: 0, end: 4 });
    expect(spanOf(made, 9, 100)).toEqual({ first: 0, end: 4 });
    expect(flowsOf(made, { first: 1, end: 2 }).map(({ kind, from, to }) => [kind, from, to])).toEqual([["gift", 0, 1]]);
    const parts = [flowsOf(made, { first: 0, end: 2 }), flowsOf(made, { first: 2, end: 4 })].flat();
    const times = (flows: typeof parts) => flows.reduce((sum, flow) => sum + flow.times, 0);
    expect(times(parts)).toBe(times(flowsOf(made, { first: 0, end: 4 })));
  });

  it("are shown largest first, of one agent if one is selected", () => {
    const flows = sumFlows(COURSE);
    expect(largest(flows, String(FOOD), null).map((flow) => flow.amounts.get(FOOD))).toEqual([7, 5, 1]);
    expect(largest(flows, "times", 2).map(({ kind }) => kind)).toEqual(["theft", "share"]);
    expect(largest(flows, "times", null, 1)).toHaveLength(1);
    expect(sentence(makeWorld(), flows[0]!)).toBe("agent 0 gave agent 1: 7 heart (2 times)");
    expect(sentence(makeWorld(), flows[2]!)).toBe("agent 1 shared with agent 0: 0.75 reward (2 times)");
  });
});

describe("reward of an agent", () => {
  it("is its own, less what it passed on, and what others shared", () => {
    const made = survey();
    const span = { first: 0, end: 4 };
    const found = attribute(made, 0, span, flowsOf(made, span));
    expect(found).toEqual({
      total: 1650,
      earned: 1000,
      passed: 100,
      received: 750,
      sources: [{ agent: 1, amount: 750 }],
      receivers: [{ agent: 2, amount: 100 }],
    });
  });

  it("adds up for all: what is passed on is received", () => {
    const made = survey();
    for (const span of [{ first: 0, end: 4 }, { first: 2, end: 3 }, { first: 3, end: 4 }]) {
      const parts = [0, 1, 2].map((agent) => attribute(made, agent, span, flowsOf(made, span)));
      const sum = (name: "total" | "earned" | "passed" | "received") => parts.reduce((all, part) => all + part[name], 0);
      expect(sum("passed")).toBe(sum("received"));
      expect(sum("total")).toBe(sum("earned"));
      for (const part of parts) expect(part.earned - part.passed + part.received).toBe(part.total);
    }
  });
});

describe("the circle", () => {
  it("has everybody at the same distance from its middle, the first one above", () => {
    const places = Array.from({ length: 5 }, (_, place) => placeOnCircle(place, 5, 200, 20));
    expect(places[0]!.x).toBeCloseTo(100);
    expect(places[0]!.y).toBeCloseTo(20);
    for (const { x, y } of places) expect(Math.hypot(x - 100, y - 100)).toBeCloseTo(80);
    expect(agentAt({ x: 101, y: 24 }, places, 10)).toBe(0);
    expect(agentAt({ x: 100, y: 100 }, places, 10)).toBeNull();
  });

  it("bends there and back apart, with heads that point at the end", () => {
    const [a, b] = [{ x: 10, y: 100 }, { x: 190, y: 100 }];
    expect(bendOf(a, b, 200).y).not.toBe(bendOf(b, a, 200).y);
    const [left, right] = headOf(a, b, 10);
    expect(left.x).toBeCloseTo(180);
    expect((left.y + right.y) / 2).toBeCloseTo(100);
  });
});
