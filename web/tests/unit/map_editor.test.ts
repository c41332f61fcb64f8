import { describe, expect, it } from "vitest";
import { drawingIn, drawingOf, gridOf, textOf, type Values } from "../../src/worlds/drawing";
import { brushed, countKind, line, makeGrid, painted, rectangle, region, resized, type Grid } from "../../src/worlds/grid";
import { History } from "../../src/worlds/history";

const VALUES: Values = { empty: 0, agent: 1, wall: 2, altar: 3, apple: 4, grass: 256, water: 512 };

function grid(text: string, legend: Record<string, string> = {}): Grid {
  return gridOf({ text, legend }, VALUES);
}

/** The slow, obvious way: grow by one cell at a time until nothing is added. */
function slowRegion(map: Grid, row: number, column: number): Set<number> {
  const found = new Set([row * map.width + column]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const place of [...found]) {
      for (const [down, right] of [[0, 1], [1, 0], [0, -1], [-1, 0]] as const) {
        const [y, x] = [Math.floor(place / map.width) + down, (place % map.width) + right];
        const isInside = y >= 0 && x >= 0 && y < map.height && x < map.width;
        if (isInside && map.cells[y * map.width + x] === map.cells[place]) found.add(y * map.width + x);
      }
    }
  }
  return found;
}

/** Some numbers that look random. */
function noise(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => (state = (state * 48271) % 2147483647) / 2147483647);
}

describe("brushes", () => {
  it("keep ground below things and things on ground, and erase one after the other", () => {
    expect(brushed(256, 3)).toBe(259);
    expect(brushed(3, 512)).toBe(515);
    expect(brushed(259, 4)).toBe(260);
    expect(brushed(259, null)).toBe(256);
    expect(brushed(256, null)).toBe(0);
  });

  it("leave the map as it was and cells outside alone", () => {
    const before = makeGrid(2, 2);
    const after = painted(before, [{ row: 0, column: 1 }, { row: 5, column: 0 }, { row: 0, column: -1 }], 2);
    expect([...after.cells]).toEqual([0, 2, 0, 0]);
    expect([...before.cells]).toEqual([0, 0, 0, 0]);
  });

  it("erase only once where a stroke crosses itself", () => {
    const after = painted(makeGrid(1, 1, [259]), [{ row: 0, column: 0 }, { row: 0, column: 0 }], null);
    expect([...after.cells]).toEqual([256]);
  });
});

describe("shapes", () => {
  it("a line has no gaps and both ends", () => {
    const cells = line({ row: 0, column: 0 }, { row: 3, column: 8 });
    expect(cells[0]).toEqual({ row: 0, column: 0 });
    expect(cells[cells.length - 1]).toEqual({ row: 3, column: 8 });
    for (let i = 1; i < cells.length; i++) {
      expect(Math.abs(cells[i]!.row - cells[i - 1]!.row)).toBeLessThanOrEqual(1);
      expect(cells[i]!.column - cells[i - 1]!.column).toBe(1);
    }
    expect(line({ row: 2, column: 2 }, { row: 2, column: 2 })).toEqual([{ row: 2, column: 2 }]);
  });

  it("a rectangle goes between any two corners", () => {
    expect(rectangle({ row: 2, column: 3 }, { row: 1, column: 1 })).toHaveLength(6);
  });

  it("a region is what hangs together, as the slow way finds it", () => {
    for (let seed = 1; seed < 20; seed++) {
      const map = makeGrid(9, 11, noise(99, seed).map((x) => (x < 0.45 ? 2 : 0)));
      const start = { row: seed % 9, column: (seed * 3) % 11 };
      const found = new Set(region(map, start).map(({ row, column }) => row * 11 + column));
      expect(found).toEqual(slowRegion(map, start.row, start.column));
    }
    expect(region(makeGrid(2, 2), { row: 2, column: 0 })).toEqual([]);
  });

  it("a map keeps its upper left corner when it is resized", () => {
    const map = grid("#@\na.", { a: "altar" });
    expect(textOf(drawingOf(resized(map, 3, 1), VALUES))).toContain("#\na\n.");
    expect([...resized(resized(map, 4, 5), 2, 2).cells]).toEqual([...map.cells]);
    expect(countKind(resized(map, 4, 5), 1)).toBe(1);
  });
});

describe("undo and redo", () => {
  it("go back and forth; a new value ends what was undone", () => {
    const history = new History(0);
    for (const value of [1, 2, 3]) history.push(value);
    history.undo();
    history.undo();
    expect(history.now).toBe(1);
    history.redo();
    expect(history.now).toBe(2);
    history.push(9);
    expect(history.canRedo).toBe(false);
    history.undo();
    expect(history.now).toBe(2);
    for (let i = 0; i < 10; i++) history.undo();
    expect(history.now).toBe(0);
    expect(history.canUndo).toBe(false);
  });
});

describe("drawings", () => {
  it("read back as the same map, whatever stands on whatever", () => {
    for (let seed = 1; seed < 20; seed++) {
      const numbers = noise(2 * 70, seed);
      const cells = Array.from({ length: 70 }, (_, i) => Math.floor(numbers[2 * i]! * 5) + 256 * Math.floor(numbers[2 * i + 1]! * 3));
      const map = makeGrid(7, 10, cells);
      const drawing = drawingOf(map, VALUES);
      expect([...gridOf(drawing, VALUES).cells]).toEqual(cells);
      expect(drawingIn(textOf(drawing))).toEqual(drawing);
      expect(Object.keys(drawing.legend).every((character) => character.length === 1)).toBe(true);
    }
  });

  it("give each name a letter of its own", () => {
    const { text, legend } = drawingOf(makeGrid(1, 4, [3, 4, 259, 256]), VALUES);
    expect(legend).toEqual({ a: "altar", p: "apple", l: "altar on grass", g: "grass" });
    expect(text).toBe("aplg");
  });

  it("may be indented and surrounded by empty lines", () => {
    expect([...grid("\n\n  ##\n  @.\n\n").cells]).toEqual([2, 2, 1, 0]);
  });

  it("say in one line what is wrong", () => {
    expect(() => grid("")).toThrow("empty");
    expect(() => grid("##\n#")).toThrow("row 2 has 1 characters");
    expect(() => grid("#x")).toThrow("row 1, column 2: 'x' is not in the legend");
    expect(() => grid("#x", { x: "dragon" })).toThrow("'dragon', which the game has not");
    expect(() => grid("x", { x: "altar on altar" })).toThrow("no thing on a ground");
  });
});
