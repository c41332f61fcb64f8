// Maps as grids of numbers, and what an editor does to them. Nothing here changes a grid: every edit makes a new one.

export const EMPTY = 0;
export const AGENT = 1;
const GROUND = 256; // values below are kinds, multiples of it are grounds

/** What stands where: number of a kind + 256 times the number of a ground, row by row. */
export interface Grid {
  readonly height: number;
  readonly width: number;
  readonly cells: Int32Array;
}

export interface Cell {
  row: number;
  column: number;
}

/** What is painted: the value of a kind or of a ground, or nothing, which erases. */
export type Brush = number | null;

export function makeGrid(height: number, width: number, cells?: ArrayLike<number>): Grid {
  return { height, width, cells: cells === undefined ? new Int32Array(height * width) : Int32Array.from(cells) };
}

export function kindOf(value: number): number {
  return value % GROUND;
}

/** 0 is plain, 1 the first ground. */
export function groundOf(value: number): number {
  return Math.floor(value / GROUND);
}

/** A cell after a stroke: things keep the ground below them, ground keeps what stands on it. */
export function brushed(value: number, brush: Brush): number {
  if (brush === null) return kindOf(value) !== EMPTY ? value - kindOf(value) : EMPTY;
  return brush >= GROUND ? brush + kindOf(value) : value - kindOf(value) + brush;
}

export function isInside(grid: Grid, { row, column }: Cell): boolean {
  return row >= 0 && row < grid.height && column >= 0 && column < grid.width;
}

export function valueAt(grid: Grid, { row, column }: Cell): number {
  return grid.cells[row * grid.width + column] ?? EMPTY;
}

/** Paints some cells; those outside of the map do not count. */
export function painted(grid: Grid, where: Iterable<Cell>, brush: Brush): Grid {
  const cells = grid.cells.slice();
  const done = new Set<number>(); // a stroke that crosses itself erases only once
  for (const cell of where) {
    const place = cell.row * grid.width + cell.column;
    if (!isInside(grid, cell) || done.has(place)) continue;
    done.add(place);
    cells[place] = brushed(cells[place]!, brush);
  }
  return { ...grid, cells };
}

/** The cells of a straight line, both ends included. */
export function line(from: Cell, to: Cell): Cell[] {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column));
  return Array.from({ length: steps + 1 }, (_, i) => ({
    row: Math.round(from.row + ((to.row - from.row) * i) / Math.max(1, steps)),
    column: Math.round(from.column + ((to.column - from.column) * i) / Math.max(1, steps)),
  }));
}

/** The cells of a rectangle between two corners. */
export function rectangle(from: Cell, to: Cell): Cell[] {
  const cells: Cell[] = [];
  for (let row = Math.min(from.row, to.row); row <= Math.max(from.row, to.row); row++) {
    for (let column = Math.min(from.column, to.column); column <= Math.max(from.column, to.column); column++) {
      cells.push({ row, column });
    }
  }
  return cells;
}

/** The cells that hold the same as `start` and hang together with it, side by side. */
export function region(grid: Grid, start: Cell): Cell[] {
  if (!isInside(grid, start)) return [];
  const wanted = valueAt(grid, start);
  const seen = new Uint8Array(grid.cells.length);
  const found: Cell[] = [];
  const open = [start];
  seen[start.row * grid.width + start.column] = 1;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    found.push(cell);
    for (const [down, right] of [[-1, 0], [1, 0], [0, -1], [0, 1]] as const) {
      const next: Cell = { row: cell.row + down, column: cell.column + right };
      const place = next.row * grid.width + next.column;
      if (!isInside(grid, next) || seen[place] === 1 || grid.cells[place] !== wanted) continue;
      seen[place] = 1;
      open.push(next);
    }
  }
  return found;
}

/** The grid with another size: what was at the upper left stays there. */
export function resized(grid: Grid, height: number, width: number): Grid {
  const next = makeGrid(height, width);
  for (let row = 0; row < Math.min(height, grid.height); row++) {
    const from = row * grid.width;
    next.cells.set(grid.cells.subarray(from, from + Math.min(width, grid.width)), row * width);
  }
  return next;
}

/** How many cells hold a kind. */
export function countKind(grid: Grid, kind: number): number {
  return grid.cells.reduce((count, value) => count + (kindOf(value) === kind ? 1 : 0), 0);
}
