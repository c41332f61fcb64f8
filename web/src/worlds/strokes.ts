// Mouse and touch on the map of the worlds page: what the chosen tool does; two fingers and the wheel always zoom.

import { cellAt, dragged, zoomed } from "../map/camera";
import type { Worlds } from "./actions";
import { line, painted, rectangle, region, type Brush, type Cell, type Grid } from "./grid";
import type { MapPicture } from "./picture";

const WHEEL_ZOOM = 0.0015; // per pixel of the wheel

interface Point {
  x: number;
  y: number;
}

/** A stroke on its way: the map before it, and the cells that it has crossed. */
interface Stroke {
  before: Grid;
  cells: Cell[];
}

export function attachStrokes(worlds: Worlds, picture: MapPicture, show: (grid: Grid | null) => void): void {
  const fingers = new Map<number, Point>();
  let stroke: Stroke | null = null;
  const canvas = picture.renderer.canvas;
  const cellOf = ({ x, y }: Point): Cell => {
    const cell = cellAt(picture.pane.camera, picture.size, x, y);
    return { row: Math.floor(cell.y), column: Math.floor(cell.x) };
  };
  const drop = () => {
    stroke = null;
    show(null);
    worlds.change((state) => (state.marked = null));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (fingers.size > 1) drop();
    else if (event.button === 0 && worlds.state.tool !== "move") stroke = begin(worlds, cellOf(fingers.get(event.pointerId)!), show);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.offsetX, y: event.offsetY };
    fingers.set(event.pointerId, now);
    if (fingers.size === 2) pinch(worlds, picture, fingers, event.pointerId, before, now);
    else if (stroke !== null) goOn(worlds, stroke, cellOf(before), cellOf(now), show);
    else if (fingers.size === 1) worlds.change(() => (picture.pane.camera = dragged(picture.pane.camera, now.x - before.x, now.y - before.y)));
  });
  canvas.addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    show(null);
    if (stroke !== null) end(worlds, stroke);
    stroke = null;
  });
  canvas.addEventListener("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    drop();
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * WHEEL_ZOOM);
      worlds.change(() => (picture.pane.camera = zoomed(picture.pane.camera, picture.size, event.offsetX, event.offsetY, factor)));
    },
    { passive: false },
  );
}

function brushOf(worlds: Worlds): Brush {
  return worlds.state.tool === "erase" ? null : worlds.state.brush;
}

function begin(worlds: Worlds, cell: Cell, show: (grid: Grid | null) => void): Stroke {
  const stroke = { before: worlds.state.maps.now, cells: [cell] };
  if (worlds.state.tool === "fill") stroke.cells = region(stroke.before, cell);
  if (worlds.state.tool === "rectangle") worlds.change((state) => (state.marked = { from: cell, to: cell }));
  else show(painted(stroke.before, stroke.cells, brushOf(worlds)));
  return stroke;
}

function goOn(worlds: Worlds, stroke: Stroke, from: Cell, to: Cell, show: (grid: Grid | null) => void): void {
  const { tool } = worlds.state;
  if (tool === "fill") return;
  if (tool === "rectangle") {
    worlds.change((state) => (state.marked = { from: stroke.cells[0]!, to }));
    return;
  }
  stroke.cells.push(...line(from, to));
  show(painted(stroke.before, stroke.cells, brushOf(worlds)));
}

function end(worlds: Worlds, stroke: Stroke): void {
  const { marked } = worlds.state;
  const cells = marked === null ? stroke.cells : rectangle(marked.from, marked.to);
  worlds.change((state) => (state.marked = null));
  worlds.edit(painted(stroke.before, cells, brushOf(worlds)));
}

function pinch(worlds: Worlds, picture: MapPicture, fingers: Map<number, Point>, moved: number, before: Point, now: Point): void {
  const other = [...fingers].find(([id]) => id !== moved)?.[1];
  if (other === undefined) return;
  const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
  worlds.change(() => (picture.pane.camera = zoomed(picture.pane.camera, picture.size, other.x, other.y, factor)));
}
