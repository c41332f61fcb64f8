// The picture of a map that nobody plays: one canvas for the whole visit, whatever it shows.

import { h } from "../dom";
import { Branch } from "../feed/branch";
import type { World } from "../feed/world";
import { loadAtlas } from "../map/atlas";
import { fromHex } from "../map/color";
import { fitted, type Size } from "../map/camera";
import { DrawList } from "../map/draw_list";
import type { MapColors } from "../map/layer";
import { drawAgents } from "../map/layers/agents";
import { drawFloor } from "../map/layers/floor";
import { drawGrid } from "../map/layers/grid";
import { drawObjects } from "../map/layers/objects";
import { drawWalls } from "../map/layers/walls";
import { Motion } from "../map/motion";
import { Renderer } from "../map/renderer";
import { Tiles } from "../map/tiles";
import type { Pane, State } from "../state";
import type { Palette } from "./api";
import type { Cell, Grid } from "./grid";
import { worldOf } from "./preview_world";

const LAYERS = [drawFloor, drawWalls, drawObjects, drawAgents, drawGrid];

export class MapPicture {
  readonly element = h("div", { class: "map worlds-map" });
  readonly pane: Pane = { branch: 0, selected: null, isFollowing: false, camera: { x: 0, y: 0, scale: 0 } };
  size: Size = { width: 0, height: 0 };
  readonly renderer: Renderer;
  private readonly list = new DrawList();
  private readonly motion = new Motion(); // follows nothing, so everybody stands
  private shown: { palette: Palette; grid: Grid } | null = null;
  private world: World | null = null;
  private branch: Branch | null = null;
  private tiles: Tiles | null = null;
  private colors: MapColors = { floor: [0, 0, 0, 1], grounds: [] };
  private whole: Pane["camera"] | null = null; // the camera that showed the whole map last
  private atlas = ""; // address of the one that is loaded

  constructor(private readonly page: { draw(): void; report(text: string): void }) {
    this.renderer = new Renderer(h("canvas", { tabindex: 0, "aria-label": "map" }));
    this.element.append(this.renderer.canvas);
  }

  /** Shows a map; another size or game brings the whole of it into view. */
  show(palette: Palette, grid: Grid): void {
    const before = this.shown;
    if (before?.palette === palette && before.grid === grid) return;
    const isNew = before === null || before.grid.width !== grid.width || before.grid.height !== grid.height;
    if (isNew) this.pane.camera = { x: 0, y: 0, scale: 0 };
    this.shown = { palette, grid };
    this.world = worldOf(palette, grid);
    this.branch = new Branch(this.world.description, { ask: () => undefined });
    if (before?.palette !== palette) this.dress(palette);
  }

  draw(state: State, seconds: number, marked: { from: Cell; to: Cell } | null): void {
    this.measure();
    const { world, branch, tiles, size, pane, motion, colors } = this;
    if (world === null || branch === null || tiles === null || size.width === 0 || size.height === 0) return;
    if (pane.camera.scale === 0) pane.camera = this.whole = fitted(world.description, size);
    this.list.clear();
    for (const layer of LAYERS) layer({ world, branch, pane, state, motion, size, tiles, colors, seconds }, this.list);
    if (marked !== null) this.mark(marked.from, marked.to);
    this.renderer.resize(size);
    const background = getComputedStyle(this.element).getPropertyValue("--map-background").trim();
    this.renderer.draw([this.list], pane.camera, size, fromHex(background));
    this.element.dataset.cells = String(world.numObjects);
  }

  /** Who has not moved the view sees the whole map, also in another size of the page. */
  private measure(): void {
    const size = { width: this.element.clientWidth, height: this.element.clientHeight };
    const isOther = size.width !== this.size.width || size.height !== this.size.height;
    if (isOther && this.pane.camera === this.whole) this.pane.camera = { x: 0, y: 0, scale: 0 };
    this.size = size;
  }

  private mark(from: Cell, to: Cell): void {
    const [left, top] = [Math.min(from.column, to.column), Math.min(from.row, to.row)];
    const [width, height] = [Math.abs(from.column - to.column) + 1, Math.abs(from.row - to.row) + 1];
    this.list.frame(left, top, width, height, 0.1, fromHex("#2f6f9f"));
  }

  /** Takes on the looks of a game. */
  private dress(palette: Palette): void {
    this.tiles = new Tiles(this.world!.description);
    const { looks, atlas } = palette;
    this.colors = { floor: fromHex(looks.colors.floor), grounds: looks.grounds.map((ground) => fromHex(ground.color)) };
    if (atlas.url === this.atlas) return;
    this.atlas = atlas.url;
    this.renderer.setAtlas(null);
    loadAtlas(this.renderer.gl, atlas)
      .then((texture) => {
        if (this.atlas === atlas.url) this.renderer.setAtlas(texture);
        else this.renderer.gl.deleteTexture(texture);
        this.page.draw();
      })
      .catch((error: unknown) => this.page.report(String(error)));
  }
}
