// Walls, put together from quarters of cells: how each quarter looks depends on the three neighbours at its corner.

import type { World } from "../../feed/world";
import type { DrawList, Part } from "../draw_list";
import type { Layer, Scene } from "../layer";
import { visibleCells } from "../visible";

// Row and column steps of the quarters north-west, north-east, south-west, south-east.
const QUARTERS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
] as const;

export const drawWalls: Layer = (scene, list) => {
  const sorts = wallsOf(scene);
  if (sorts === null) return;
  const { layout } = scene.world.description.looks;
  drawQuarters(scene, list, (row, column) => (sorts.at(row, column) > 0 ? 1 : 0), [[], scene.tiles.shadow], layout.shadow[1]);
  drawQuarters(scene, list, (row, column) => sorts.at(row, column), sorts.tiles, 0);
};

interface Walls {
  at(row: number, column: number): number; // 0 = no wall, else a sort
  tiles: number[][]; // [sort][state]
}

/** Where walls are, by cell; null in a game without walls. */
function wallsOf({ world, tiles }: Scene): Walls | null {
  if (tiles.wall.every((wall) => wall === null)) return null;
  const { width, height, looks } = world.description;
  const sorts = new Uint8Array(width * height);
  const found: number[][] = [[]];
  for (const [sort, name] of (["wall", "border"] as const).entries()) {
    found.push(looks.walls[name].map((tile) => tiles.find(tile)));
    for (let object = 0; object < world.numObjects; object++) {
      if (looks.kinds[world.kind[object]!]!.wall === name && world.isOnMap(object)) sorts[world.cellOf(object)] = sort + 1;
    }
  }
  const isOnMap = (row: number, column: number) => row >= 0 && row < height && column >= 0 && column < width;
  return { at: (row, column) => (isOnMap(row, column) ? sorts[row * width + column]! : 0), tiles: found };
}

function drawQuarters(
  scene: Scene,
  list: DrawList,
  sortAt: (row: number, column: number) => number,
  tiles: number[][],
  drop: number,
): void {
  const cells = visibleCells(scene);
  const lastRow = drop > 0 ? Math.min(cells.bottom, scene.world.description.height - 1) : cells.bottom;
  for (let row = cells.top; row < lastRow; row++) {
    for (let column = cells.left; column < cells.right; column++) {
      const sort = sortAt(row, column);
      if (sort === 0) continue;
      for (const [quarter, [down, right]] of QUARTERS.entries()) {
        const vertical = sortAt(row + down, column) === sort ? 1 : 0;
        const horizontal = sortAt(row, column + right) === sort ? 1 : 0;
        const corner = sortAt(row + down, column + right) === sort ? 1 : 0;
        const state = vertical + horizontal === 2 ? 3 + corner : vertical + 2 * horizontal;
        const x = column + (right > 0 ? 0.5 : 0);
        const y = row + (down > 0 ? 0.5 : 0) + drop;
        list.sprite(tiles[sort]![state]!, x, y, 0.5, 0.5, 1, (quarter + 1) as Part);
      }
    }
  }
}

/** The name of what stands in the way: used by layers that must not draw walls twice. */
export function isWall(world: World, object: number): boolean {
  return world.description.looks.kinds[world.kind[object]!]!.wall !== null;
}
