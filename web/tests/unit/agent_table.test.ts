import { describe, expect, it } from "vitest";
import { Survey } from "../../src/feed/survey";
import { RewardSums } from "../../src/feed/reward_sums";
import { rewardText, shortUri, tableColumns, usualColumns } from "../../src/panels/agents/columns";
import { nextOrder, scrollFor, sortAgents, visibleRows } from "../../src/panels/agents/rows";
import { describeSample, fold, makeWorld, packVarints } from "./sample";

describe("order of agents", () => {
  it("sorts numbers, equal ones by the agent's number", () => {
    const values = [5, 10, 5, 7];
    expect(sortAgents(4, (agent) => values[agent]!, true)).toEqual([1, 3, 0, 2]);
    expect(sortAgents(4, (agent) => values[agent]!, false)).toEqual([0, 2, 3, 1]);
  });

  it("sorts texts", () => {
    const values = ["use", "attack", "noop"];
    expect(sortAgents(3, (agent) => values[agent]!, false)).toEqual([1, 2, 0]);
  });

  it("puts those who are not there last, whatever the direction", () => {
    const isThere = (agent: number) => agent !== 1;
    expect(sortAgents(3, (agent) => agent, true, isThere)).toEqual([2, 0, 1]);
    expect(sortAgents(3, (agent) => agent, false, isThere)).toEqual([0, 2, 1]);
  });

  it("turns when a title is clicked again, and begins with the largest value", () => {
    const first = nextOrder({ column: "agent", isDescending: false }, "reward");
    expect(first).toEqual({ column: "reward", isDescending: true });
    expect(nextOrder(first, "reward")).toEqual({ column: "reward", isDescending: false });
    expect(nextOrder(first, "agent")).toEqual({ column: "agent", isDescending: false });
  });
});

describe("rows that are drawn", () => {
  it("are those that can be seen", () => {
    expect(visibleRows(1000, 0, 240, 24)).toEqual({ first: 0, count: 11 });
    expect(visibleRows(1000, 2400, 240, 24)).toEqual({ first: 100, count: 11 });
    expect(visibleRows(1000, 1000 * 24, 240, 24)).toEqual({ first: 989, count: 11 });
    expect(visibleRows(3, 0, 240, 24)).toEqual({ first: 0, count: 3 });
  });

  it("come into view when they are out of it", () => {
    expect(scrollFor(5, 0, 240, 24)).toBeNull();
    expect(scrollFor(20, 0, 240, 24)).toBe(264);
    expect(scrollFor(2, 480, 240, 24)).toBe(48);
  });
});

describe("columns", () => {
  it("show any variable, any statistic, reward and who plays", () => {
    const columns = tableColumns(describeSample());
    const source = { world: makeWorld({ energy: [7, 8, 9] }), sums: Float64Array.of(1500, 0, 0), player: () => "file:///runs/first" };
    const shown = (id: string, agent: number) => {
      const column = columns.find((candidate) => candidate.id === id)!;
      const value = column.value(source, agent);
      return column.text?.(value) ?? String(value);
    };
    expect(shown("variable.energy", 2)).toBe("9");
    expect(shown("stat.hearts.made", 0)).toBe("0");
    expect(shown("reward", 0)).toBe("1.5");
    expect(shown("player", 0)).toBe("first");
    expect(shown("action", 1)).toBe("noop");
  });

  it("begin with what the game is about", () => {
    expect(usualColumns(describeSample())).toEqual(["reward", "variable.energy", "variable.heart", "action"]);
  });

  it("say rewards in thousandths as decimal numbers", () => {
    expect([0, 1000, -250, 1].map(rewardText)).toEqual(["0", "1", "-0.25", "0.001"]);
    expect(shortUri("mock://scripted")).toBe("scripted");
  });
});

describe("sums of rewards", () => {
  const survey = new Survey(3, 2);
  const rewards = [[9, 9], [1, 0], [0, -2], [4, 5]]; // ticks 3..6; the first one is before the survey begins
  const zeros = rewards.flat().map(() => 0);
  survey.add(packVarints([3, 4, 2, 0, ...zeros, ...zeros, ...rewards.flat().map(fold)]));

  it("are the same wherever one comes from", () => {
    const sums = new RewardSums(survey);
    for (const tick of [6, 3, 5, 4, 6, 100, 0, 5]) {
      const end = Math.min(6, Math.max(3, tick));
      const expected = [0, 1].map((agent) => rewards.slice(1, end - 2).reduce((sum, row) => sum + row[agent]!, 0));
      expect([...sums.at(tick)]).toEqual(expected);
    }
  });
});
