// The picture of one pane: a canvas, its camera, and the layers that are drawn on it.

import type { Branch } from "../feed/branch";
import { World } from "../feed/world";
import type { Pane, State } from "../state";
import { h } from "../dom";
import { loadAtlas } from "./atlas";
import { fitted, type Size } from "./camera";
import { DrawList } from "./draw_list";
import { LAYERS } from "./layers";
import { Motion } from "./motion";
import { Renderer } from "./renderer";

const USUAL_SPEED = 10; // ticks per second at which a single step moves

export class MapView {
  readonly element = h("div", { class: "map" });
  readonly world: World;
  size: Size = { width: 1, height: 1 };
  private readonly renderer: Renderer;
  private readonly list = new DrawList();
  private readonly motion = new Motion();

  constructor(
    readonly branch: Branch,
    private readonly onError: (text: string) => void,
  ) {
    const canvas = h("canvas", { tabindex: 0, "aria-label": `map of ${branch.description.name}` });
    this.element.append(canvas);
    this.renderer = new Renderer(canvas);
    this.world = new World(branch.description);
    new ResizeObserver(() => this.measure()).observe(this.element);
    this.loadSprites();
  }

  get canvas(): HTMLCanvasElement {
    return this.renderer.canvas;
  }

  /** The camera that shows the whole map. */
  fitted(): Pane["camera"] {
    return fitted(this.branch.description, this.size);
  }

  /** Draws the pane; returns whether something is still on its way, so that another picture is needed. */
  draw(state: State, pane: Pane, seconds: number): boolean {
    if (pane.camera.scale === 0) pane.camera = this.fitted();
    const isThere = this.branch.show(this.world, state.tick);
    const speed = Math.max(state.isPlaying ? state.speed : USUAL_SPEED, this.branch.state.speed);
    this.motion.follow(this.world, seconds, speed);
    this.follow(pane);
    this.list.clear();
    const { world, branch, motion, size } = this;
    if (world.tick >= 0) {
      for (const layer of LAYERS) layer({ world, branch, pane, state, motion, size, seconds }, this.list);
    }
    this.renderer.resize(size);
    this.renderer.draw(this.list, pane.camera, size, background(this.element));
    return !isThere || this.motion.isMoving;
  }

  private follow(pane: Pane): void {
    if (!pane.isFollowing || pane.selected === null || !this.world.isOnMap(pane.selected)) return;
    const x = this.motion.x(this.world, pane.selected) + 0.5;
    const y = this.motion.y(this.world, pane.selected) + 0.5;
    pane.camera = { ...pane.camera, x, y };
  }

  private measure(): void {
    this.size = { width: this.element.clientWidth || 1, height: this.element.clientHeight || 1 };
  }

  private loadSprites(): void {
    loadAtlas(this.renderer.gl, this.branch.description.atlas)
      .then((atlas) => this.renderer.setAtlas(atlas))
      .catch((error: unknown) => this.onError(String(error)));
  }
}

function background(element: Element): [number, number, number] {
  const color = getComputedStyle(element).getPropertyValue("--map-background").trim();
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  return hex === null ? [0, 0, 0] : [at(hex[1]), at(hex[2]), at(hex[3])];
}

function at(hex: string | undefined): number {
  return parseInt(hex ?? "0", 16) / 255;
}
