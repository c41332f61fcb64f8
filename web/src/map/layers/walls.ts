// Walls, put together from quarters of cells: how each quarter looks depends on the three neighbours at its corner.

import type { World } from "../../feed/world";
import type { DrawList, Part } from "../draw_list";
import type { Layer } from "../layer";
import { isVisible, visibleCells } from "../visible";

// Row and column steps of the quarters north-west, north-east, south-west, south-east.
const QUARTERS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
] as const;

const SORTS = ["wall", "border"] as const;

export const drawWalls: Layer = (scene, list) => {
  const walls = new Walls(scene.world);
  if (walls.cells.length === 0) return;
  const { looks, height, width } = scene.world.description;
  const drop = looks.layout.shadow[1];
  const visible = visibleCells(scene);
  const seen = walls.cells.filter((cell) => isVisible(visible, Math.floor(cell / width), cell % width));
  for (const cell of seen) {
    if (cell < (height - 1) * width) drawQuarters(list, scene.tiles.shadow, cell, width, drop, (row, column) => walls.sort(row, column) > 0);
  }
  const tiles = SORTS.map((name) => looks.walls[name].map((tile) => scene.tiles.find(tile)));
  for (const cell of seen) {
    const sort = walls.sorts[cell]!;
    drawQuarters(list, tiles[sort - 1]!, cell, width, 0, (row, column) => walls.sort(row, column) === sort);
  }
};

/** Where walls are, and of which sort. */
class Walls {
  readonly cells: number[] = [];
  readonly sorts: Uint8Array; // [cell] 0 = no wall, else 1 + index into SORTS

  constructor(private readonly world: World) {
    const { width, height, looks } = world.description;
    this.sorts = new Uint8Array(width * height);
    const sortOf = looks.kinds.map((kind) => (kind.wall === null ? 0 : 1 + SORTS.indexOf(kind.wall)));
    for (let object = world.description.num_agents; object < world.numObjects; object++) {
      const sort = sortOf[world.kind[object]!]!;
      if (sort === 0 || !world.isOnMap(object)) continue;
      this.sorts[world.cellOf(object)] = sort;
      this.cells.push(world.cellOf(object));
    }
  }

  sort(row: number, column: number): number {
    const { width, height } = this.world.description;
    const isOnMap = row >= 0 && row < height && column >= 0 && column < width;
    return isOnMap ? this.sorts[row * width + column]! : 0;
  }
}

function drawQuarters(
  list: DrawList,
  tiles: readonly number[],
  cell: number,
  width: number,
  drop: number,
  isSame: (row: number, column: number) => boolean,
): void {
  const [row, column] = [Math.floor(cell / width), cell % width];
  for (let quarter = 0; quarter < QUARTERS.length; quarter++) {
    const [down, right] = QUARTERS[quarter]!;
    const isVertical = isSame(row + down, column);
    const isHorizontal = isSame(row, column + right);
    const isBoth = isVertical && isHorizontal;
    const state = isBoth ? 3 + Number(isSame(row + down, column + right)) : Number(isVertical) + 2 * Number(isHorizontal);
    const x = column + (right > 0 ? 0.5 : 0);
    const y = row + (down > 0 ? 0.5 : 0) + drop;
    list.sprite(tiles[state]!, x, y, 0.5, 0.5, 1, (quarter + 1) as Part);
  }
}
