import { expect, it } from "vitest";
import type { Palette } from "../../src/worlds/api";
import { makeGrid } from "../../src/worlds/grid";
import { worldOf } from "../../src/worlds/preview_world";

const PALETTE = {
  name: "sample",
  kinds: ["empty", "agent", "wall", "altar"],
  grounds: ["grass"],
  traces: [],
  variables: ["heading", "energy", "team"],
  caps: [[3, 100, 2], [3, 50, 2], [0, 0, 0], [0, 300, 0]],
  initial: [[0, 60, 0], [0, 20, 0], [0, 0, 0], [0, 300, 0]],
  kind_bodies: [0, 0, 2, 3],
  agent_bodies: [0, 1],
  starts: { team: [1, 2] },
} as unknown as Palette;

it("a map becomes a world: agents first, with their bodies and first values", () => {
  const world = worldOf(PALETTE, makeGrid(2, 4, [2, 1, 256, 259, 0, 3, 257, 1]));
  expect(world.description.num_agents).toBe(3);
  expect([...world.kind]).toEqual([1, 1, 1, 2, 3, 3]);
  expect([0, 1, 2, 3, 4, 5].map((object) => world.cellOf(object))).toEqual([1, 6, 7, 0, 3, 5]);
  expect([...world.body]).toEqual([0, 1, 0, 2, 3, 3]);
  expect([0, 1, 2, 4].map((object) => world.variable(object, 1))).toEqual([60, 20, 60, 300]);
  expect([0, 1, 2, 3].map((object) => world.variable(object, 2))).toEqual([1, 2, 1, 0]);
  expect([...world.ground]).toEqual([0, 0, 1, 1, 0, 0, 1, 0]);
  expect(world.cap(1, 1)).toBe(50);
});

it("an empty map is a world, too", () => {
  expect(worldOf(PALETTE, makeGrid(3, 3)).numObjects).toBe(0);
});
