// The settings in the middle: a tree that opens part by part, or what a search finds in it.

import type { View } from "../app";
import { fill, h } from "../dom";
import type { Worlds } from "./actions";
import type { Setting } from "./api";

const MOST_FOUND = 60;
const LONGEST_TYPE = 40;
const OPEN_AT_FIRST = ["sim", "sim.env", "sim.env.map", "training_env", "training_env.game", "training_env.game.map"];

export class Settings implements View {
  readonly element: HTMLElement;
  private readonly head = h("header", { class: "worlds-settings-head" });
  private readonly tree = h("div", { class: "worlds-tree" });
  private readonly search = h("input", { type: "search", placeholder: "Find a setting", "aria-label": "Find a setting" });
  private rows: { setting: Setting; refresh(): void }[] = [];
  private shown: unknown[] = [];
  private changes: unknown = null;

  constructor(private readonly worlds: Worlds) {
    this.search.addEventListener("input", () => this.build());
    this.element = h("section", { class: "worlds-settings", "aria-label": "settings" }, this.head, this.search, this.tree);
  }

  update(): void {
    const { choice, detail, groups, changes } = this.worlds.state;
    const shown = [choice, detail, groups];
    if (shown.some((value, i) => value !== this.shown[i])) {
      this.shown = shown;
      this.search.value = "";
      this.build();
    }
    if (changes === this.changes) return;
    this.changes = changes;
    this.buildHead();
    for (const row of this.rows) row.refresh();
  }

  private build(): void {
    this.rows = [];
    this.buildHead();
    const settings = this.settings();
    const wanted = this.search.value.trim().toLowerCase();
    this.search.hidden = settings.length === 0;
    if (wanted === "") {
      fill(this.tree, ...settings.map((setting) => this.node(setting)));
      return;
    }
    const found = leaves(settings).filter(({ path, about }) => path.toLowerCase().includes(wanted) || about.toLowerCase().includes(wanted));
    const rest = found.length > MOST_FOUND ? [h("p", { class: "worlds-note" }, `and ${found.length - MOST_FOUND} more`)] : [];
    fill(this.tree, ...found.slice(0, MOST_FOUND).map((setting) => this.leaf(setting, setting.path)), ...rest);
    if (found.length === 0) fill(this.tree, h("p", { class: "worlds-note" }, "No setting of that name"));
  }

  private settings(): Setting[] {
    const { choice, detail } = this.worlds.state;
    if (choice?.sort === "scene") return this.scene()?.settings ?? [];
    if (detail === null) return [];
    const own = new Set(detail.arguments.map(({ path }) => path)); // an argument outranks a setting of its name
    return [...detail.arguments, ...detail.settings.filter(({ path }) => !own.has(path))];
  }

  private scene() {
    const { choice, groups } = this.worlds.state;
    return groups.flatMap(({ scenes }) => scenes).find(({ form }) => form === choice?.name);
  }

  private buildHead(): void {
    const { choice, detail, recipes, changes } = this.worlds.state;
    if (choice === null) return fill(this.head);
    const recipe = recipes.find(({ name }) => name === choice.name);
    const about = choice.sort === "scene" ? this.scene() : undefined;
    const count = Object.keys(changes).length;
    const reset = h("button", { class: "quiet", onclick: () => this.reset(), hidden: count === 0 }, `Undo ${count} change${count === 1 ? "" : "s"}`);
    const summary = choice.sort === "recipe" ? (recipe?.summary ?? "") : [about?.sentence, about?.about].filter(Boolean).join(" ");
    fill(this.head, h("h2", {}, choice.name), reset, h("p", {}, summary), choice.sort === "recipe" ? this.makers(detail?.makers ?? [], detail?.maker ?? "") : null);
  }

  private makers(names: string[], chosen: string): HTMLElement {
    const { choice } = this.worlds.state;
    const buttons = names.map((maker) =>
      h("button", { "aria-pressed": String(maker === chosen), onclick: () => this.worlds.choose({ sort: "recipe", name: choice!.name, maker }) }, maker),
    );
    return h("nav", { class: "worlds-makers", "aria-label": "what to do with it" }, ...buttons);
  }

  private reset(): void {
    this.worlds.reset();
    this.build();
  }

  private node(setting: Setting): HTMLElement {
    return setting.parts === undefined ? this.leaf(setting, setting.name) : this.branch(setting, setting.parts);
  }

  /** A part of the tree, whose own parts are made when it is opened. */
  private branch(setting: Setting, parts: Setting[]): HTMLElement {
    const kind = h("small", { title: setting.type }, short(setting.type));
    const summary = h("summary", { title: setting.about }, h("b", {}, setting.name), kind);
    const inner = h("div", { class: "worlds-parts" });
    const details = h("details", {}, summary, inner);
    const open = () => {
      if (!details.open || inner.children.length > 0) return;
      if (setting.about !== "") inner.append(h("p", { class: "worlds-about" }, setting.about));
      inner.append(...parts.map((part) => this.node(part)));
    };
    details.addEventListener("toggle", open);
    const refresh = () => details.classList.toggle("is-changed", Object.keys(this.worlds.state.changes).some((path) => path.startsWith(`${setting.path}.`)));
    this.rows.push({ setting, refresh });
    refresh();
    details.open = OPEN_AT_FIRST.includes(setting.path);
    if (details.open) open();
    return details;
  }

  private leaf(setting: Setting, label: string): HTMLElement {
    const value = () => this.worlds.state.changes[setting.path] ?? setting.value ?? "";
    const field = setting.choices === undefined ? h("input", { type: "text", spellcheck: "false" }) : choiceOf(setting.choices);
    field.value = value();
    field.title = setting.about;
    field.setAttribute("aria-label", setting.path);
    field.addEventListener("change", () => this.worlds.set(setting, field.value));
    const limits = [setting.choices === undefined ? short(setting.type) : "", setting.range, setting.default === undefined ? "" : `default ${short(setting.default || "empty")}`];
    const facts = h("i", { title: setting.type }, limits.filter(Boolean).join(" · "));
    const about = h("small", {}, setting.about === "" ? "" : `${setting.about.replace(/[.]$/, "")}. `, facts);
    const row = h("label", { class: "worlds-setting" }, h("span", { title: setting.path }, label), field, about);
    const refresh = () => {
      row.classList.toggle("is-changed", setting.path in this.worlds.state.changes);
      if (document.activeElement !== field) field.value = value();
    };
    this.rows.push({ setting, refresh });
    refresh();
    return row;
  }
}

function choiceOf(choices: string[]): HTMLSelectElement {
  return h("select", {}, ...choices.map((choice) => h("option", { value: choice }, choice)));
}

/** All settings that have a value. */
export function leaves(settings: readonly Setting[]): Setting[] {
  return settings.flatMap((setting) => (setting.parts === undefined ? [setting] : leaves(setting.parts)));
}

function short(text: string): string {
  return text.length > LONGEST_TYPE ? `${text.slice(0, LONGEST_TYPE - 1)}…` : text;
}
