// What people do on the worlds page: each changes the state, and asks the server where that is needed.

import type { App } from "../app";
import { api, type Chosen, type Preview, type Setting } from "./api";
import { recipeCommand, sceneCommand } from "./command";
import { drawingIn, drawingOf, gridOf, type Drawing } from "./drawing";
import { makeGrid, type Grid } from "./grid";
import { History } from "./history";
import type { Choice, WorldsState } from "./state";

const PAUSE = 250; // milliseconds without a change before a preview is asked for
const LOOKING = "this page may only look: maps are drawn for those who have the link with control";
const SEED = "system.seed";
const MAP_FILE = /^\s*format:/;

export class Worlds {
  private previews = 0; // asked so far; only the last one counts
  private timer = 0;
  private isAsked = false;

  constructor(private readonly app: App) {}

  get state(): WorldsState {
    return this.app.state.worlds;
  }

  change(how: (state: WorldsState) => void): void {
    this.app.change((state) => how(state.worlds));
  }

  /** Asks for the lists, once; then shows what the address asks for, or the first recipe. */
  open(wanted: Choice | null): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.trying(async () => {
      const [{ recipes, command }, { groups }] = await Promise.all([api.recipes(), api.scenes()]);
      this.change((state) => Object.assign(state, { recipes, groups, program: command }));
      const first = recipes.find((recipe) => recipe.error === null);
      const choice = wanted ?? (first ? ({ sort: "recipe", name: first.name, maker: null } as const) : null);
      if (choice !== null) this.choose(choice);
    });
  }

  choose(choice: Choice): void {
    this.change((state) => {
      Object.assign(state, { choice, detail: null, game: null, changes: {}, exported: null, problem: "", isEdited: false });
      if (state.tab === "list" && state.recipes.length > 0) state.tab = "map";
    });
    if (choice.sort === "scene") {
      this.preview();
      return;
    }
    this.trying(async () => {
      const detail = await api.recipe(choice.name, choice.maker);
      if (this.state.choice !== choice) return;
      this.change((state) => Object.assign(state, { detail, game: detail.games[0] ?? null }));
      this.preview();
    });
  }

  /** Changes a setting; the value that the recipe has is no change. */
  set(setting: Setting, text: string): void {
    this.change((state) => {
      const { [setting.path]: _, ...others } = state.changes;
      state.changes = text === setting.value ? others : { ...others, [setting.path]: text };
      if (setting.path === SEED) state.seed = Number(text) || 0;
    });
    this.previewSoon();
  }

  reset(): void {
    this.change((state) => (state.changes = {}));
    this.preview();
  }

  reroll(seed: number): void {
    this.change((state) => {
      const { [SEED]: _, ...others } = state.changes; // the slider says it
      Object.assign(state, { seed: Math.max(0, Math.floor(seed)), changes: others });
    });
    this.previewSoon();
  }

  chooseGame(path: string): void {
    this.change((state) => (state.game = path));
    this.preview();
  }

  setSize(height: number, width: number): void {
    const fits = (side: number) => Math.min(256, Math.max(1, Math.floor(side) || 1));
    this.change((state) => (state.size = { height: fits(height), width: fits(width) }));
    this.previewSoon();
  }

  previewSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.preview(), PAUSE);
  }

  preview(): void {
    clearTimeout(this.timer);
    const number = ++this.previews;
    if (!this.app.state.mayControl) {
      this.change((state) => (state.problem = LOOKING));
      return;
    }
    this.change((state) => (state.isWaiting = true));
    this.trying(async () => {
      const preview = await this.asked();
      if (number === this.previews && preview !== null) this.receive(preview);
    }, number);
  }

  /** Takes an edited map. */
  edit(grid: Grid): void {
    this.change((state) => {
      state.maps.push(grid);
      Object.assign(state, { isEdited: true, exported: null });
    });
    this.exportSoon();
  }

  undo(): void {
    this.change((state) => state.maps.undo());
    this.afterUndo();
  }

  redo(): void {
    this.change((state) => state.maps.redo());
    this.afterUndo();
  }

  /** Takes a map from a drawing or a map file. */
  paste(text: string): void {
    this.trying(async () => {
      const drawing = MAP_FILE.test(text) ? await api.read(text) : drawingIn(text);
      if (this.state.palette !== null) this.edit(gridOf(drawing, this.state.palette.values));
      this.change((state) => (state.problem = ""));
    });
  }

  drawing(): Drawing | null {
    const { palette, maps } = this.state;
    return palette === null || maps.now.cells.length === 0 ? null : drawingOf(maps.now, palette.values);
  }

  command(): string {
    const { choice, detail, program, changes, seed, size } = this.state;
    if (choice === null) return "";
    if (choice.sort === "scene") return sceneCommand(program, choice.name, size.height, size.width, seed, changes);
    return recipeCommand(program, detail?.maker ?? choice.maker ?? "play", choice.name, changes, seed);
  }

  showOutput(output: WorldsState["output"]): void {
    this.change((state) => (state.output = output));
    this.export();
  }

  rename(name: string): void {
    this.change((state) => Object.assign(state, { name, exported: null }));
    this.exportSoon();
  }

  /** Opens a world on this map, and goes there. */
  play(): void {
    const chosen = this.chosen();
    const map = this.state.isEdited ? this.drawing() : null;
    if (chosen === null) return;
    this.change((state) => (state.isWaiting = true));
    this.trying(async () => {
      const { branch } = await api.play({ ...chosen, seed: this.state.seed, ...(map === null ? {} : { map }) });
      this.app.change((state) => {
        state.page = "watch";
        Object.assign(state.worlds, { isWaiting: false, problem: "" });
      });
      this.app.showBranch(branch);
    });
  }

  private chosen(): Chosen | null {
    const { choice, detail, changes, game } = this.state;
    if (choice?.sort !== "recipe" || detail === null) return null;
    return { recipe: choice.name, maker: detail.maker, changes, ...(game === null ? {} : { game }) };
  }

  private asked(): Promise<Preview> | Promise<null> {
    const { choice, changes, seed, size } = this.state;
    if (choice?.sort === "scene") return api.scene({ scene: choice.name, changes, seed, ...size });
    const chosen = this.chosen();
    return chosen === null || this.state.detail!.games.length === 0 ? Promise.resolve(null) : api.preview({ ...chosen, seed });
  }

  private receive(preview: Preview): void {
    const { height, width, cells, ...palette } = preview;
    this.change((state) => {
      const hasSameThings = JSON.stringify(state.palette?.values) === JSON.stringify(palette.values);
      const isSame = state.palette !== null && JSON.stringify(state.palette) === JSON.stringify(palette);
      if (!isSame) state.palette = palette;
      const isBrush = state.brush !== null && Object.values(palette.values).includes(state.brush);
      if (!isBrush) state.brush = Object.values(palette.values).find((value) => value > 1) ?? null;
      const map = makeGrid(height, width, cells);
      if (hasSameThings) state.maps.push(map);
      else state.maps = new History(map); // maps of another game would mean something else
      Object.assign(state, { isEdited: false, isWaiting: false, problem: "", exported: null });
    });
    this.exportSoon();
  }

  private afterUndo(): void {
    this.change((state) => Object.assign(state, { isEdited: true, exported: null }));
    this.exportSoon();
  }

  private exportSoon(): void {
    const { output } = this.state;
    if (output !== "file" && output !== "recipe") return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.export(), PAUSE);
  }

  private export(): void {
    const [chosen, map] = [this.chosen(), this.drawing()];
    if (chosen === null || map === null || this.state.output === "command" || this.state.output === "drawing") return;
    this.trying(async () => {
      const exported = await api.exported({ ...chosen, map, name: this.state.name });
      this.change((state) => Object.assign(state, { exported, problem: "" }));
    });
  }

  /** Whatever goes wrong is said on the page. */
  private trying(what: () => Promise<void>, number: number | null = null): void {
    what().catch((error: unknown) => {
      if (number !== null && number !== this.previews) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.change((state) => Object.assign(state, { problem, isWaiting: false }));
    });
  }
}
