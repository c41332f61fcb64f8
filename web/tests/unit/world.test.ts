import { describe, expect, it } from "vitest";
import type { Description } from "../../src/feed/description";
import { readHead, World } from "../../src/feed/world";

const DESCRIPTION = {
  num_agents: 2,
  width: 10,
  height: 10,
  kinds: ["empty", "agent"],
  caps: [[0]],
  actions: [],
  grounds: [],
  traces: [],
  columns: [
    { name: "kind", rows: 1, size: 3 },
    { name: "cell", rows: 1, size: 3 },
    { name: "variable", rows: 2, size: 3 },
  ],
} as unknown as Description;

// tick 5, key frame; column 0: three ones; column 1: object 1 at cell 24; end mark; no events
const KEY = Uint8Array.of(5, 0, 0, 3, 0, 1, 1, 2, 2, 2, 1, 1, 1, 48, 3, 0);
// tick 6, builds on 5; column 2, place 4 (second variable of object 1) + 7; one event
const NEXT = Uint8Array.of(6, 6, 2, 1, 4, 14, 3, 1, 2, 0, 2, 1, 1, 3, 10, 46);

function world(): World {
  const world = new World(DESCRIPTION);
  world.apply(KEY);
  return world;
}

describe("World", () => {
  it("is what a key frame says", () => {
    expect([...world().kind]).toEqual([1, 1, 1]);
    expect([world().cellOf(0), world().cellOf(1), world().rowOf(1), world().columnOf(1)]).toEqual([-1, 23, 2, 3]);
    expect(world().objectsAt(2, 3)).toEqual([1]);
  });

  it("changes by the frames that follow", () => {
    const moved = world();
    moved.apply(NEXT);
    expect(moved.tick).toBe(6);
    expect(moved.variable(1, 1)).toBe(7);
    expect(moved.events).toEqual([
      { what: 1, rule: 0, actor: 1, source: -1, target: -1, variable: -2, amount: 5, cell: 23 },
    ]);
  });

  it("refuses a frame that builds on another tick", () => {
    const moved = world();
    moved.apply(NEXT);
    expect(() => moved.apply(NEXT)).toThrow("frame 6 builds on 5, not on 6");
    expect(readHead(NEXT)).toEqual({ tick: 6, base: 5 });
  });

  it("refuses what is cut or lies outside, and takes the next key frame", () => {
    const broken = world();
    expect(() => broken.apply(NEXT.subarray(0, 9))).toThrow(RangeError);
    expect(() => broken.apply(Uint8Array.of(5, 0, 0, 1, 9, 2, 3, 0))).toThrow("does not fit the world");
    broken.apply(KEY);
    expect(broken.tick).toBe(5);
  });
});
