// What the editor paints with: tools, and the kinds and grounds of the game as buttons.

import type { View } from "../app";
import { fill, h } from "../dom";
import type { Worlds } from "./actions";
import type { Palette } from "./api";
import { AGENT, groundOf, kindOf } from "./grid";
import type { ToolName } from "./state";

export const TOOLS: readonly { tool: ToolName; key: string; title: string }[] = [
  { tool: "move", key: "m", title: "Move the view" },
  { tool: "paint", key: "p", title: "Paint" },
  { tool: "rectangle", key: "r", title: "Fill a rectangle" },
  { tool: "fill", key: "f", title: "Fill what hangs together" },
  { tool: "erase", key: "e", title: "Erase things, then grounds" },
];

export class Brushes implements View {
  readonly element: HTMLElement;
  private readonly tools = new Map<ToolName, HTMLButtonElement>();
  private readonly undo: HTMLButtonElement;
  private readonly redo: HTMLButtonElement;
  private readonly kinds = h("div", { class: "worlds-brushes", role: "toolbar", "aria-label": "what to paint" });
  private shown: unknown[] = [];

  constructor(private readonly worlds: Worlds) {
    for (const { tool, key, title } of TOOLS) {
      const press = () => worlds.change((state) => (state.tool = tool));
      this.tools.set(tool, h("button", { title: `${title} (${key.toUpperCase()})`, onclick: press }, tool));
    }
    this.undo = h("button", { title: "Undo (Ctrl+Z)", onclick: () => worlds.undo() }, "undo");
    this.redo = h("button", { title: "Redo (Ctrl+Y)", onclick: () => worlds.redo() }, "redo");
    const bar = h("div", { class: "worlds-tools", role: "toolbar", "aria-label": "tools" }, ...this.tools.values(), h("span", { class: "worlds-gap" }), h("span", { class: "worlds-together" }, this.undo, this.redo));
    this.element = h("div", { class: "worlds-editor" }, bar, this.kinds);
  }

  update(): void {
    const { tool, brush, palette, maps } = this.worlds.state;
    for (const [name, button] of this.tools) button.setAttribute("aria-pressed", String(name === tool));
    this.undo.disabled = !maps.canUndo;
    this.redo.disabled = !maps.canRedo;
    if (palette === this.shown[0] && brush === this.shown[1]) return;
    this.shown = [palette, brush];
    if (palette !== null) fill(this.kinds, ...brushes(palette).map(([name, value]) => this.brush(palette, name, value)));
  }

  private brush(palette: Palette, name: string, value: number): HTMLElement {
    const press = () =>
      this.worlds.change((state) => {
        state.brush = value;
        if (state.tool === "move" || state.tool === "erase") state.tool = "paint";
      });
    const swatch = h("i", { class: "worlds-swatch" });
    swatch.style.background = colorOf(palette, value);
    if (value === AGENT) swatch.classList.add("is-agent");
    const isChosen = this.worlds.state.brush === value;
    return h("button", { "aria-pressed": String(isChosen), "data-brush": name, onclick: press }, swatch, name.replaceAll("_", " "));
  }
}

/** All that can be painted, with the value that it has in a cell. */
export function brushes(palette: Palette): [string, number][] {
  return Object.entries(palette.values).filter(([, value]) => value > 0);
}

function colorOf({ looks }: Palette, value: number): string {
  if (value === AGENT) return looks.colors.agents[0] ?? looks.colors.ink;
  if (groundOf(value) > 0) return looks.grounds[groundOf(value) - 1]?.color ?? looks.colors.floor;
  return looks.kinds[kindOf(value)]?.color ?? looks.colors.ink;
}
