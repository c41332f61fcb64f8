import { describe, expect, it } from "vitest";
import type { Action, Aim } from "../../src/feed/description";
import { actionToward, aimedCell, choiceName, turnToward } from "../../src/play/directions";
import { rowsOf, verbsOf } from "../../src/play/verbs";

function action(name: string, verb = name, aim: Aim = { at: "self" }): Action {
  return { name, verb, number: null, aim };
}

const ahead = (forward: number, right = 0): Aim => ({ at: "ahead", forward, right });
const NAMES = ["north", "east", "south", "west"];
const NOOP = action("noop");
const ABSOLUTE = [NOOP, ...NAMES.map((name, direction) => action(`move_${name}`, "move", { at: "toward", direction }))];
const ABSOLUTE_TURNS = [...ABSOLUTE, ...NAMES.map((name) => action(`turn_${name}`, "turn"))];
const RELATIVE = [NOOP, action("move", "move", ahead(1)), action("turn_left", "turn"), action("turn_right", "turn")];
const TANK = [NOOP, action("move_forward", "move"), action("move_back", "move"), action("rotate_right", "rotate")];
const DIAGONAL = [NOOP, action("move_1", "move", ahead(1)), action("move_2", "move", ahead(1, 1)), action("move_3", "move", ahead(0, 1))];

describe("the action that goes a way", () => {
  it("is the move toward that direction of the map, wherever the agent looks", () => {
    for (const heading of [0, 1, 2, 3]) {
      expect([0, 2, 4, 6].map((way) => actionToward(ABSOLUTE, way, heading))).toEqual([1, 2, 3, 4]);
    }
  });

  it("is a move ahead if the agent looks there, else a turn", () => {
    expect([0, 2, 4, 6].map((way) => actionToward(RELATIVE, way, 0))).toEqual([1, 3, 3, 2]);
    expect([0, 2, 4, 6].map((way) => actionToward(RELATIVE, way, 1))).toEqual([2, 1, 3, 3]);
    expect([0, 2, 4, 6].map((way) => actionToward(RELATIVE, way, 3))).toEqual([3, 3, 2, 1]);
  });

  it("walks backward where the game has that", () => {
    expect(actionToward(TANK, 0, 0)).toBe(1);
    expect(actionToward(TANK, 4, 0)).toBe(2);
    expect(actionToward(TANK, 2, 0)).toBe(3);
  });

  it("is a diagonal only in games that have them", () => {
    expect(actionToward(DIAGONAL, 1, 0)).toBe(2);
    expect(actionToward(DIAGONAL, 3, 1)).toBe(2);
    expect(actionToward(DIAGONAL, 3, 0)).toBeNull();
    expect(actionToward(ABSOLUTE, 1, 0)).toBeNull();
  });

  it("is none in a game without moves", () => {
    expect(actionToward([NOOP, action("use", "use", ahead(1))], 0, 0)).toBeNull();
  });

  it("turns only, if that is asked for", () => {
    expect(turnToward(ABSOLUTE_TURNS, 2, 0)).toBe(6);
    expect(turnToward(ABSOLUTE_TURNS, 0, 0)).toBe(5);
    expect(turnToward(ABSOLUTE, 2, 0)).toBeNull();
    expect(turnToward(RELATIVE, 0, 0)).toBeNull();
  });
});

describe("aimed cells", () => {
  const place = { row: 10, column: 20 };

  it("follow the heading", () => {
    const cells = [0, 1, 2, 3].map((heading) => aimedCell(ahead(2, 1), place, heading));
    expect(cells).toEqual([
      { row: 8, column: 21 },
      { row: 11, column: 22 },
      { row: 12, column: 19 },
      { row: 9, column: 18 },
    ]);
  });

  it("or do not, if they are directions of the map", () => {
    expect(aimedCell({ at: "toward", direction: 3 }, place, 2)).toEqual({ row: 10, column: 19 });
    expect(aimedCell({ at: "self" }, place, 2)).toBeNull();
  });
});

describe("verbs", () => {
  const cells = [1, 2, 3].flatMap((forward) => [-1, 0, 1].map((right) => ahead(forward, right)));
  const attack = cells.map((aim, i) => action(`attack_${i + 1}`, "attack", aim));
  const gifts = ["energy", "red_gem"].map((what) => action(`give_${what}`, "give", ahead(1)));
  const verbs = verbsOf([...ABSOLUTE_TURNS, action("use", "use", ahead(1)), ...attack, ...gifts, action("eat")]);

  it("are all but moving, turning and waiting, in the game's order", () => {
    expect(verbs.map((verb) => verb.name)).toEqual(["use", "attack", "give", "eat"]);
    expect(verbs[0]!.choices).toEqual([{ action: 9, label: "use", aim: ahead(1) }]);
    expect(verbs[2]!.choices.map((choice) => choice.label)).toEqual(["energy", "red_gem"]);
  });

  it("ask for a cell only if their choices aim at several", () => {
    expect(verbs.map((verb) => verb.hasTargets)).toEqual([false, true, false, false]);
  });

  it("show cells as the agent sees them: far ones above, left ones on the left", () => {
    const labels = rowsOf(verbs[1]!).map((row) => row.map((choice) => choice.label).join(""));
    expect(labels).toEqual(["789", "456", "123"]);
    expect(rowsOf(verbs[2]!)).toHaveLength(1);
  });

  it("have different keys, none of which steers", () => {
    const many = ["use", "eat", "attack", "swap", "zap", "x", "ww", "court", "part"].map((name) => action(name));
    const keys = verbsOf(many).map((verb) => verb.key);
    expect(keys.slice(0, 4)).toEqual(["e", "c", "z", "q"]);
    const given = keys.filter((key) => key !== "");
    expect(new Set(given).size).toBe(given.length);
    expect(given.some((key) => "wasdxt".includes(key))).toBe(false);
  });

  it("name what follows the verb", () => {
    expect(choiceName(gifts[1]!)).toBe("red_gem");
    expect(choiceName(action("use"))).toBe("");
  });
});
