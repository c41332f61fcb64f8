// The picture of one pane: a canvas, its camera, and the layers that are drawn on it.

import type { App } from "../app";
import { ancestorAt } from "../compare";
import type { Branch } from "../feed/branch";
import { World } from "../feed/world";
import type { Pane, State } from "../state";
import { h } from "../dom";
import { loadAtlas } from "./atlas";
import { fromHex } from "./color";
import { fitted, type Size } from "./camera";
import { DrawList, type Color } from "./draw_list";
import type { Layer, MapColors, Scene } from "./layer";
import { FIXED_LAYERS, MOVING_LAYERS, STILL_LAYERS } from "./layers";
import { hasTiles } from "./layers/floor";
import { Motion } from "./motion";
import { Renderer } from "./renderer";
import { Tiles } from "./tiles";
import { visibleCells } from "./visible";

const USUAL_SPEED = 10; // ticks per second at which a single step moves

export class MapView {
  readonly element = h("div", { class: "map" });
  readonly world: World;
  size: Size = { width: 0, height: 0 }; // in CSS pixels; 0 as long as it is not on the page
  isThere = false; // whether it shows the tick that it should; if not, frames are on their way
  note = ""; // why it shows another tick than it should
  private readonly renderer: Renderer;
  private readonly fixed = new KeptList(FIXED_LAYERS);
  private readonly still = new KeptList(STILL_LAYERS);
  private readonly moving = new DrawList();
  private readonly motion = new Motion();
  private readonly tiles: Tiles;
  private readonly colors: MapColors;
  private palette = "light"; // that of the description
  private isBroken = false; // a frame did not fit

  constructor(
    readonly branch: Branch,
    private readonly page: Pick<App, "draw" | "report" | "branches">,
  ) {
    const canvas = h("canvas", { tabindex: 0, "aria-label": `map of ${branch.description.name}` });
    this.element.append(canvas);
    this.renderer = new Renderer(canvas);
    this.world = new World(branch.description);
    new ResizeObserver(([entry]) => this.resize(entry!.contentRect)).observe(this.element);
    this.tiles = new Tiles(branch.description);
    const { looks } = branch.description;
    const grounds = looks.grounds.map((ground) => fromHex(ground.color));
    this.colors = { floor: fromHex(looks.colors.floor), grounds };
    this.loadSprites();
  }

  get canvas(): HTMLCanvasElement {
    return this.renderer.canvas;
  }

  /** Draws with the colours and sprites of another palette from now on. */
  usePalette(palette: string): void {
    if (palette === this.palette || this.branch.number < 0) return; // an archive has one palette
    this.palette = palette;
    this.loadPalette(palette).catch((error: unknown) => this.page.report(String(error)));
  }

  /** The camera that shows the whole map. */
  fitted(): Pane["camera"] {
    return fitted(this.branch.description, this.size);
  }

  /** Draws the pane; returns whether something is still on its way, so that another picture is needed. */
  draw(state: State, pane: Pane, seconds: number): boolean {
    if (this.size.width === 0 || this.size.height === 0) return false;
    if (pane.camera.scale === 0) pane.camera = this.fitted();
    this.isThere = this.show(state.tick);
    const speed = Math.max(state.isPlaying ? state.speed : USUAL_SPEED, this.branch.state.speed);
    this.motion.follow(this.world, seconds, speed);
    this.follow(pane);
    this.element.dataset.tick = String(this.world.tick);
    const { world, branch, motion, size, tiles, colors } = this;
    if (world.tick >= 0) this.drawLayers({ world, branch, pane, state, motion, size, tiles, colors, seconds });
    this.renderer.resize(size);
    this.renderer.draw([this.fixed.list, this.still.list, this.moving], pane.camera, size, background(this.element));
    return !this.isThere || this.motion.isMoving;
  }

  private resize({ width, height }: Size): void {
    this.size = { width, height };
    this.page.draw();
  }

  /** Brings the world to a tick, or to the nearest one that there is: forks may begin and end at other ticks. */
  private showNearest(tick: number): boolean {
    const { first_tick, last_tick } = this.branch.state;
    const past = tick < first_tick ? ancestorAt(this.branch, tick, this.page.branches) : null;
    this.note = past !== null ? `before the fork: ${past.state.title}` : noteOf(tick, first_tick, last_tick);
    if (past !== null) return past.show(this.world, tick);
    return this.branch.show(this.world, Math.min(last_tick, Math.max(first_tick, tick)));
  }

  private drawLayers(scene: Scene): void {
    const { state, world, branch, pane } = scene;
    const cells = visibleCells(scene);
    const part = [cells.left, cells.top, cells.right, cells.bottom, hasTiles(pane.camera.scale)].join();
    const heat = state.layers.heat ? branch.survey.end : 0;
    this.fixed.draw(scene, `${part},${world.fixedVersion}`);
    this.still.draw(scene, `${part},${world.tick},${heat}`);
    this.moving.clear();
    for (const layer of MOVING_LAYERS) layer(scene, this.moving);
  }

  /** Brings the world to a tick; what does not fit is said once, and nothing is drawn. */
  private show(tick: number): boolean {
    try {
      return this.showNearest(tick);
    } catch (error) {
      if (!this.isBroken) this.page.report(String(error));
      this.isBroken = true;
      return true;
    }
  }

  private follow(pane: Pane): void {
    if (!pane.isFollowing || pane.selected === null || !this.world.isOnMap(pane.selected)) return;
    const x = this.motion.x(this.world, pane.selected) + 0.5;
    const y = this.motion.y(this.world, pane.selected) + 0.5;
    pane.camera = { ...pane.camera, x, y };
  }

  private async loadPalette(palette: string): Promise<void> {
    const { description } = this.branch;
    const response = await fetch(`api/branches/${this.branch.number}/looks?palette=${palette}`);
    if (!response.ok) throw new Error(`the palette did not come: ${response.status}`);
    const looks = (await response.json()) as typeof description.looks;
    const url = `${description.atlas.url}?palette=${palette}`;
    const atlas = await loadAtlas(this.renderer.gl, { ...description.atlas, url });
    if (palette !== this.palette) return; // another one was chosen meanwhile
    description.looks = looks;
    this.colors.floor = fromHex(looks.colors.floor);
    this.colors.grounds = looks.grounds.map((ground) => fromHex(ground.color));
    this.fixed.forget();
    this.still.forget();
    this.renderer.setAtlas(atlas);
    this.page.draw();
  }

  private loadSprites(): void {
    loadAtlas(this.renderer.gl, this.branch.description.atlas)
      .then((atlas) => {
        this.renderer.setAtlas(atlas);
        this.page.draw();
      })
      .catch((error: unknown) => this.page.report(String(error)));
  }
}

/** Layers that are drawn anew only if what they show has changed. */
class KeptList {
  readonly list = new DrawList();
  private key = ""; // what the list was drawn from

  constructor(private readonly layers: readonly Layer[]) {}

  draw(scene: Scene, key: string): void {
    if (key === this.key) return;
    this.list.clear();
    for (const layer of this.layers) layer(scene, this.list);
    this.key = key;
  }

  forget(): void {
    this.key = "";
  }
}

function noteOf(tick: number, first: number, last: number): string {
  if (tick < first) return `begins at tick ${first}`;
  return tick > last ? `ends at tick ${last}` : "";
}

function background(element: Element): Color {
  return fromHex(getComputedStyle(element).getPropertyValue("--map-background").trim());
}
