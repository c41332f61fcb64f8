import { describe, expect, it } from "vitest";
import type { News, Question } from "../../src/feed/connection";
import { Minds } from "../../src/feed/minds";

function setUp() {
  const asked: Question[] = [];
  const newsListeners: ((news: News) => void)[] = [];
  const page = { ask: (question: Question) => void asked.push(question), draw: () => {}, newsListeners, branches: new Map() };
  const minds = new Minds(page);
  const tell = (news: News) => newsListeners.forEach((listener) => listener(news));
  return { asked, minds, tell };
}

describe("what policies made of it", () => {
  it("is asked for once, then known", () => {
    const { asked, minds, tell } = setUp();
    expect(minds.at(1, 3, 7)).toBeNull();
    expect(minds.at(1, 3, 7)).toBeNull();
    expect(asked).toEqual([{ do: "mind", branch: 1, agent: 3, tick: 7 }]);
    tell({ say: "mind", branch: 1, agent: 3, tick: 7, by: null, probabilities: [1], value: 2 });
    expect(minds.at(1, 3, 7)).toEqual({ probabilities: [1], value: 2, attention: null });
  });

  it("grows tick by tick", () => {
    const { asked, minds, tell } = setUp();
    expect(minds.valuesOf(1, 0, 9).ticks).toEqual([]);
    tell({ say: "values", branch: 1, agent: 0, first: 0, values: [[0, 1], [1, 2]] });
    tell({ say: "values", branch: 1, agent: 0, first: 0, values: [[1, 2], [2, 3]] });
    expect(minds.valuesOf(1, 0, 2)).toEqual({ ticks: [0, 1, 2], values: [1, 2, 3] });
    minds.valuesOf(1, 0, 5);
    expect(asked.map((question) => ("first" in question ? question.first : -1))).toEqual([0, 3]);
  });

  it("is known to be unknown, until a policy has thought about more ticks", () => {
    const { asked, minds, tell } = setUp();
    tell({ say: "asked", branch: 1, policy_uri: "mock://random", first: 0, end: 50 });
    tell({ say: "mind", branch: 1, agent: 0, tick: 3, by: "mock://random", probabilities: [1], value: 0 });
    tell({ say: "mind", branch: 1, agent: 0, tick: 60, by: "mock://random" });
    expect([minds.isUnknown(1, 0, 60), minds.at(1, 0, 60), asked.length]).toEqual([true, null, 0]);
    tell({ say: "asked", branch: 1, policy_uri: "mock://random", first: 50, end: 100 });
    expect(minds.isUnknown(1, 0, 60)).toBe(false);
    expect(minds.at(1, 0, 3)?.probabilities).toEqual([1]);
    expect(asked).toEqual([]);
  });

  it("is forgotten when another policy is asked", () => {
    const { asked, minds, tell } = setUp();
    minds.at(1, 0, 0);
    tell({ say: "mind", branch: 1, agent: 0, tick: 0, by: null, probabilities: [1], value: 2 });
    tell({ say: "asked", branch: 1, policy_uri: "mock://random", first: 0, end: 50 });
    expect(minds.askedPolicy(1)).toBe("mock://random");
    expect(minds.at(1, 0, 0)).toBeNull();
    expect(asked).toHaveLength(2);
    tell({ say: "mind", branch: 1, agent: 0, tick: 0, by: "mock://random", probabilities: [0.5], value: 0 });
    expect(minds.at(1, 0, 0)?.probabilities).toEqual([0.5]);
  });
});
