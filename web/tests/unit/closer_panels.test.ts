import { describe, expect, it } from "vitest";
import type { RuleParts } from "../../src/feed/description";
import { offsetOf } from "../../src/map/layers/attention";
import { renderMarkdown } from "../../src/markdown";
import { groupedByKin, nearestKin } from "../../src/panels/kin/order";
import { choicesOf, numChoices } from "../../src/panels/mind/bars";
import { scaleOf, thinned } from "../../src/panels/mind/chart";
import { countFired, rulesByVerb } from "../../src/panels/rules/panel";
import { happened, makeWorld } from "./sample";

describe("the rule sheet", () => {
  it("has rules by verb, those of every step last", () => {
    const parts = (on: string): RuleParts => ({ on: [on], targets: [], when: [], then: [] });
    expect(rulesByVerb(["step", "use", "move", "use"].map(parts))).toEqual([
      ["use", [1, 3]],
      ["move", [2]],
      ["every step", [0]],
    ]);
  });

  it("counts what fired in the step", () => {
    const events = [happened("fired", { rule: 1 }), happened("acted", { rule: 0 }), happened("fired", { rule: 1 })];
    expect([...countFired(makeWorld({ events }))]).toEqual([[1, 2]]);
  });

  it("is shown as tables, code and text, and never as markup", () => {
    const text = "**Bold** and `code` <b>x</b>\n\n| name | says |\n|---|---|\n| `a\\|b` | 1 \\< 2 |\n\n```python\nKin(1)\n```";
    const [paragraph, table, code] = renderMarkdown(text);
    expect(paragraph!.textContent).toBe("Bold and code <b>x</b>");
    expect(paragraph!.querySelector("b")).toBeNull();
    expect([...table!.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual(["a|b", "1 < 2"]);
    expect(code!.textContent).toBe("Kin(1)");
  });
});

describe("kinship", () => {
  const world = makeWorld({ kinship: [240, 0, 120, 0, 240, 60, 120, 60, 240] });

  it("is told nearest first", () => {
    expect(nearestKin(world, 2, 5)).toEqual([{ agent: 0, score: 0.5 }, { agent: 1, score: 0.25 }]);
    expect(nearestKin(world, 0, 5)).toEqual([{ agent: 2, score: 0.5 }]);
    expect(nearestKin(makeWorld(), 0, 5)).toEqual([]);
  });

  it("puts kin side by side", () => {
    expect(groupedByKin(world)).toEqual([0, 2, 1]);
  });
});

describe("the policy's view", () => {
  const actions = ["noop", "move", "use", "give"].map((name) => ({ name, verb: name, number: null, aim: { at: "self" as const } }));

  it("shows likely actions, what was chosen, and the rest as one", () => {
    const shown = choicesOf(actions, [0.5, 0.3, 0.15, 0.05], 3, 2);
    expect(shown.map(({ name, isChosen }) => [name, isChosen])).toEqual([
      ["noop", false],
      ["move", false],
      ["give", true],
      ["1 others", false],
    ]);
    expect(shown.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it("counts between how many actions a policy wavers", () => {
    expect(numChoices([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4);
    expect(numChoices([1, 0, 0])).toBe(1);
  });

  it("draws values over time, at most one a column", () => {
    const series = { ticks: [0, 1, 2, 3, 4], values: [0.5, 1, -1, 2, 3] };
    expect(thinned(series, 1, 3, 100)).toEqual([[1, 1], [2, -1], [3, 2]]);
    expect(thinned(series, 0, 4, 2)).toEqual([[1, 1], [3, 2], [4, 3]]);
    expect(scaleOf([1, 2])).toEqual({ low: 0, high: 2 });
    expect(scaleOf([])).toEqual({ low: -0.5, high: 0.5 });
  });

  it("looks on the map where it looks in its view", () => {
    const view = { height: 5, width: 3 };
    expect(offsetOf(2, 1, view, 0)).toEqual({ x: 0, y: 0 });
    expect(offsetOf(0, 1, view, 0)).toEqual({ x: 0, y: -2 }); // ahead is north
    expect(offsetOf(0, 1, view, 1)).toEqual({ x: 2, y: 0 }); // east
    expect(offsetOf(0, 1, view, 2).y).toBe(2); // south
    expect(offsetOf(0, 1, view, 3).x).toBe(-2); // west
    expect(offsetOf(0, 2, view, 1)).toEqual({ x: 2, y: 1 }); // ahead and right
  });
});
