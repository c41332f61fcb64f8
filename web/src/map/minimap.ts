// The minimap in a pane's corner: where everything is, and which part of it the pane shows. A click goes there.

import type { App } from "../app";
import { h } from "../dom";
import type { Pane } from "../state";
import { cellAt } from "./camera";
import type { MapView } from "./map_view";

const LONGEST_SIDE = 140; // CSS pixels

export class Minimap {
  readonly element: HTMLElement;
  private readonly canvas = h("canvas", { class: "minimap-cells" });
  private readonly frame = h("div", { class: "minimap-frame" });
  private readonly scale: number; // CSS pixels per cell
  private tick = -1;

  constructor(
    app: App,
    private readonly pane: Pane,
    private readonly map: MapView,
  ) {
    const { width, height } = map.branch.description;
    this.scale = LONGEST_SIDE / Math.max(width, height);
    this.canvas.width = width;
    this.canvas.height = height;
    this.element = h("div", { class: "minimap", "aria-label": "minimap" }, this.canvas, this.frame);
    this.element.style.width = `${width * this.scale}px`;
    this.element.style.height = `${height * this.scale}px`;
    const go = (event: PointerEvent) => {
      if (event.buttons !== 1) return;
      const box = this.element.getBoundingClientRect();
      const [x, y] = [(event.clientX - box.left) / this.scale, (event.clientY - box.top) / this.scale];
      app.change(() => {
        pane.isFollowing = false;
        pane.camera = { ...pane.camera, x, y };
      });
    };
    this.element.addEventListener("pointerdown", go);
    this.element.addEventListener("pointermove", go);
  }

  update(): void {
    const { world, size } = this.map;
    const { width, height } = world.description;
    const first = cellAt(this.pane.camera, size, 0, 0);
    const last = cellAt(this.pane.camera, size, size.width, size.height);
    const isWhole = first.x <= 0 && first.y <= 0 && last.x >= width && last.y >= height;
    this.element.hidden = isWhole || size.width === 0;
    if (this.element.hidden) return;
    this.place(Math.max(0, first.x), Math.max(0, first.y), Math.min(width, last.x), Math.min(height, last.y));
    if (world.tick !== this.tick) this.draw();
    this.tick = world.tick;
  }

  private place(left: number, top: number, right: number, bottom: number): void {
    const { style } = this.frame;
    style.left = `${left * this.scale}px`;
    style.top = `${top * this.scale}px`;
    style.width = `${Math.max(2, (right - left) * this.scale)}px`;
    style.height = `${Math.max(2, (bottom - top) * this.scale)}px`;
  }

  private draw(): void {
    const { world } = this.map;
    const { looks, width, height } = world.description;
    const context = this.canvas.getContext("2d")!;
    context.fillStyle = looks.colors.floor;
    context.fillRect(0, 0, width, height);
    for (let object = world.numObjects - 1; object >= 0; object--) {
      if (!world.isOnMap(object)) continue;
      const { agents } = looks.colors;
      const color = world.isAgent(object) ? agents[object % agents.length] : looks.kinds[world.kind[object]!]?.color;
      context.fillStyle = color ?? looks.colors.ink;
      context.fillRect(world.columnOf(object), world.rowOf(object), 1, 1);
    }
  }
}
