// Below the map: what to take along: a command, the drawing, a map file, a recipe.

import type { View } from "../app";
import { fill, h } from "../dom";
import type { Worlds } from "./actions";
import { textOf } from "./drawing";
import type { Output, WorldsState } from "./state";

const TABS: readonly { output: Output; title: string }[] = [
  { output: "command", title: "Run this" },
  { output: "drawing", title: "Drawing" },
  { output: "file", title: "Map file" },
  { output: "recipe", title: "Recipe" },
];

export class Outputs implements View {
  readonly element: HTMLElement;
  private readonly tabs = new Map<Output, HTMLButtonElement>();
  private readonly text = h("textarea", { class: "worlds-text", rows: 4, spellcheck: "false", "aria-label": "text to copy" });
  private readonly note = h("p", { class: "worlds-note" });
  private readonly name = h("input", { type: "text", "aria-label": "name of the recipe", title: "name of the recipe" });
  private readonly use: HTMLButtonElement;
  private readonly copy: HTMLButtonElement;
  private shown: unknown[] = [];

  constructor(private readonly worlds: Worlds) {
    for (const { output, title } of TABS) this.tabs.set(output, h("button", { role: "tab", onclick: () => worlds.showOutput(output) }, title));
    this.use = h("button", { title: "Load the drawing or map file in the field", onclick: () => worlds.paste(this.text.value) }, "Use this text");
    this.copy = h("button", { onclick: () => void this.copyText() }, "Copy");
    this.name.addEventListener("change", () => worlds.rename(this.name.value.trim()));
    const bar = h("div", { class: "worlds-tools", role: "tablist" }, ...this.tabs.values(), h("span", { class: "worlds-gap" }), this.name, this.use, this.copy);
    this.element = h("section", { class: "worlds-output", "aria-label": "take along" }, bar, this.text, this.note);
  }

  update(): void {
    const { state } = this.worlds;
    const shown = [state.output, state.choice, state.detail, state.changes, state.seed, state.size, state.maps.now, state.exported, state.palette, state.isEdited, state.name];
    if (shown.every((value, i) => value === this.shown[i])) return;
    this.shown = shown;
    for (const [output, button] of this.tabs) {
      button.setAttribute("aria-selected", String(output === state.output));
      button.setAttribute("aria-pressed", String(output === state.output));
      button.disabled = state.choice?.sort === "scene" && (output === "file" || output === "recipe");
    }
    this.text.readOnly = state.output === "command" || state.output === "recipe";
    this.use.hidden = this.text.readOnly;
    this.name.hidden = state.output !== "recipe";
    this.name.value = state.name;
    this.text.value = this.textNow(state);
    fill(this.note, noteOf(state));
  }

  private textNow(state: WorldsState): string {
    if (state.output === "command") return this.worlds.command();
    if (state.output === "file") return state.exported?.map_file ?? "…";
    if (state.output === "recipe") return state.exported?.recipe ?? "…";
    const drawing = this.worlds.drawing();
    return drawing === null ? "" : textOf(drawing);
  }

  private async copyText(): Promise<void> {
    this.text.select();
    await navigator.clipboard.writeText(this.text.value).catch(() => document.execCommand("copy"));
    this.copy.textContent = "Copied";
    setTimeout(() => (this.copy.textContent = "Copy"), 1200);
  }
}

function noteOf({ output, isEdited, name }: WorldsState): string {
  if (output === "command") return isEdited ? "The command makes the map of the recipe; to keep yours, take the recipe along." : "";
  if (output === "drawing") return "Paste a drawing or a map file here and use it.";
  if (output === "file") return 'Save it as field.yaml; AsciiMap(file="field.yaml") reads it.';
  return `Save it as recipes/experiment/${name}.py; then run play ${name} or train ${name}.`;
}
