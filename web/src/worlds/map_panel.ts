// The right side: the map with its seed and size, the editor, and what to take along.

import type { App, View } from "../app";
import { fill, h, setText } from "../dom";
import type { Worlds } from "./actions";
import { Brushes } from "./brushes";
import { AGENT, countKind, resized, type Grid } from "./grid";
import { Outputs } from "./output";
import { MapPicture } from "./picture";
import type { WorldsState } from "./state";
import { attachStrokes } from "./strokes";

const LAST_SEED = 99; // of the slider; the field takes any

export class MapPanel implements View {
  readonly element: HTMLElement;
  private readonly picture: MapPicture;
  private readonly brushes: Brushes;
  private readonly outputs: Outputs;
  private readonly seed = h("input", { type: "number", min: 0, "aria-label": "seed" });
  private readonly slider = h("input", { type: "range", min: 0, max: LAST_SEED, "aria-label": "seed, slider" });
  private readonly height = h("input", { type: "number", min: 1, max: 512, "aria-label": "rows" });
  private readonly width = h("input", { type: "number", min: 1, max: 512, "aria-label": "columns" });
  private readonly games = h("select", { "aria-label": "which game" });
  private readonly check = h("p", { class: "worlds-check", role: "status" });
  private readonly play: HTMLButtonElement;
  private stroke: Grid | null = null; // shown while it is drawn
  private listed: unknown = null;

  constructor(
    private readonly app: App,
    private readonly worlds: Worlds,
  ) {
    this.picture = new MapPicture(app);
    this.brushes = new Brushes(worlds);
    this.outputs = new Outputs(worlds);
    this.play = h("button", { class: "worlds-play", onclick: () => worlds.play() }, "Play it");
    const reroll = h("button", { title: "Another seed", onclick: () => worlds.reroll(Math.floor(Math.random() * 1_000_000)) }, "Reroll");
    this.seed.addEventListener("change", () => worlds.reroll(this.seed.valueAsNumber || 0));
    this.slider.addEventListener("input", () => worlds.reroll(this.slider.valueAsNumber));
    for (const field of [this.height, this.width]) field.addEventListener("change", () => this.resize());
    this.games.addEventListener("change", () => worlds.chooseGame(this.games.value));
    const seeds = h("div", { class: "worlds-tools" }, h("span", { class: "worlds-together" }, "Seed", this.slider, this.seed, reroll), h("span", { class: "worlds-gap" }), h("span", { class: "worlds-together" }, "Size", this.height, "×", this.width), this.games);
    const below = h("div", { class: "worlds-tools" }, this.check, this.play);
    this.element = h("section", { class: "worlds-preview", "aria-label": "map" }, seeds, this.brushes.element, this.picture.element, below, this.outputs.element);
    attachStrokes(worlds, this.picture, (grid) => {
      this.stroke = grid;
      app.draw();
    });
  }

  update(seconds: number): void {
    const { state } = this.worlds;
    const { palette, maps } = state;
    const grid = this.stroke ?? maps.now;
    if (palette !== null && grid.cells.length > 0) this.picture.show(palette, grid);
    this.picture.element.classList.toggle("is-editing", state.tool !== "move");
    this.picture.draw(this.app.state, seconds, state.marked);
    this.fields(state);
    this.games.hidden = (state.detail?.games.length ?? 0) < 2;
    this.play.hidden = state.choice?.sort !== "recipe";
    this.play.disabled = !this.app.state.mayControl || state.detail === null || state.detail.games.length === 0;
    setText(this.check, state.problem || checkOf(state));
    this.check.classList.toggle("is-problem", state.problem !== "");
    this.element.classList.toggle("is-waiting", state.isWaiting);
    this.brushes.update();
    this.outputs.update();
  }

  private fields(state: WorldsState): void {
    const now = [this.seed, this.slider, this.height, this.width] as const;
    const grid = state.maps.now;
    const values = [state.seed, Math.min(state.seed, LAST_SEED), grid.height, grid.width];
    now.forEach((field, i) => {
      if (document.activeElement !== field || field === this.slider) field.value = String(values[i]);
    });
    if (state.detail === this.listed) return;
    this.listed = state.detail;
    fill(this.games, ...(state.detail?.games ?? []).map((path) => h("option", { value: path }, path)));
  }

  /** A scene is drawn in its new size; every other map is cut or grows. */
  private resize(): void {
    const [height, width] = [this.height.valueAsNumber, this.width.valueAsNumber];
    const { choice, maps, isEdited } = this.worlds.state;
    if (!(height >= 1 && height <= 512 && width >= 1 && width <= 512)) return;
    if (choice?.sort === "scene" && !isEdited) this.worlds.setSize(height, width);
    else this.worlds.edit(resized(maps.now, Math.floor(height), Math.floor(width)));
  }
}

/** What can be said of the map: how many agents it has beside how many the game has. */
export function checkOf({ maps, palette, choice, isEdited }: WorldsState): string {
  if (palette === null || maps.now.cells.length === 0) return "";
  const agents = countKind(maps.now, AGENT);
  const things = maps.now.cells.reduce((count, value) => count + (value % 256 > AGENT ? 1 : 0), 0);
  const counts = `${maps.now.height} × ${maps.now.width} cells, ${things} thing${things === 1 ? "" : "s"}`;
  if (choice?.sort === "scene") return counts;
  if (agents === 0) return `${counts}, no place for an agent: paint at least one`;
  const places = `${agents} place${agents === 1 ? "" : "s"} for agents`;
  if (!isEdited || agents === palette.num_agents) return `${counts}, ${places}`;
  return `${counts}, ${places}; the game has ${palette.num_agents} and is played with ${agents}`;
}
