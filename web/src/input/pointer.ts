// Mouse and touch on a map: drag pans, wheel and pinch zoom, click selects.

import type { App } from "../app";
import { cellAt, dragged, zoomed } from "../map/camera";
import type { MapView } from "../map/map_view";
import { clickTarget } from "../play/targets";
import type { Pane } from "../state";

const CLICK_PIXELS = 4; // who moves farther drags
const WHEEL_ZOOM = 0.0015; // per pixel of the wheel

/** Lets a pane react to mouse and touch. */
export function attachPointer(app: App, pane: Pane, map: MapView): void {
  const fingers = new Map<number, { x: number; y: number }>();
  let path = 0; // pixels since the button went down
  const canvas = map.canvas;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    path = 0;
    app.change((state) => (state.focus = Math.max(0, state.panes.indexOf(pane))));
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.offsetX, y: event.offsetY };
    path += Math.hypot(now.x - before.x, now.y - before.y);
    if (fingers.size === 1 && path > CLICK_PIXELS) drag(app, pane, now.x - before.x, now.y - before.y);
    if (fingers.size === 2) pinch(app, pane, map, fingers, event.pointerId, now);
    fingers.set(event.pointerId, now);
  });
  canvas.addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    if (path <= CLICK_PIXELS) select(app, pane, map, event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * WHEEL_ZOOM);
      app.change(() => (pane.camera = zoomed(pane.camera, map.size, event.offsetX, event.offsetY, factor)));
    },
    { passive: false },
  );
}

function drag(app: App, pane: Pane, dx: number, dy: number): void {
  app.change(() => {
    pane.isFollowing = false;
    pane.camera = dragged(pane.camera, dx, dy);
  });
}

function pinch(
  app: App,
  pane: Pane,
  map: MapView,
  fingers: Map<number, { x: number; y: number }>,
  moved: number,
  now: { x: number; y: number },
): void {
  const other = [...fingers].find(([id]) => id !== moved)?.[1];
  const before = fingers.get(moved);
  if (other === undefined || before === undefined) return;
  const distance = Math.hypot(before.x - other.x, before.y - other.y);
  const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, distance);
  app.change(() => (pane.camera = zoomed(pane.camera, map.size, other.x, other.y, factor)));
}

/** Selects what is on the cell; a second click on the same cell goes on to what lies below. */
function select(app: App, pane: Pane, map: MapView, px: number, py: number): void {
  const cell = cellAt(pane.camera, map.size, px, py);
  const place = { row: Math.floor(cell.y), column: Math.floor(cell.x) };
  if (clickTarget(app, map.world, place)) return;
  const found = map.world.objectsAt(place.row, place.column);
  const next = found[(found.indexOf(pane.selected ?? -1) + 1) % Math.max(1, found.length)];
  app.change(() => {
    pane.selected = next ?? null;
    if (next === undefined) pane.isFollowing = false;
  });
}
