import { describe, expect, it } from "vitest";
import { pathsOf, readChanges, readValue, suggestions } from "../../src/play/changes";
import { readAgents } from "../../src/panels/fork";
import { readSeed } from "../../src/play/seed";

describe("changes of the rules", () => {
  it("are lines of a path and a value", () => {
    const text = "verbs.attack.price = 5\n\n  # a remark\nbodies.default.caps.energy=200 # more\nmax_steps: 2e3";
    expect(readChanges(text)).toEqual({ "verbs.attack.price": 5, "bodies.default.caps.energy": 200, max_steps: 2000 });
    expect(readChanges("")).toEqual({});
  });

  it("tell the line that is none", () => {
    expect(() => readChanges("a = 1\nverbs attack 5")).toThrow("line 2");
    expect(() => readChanges("a =")).toThrow("line 1");
    expect(() => readChanges("a = 1\na = 2")).toThrow("line 2: a is given twice");
    expect(() => readChanges("__proto__ = 1\n__proto__ = 2")).not.toThrow("undefined");
  });

  it("have values as JSON or as the command line has them", () => {
    const values = ["1.5", "-3", "true", "True", "none", "[1, 2]", '{"a": 1}', "'words'", "plain words"].map(readValue);
    expect(values).toEqual([1.5, -3, true, true, null, [1, 2], { a: 1 }, "words", "plain words"]);
  });
});

describe("suggestions", () => {
  const config = { num_agents: 4, verbs: { move: { price: 1, choices: [] }, attack: { price: 20 } }, name: "arena", none: null };
  const paths = pathsOf(config);

  it("are the paths of plain values", () => {
    expect(paths).toEqual([
      ["num_agents", "4"],
      ["verbs.move.price", "1"],
      ["verbs.attack.price", "20"],
      ["name", "arena"],
      ["none", "null"],
    ]);
  });

  it("begin with what fits best", () => {
    expect(suggestions(paths, "verbs.a").map(([path]) => path)).toEqual(["verbs.attack.price"]);
    expect(suggestions(paths, "PRICE").map(([path]) => path)).toEqual(["verbs.move.price", "verbs.attack.price"]);
    expect(suggestions(paths, "n", 2).map(([path]) => path)).toEqual(["name", "none"]);
    expect(suggestions(paths, " ")).toEqual([]);
  });
});

describe("agents and seeds", () => {
  it("are numbers with anything between them", () => {
    expect(readAgents(" 1, 3 3;0", 4)).toEqual([1, 3, 0]);
    expect(readAgents("", 4)).toEqual([]);
    for (const wrong of ["4", "-1", "x", "1.5"]) expect(() => readAgents(wrong, 4)).toThrow(`no agent ${wrong}`);
  });

  it("seeds are whole numbers", () => {
    expect(readSeed(" 12 ")).toBe(12);
    for (const wrong of ["", "-1", "1.5", "9007199254740993", "seed"]) expect(() => readSeed(wrong)).toThrow("a seed is");
  });
});
