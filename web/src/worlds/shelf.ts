// The list at the left: recipes and scenes, with a field to search them.

import type { View } from "../app";
import { fill, h } from "../dom";
import type { Worlds } from "./actions";
import type { Recipe, SceneInfo } from "./api";
import type { Choice } from "./state";

export class Shelf implements View {
  readonly element: HTMLElement;
  private readonly list = h("div", { class: "worlds-entries" });
  private listed: unknown[] = [];

  constructor(private readonly worlds: Worlds) {
    const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search recipes and scenes" });
    search.addEventListener("input", () => worlds.change((state) => (state.search = search.value)));
    this.element = h("section", { class: "worlds-shelf", "aria-label": "recipes and scenes" }, search, this.list);
  }

  update(): void {
    const { recipes, groups, search, choice } = this.worlds.state;
    const shown = [recipes, groups, search, choice];
    if (shown.every((value, i) => value === this.listed[i])) return;
    this.listed = shown;
    const found = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(search.trim().toLowerCase()));
    const matching = recipes.filter((recipe) => found(recipe.name, recipe.summary));
    fill(this.list, ...this.group("Recipes", matching.map((recipe) => this.recipe(recipe))));
    for (const { title, scenes } of groups) {
      const kept = scenes.filter((scene) => found(scene.form, scene.sentence));
      this.list.append(...this.group(`Scenes: ${title.toLowerCase()}`, kept.map((scene) => this.scene(scene))));
    }
    if (this.list.children.length === 0) this.list.append(h("p", { class: "worlds-note" }, recipes.length > 0 ? "Nothing of that name" : "…"));
  }

  private group(title: string, entries: HTMLElement[]): HTMLElement[] {
    return entries.length === 0 ? [] : [h("h3", {}, title), ...entries];
  }

  private recipe(recipe: Recipe): HTMLElement {
    if (recipe.error !== null) {
      return h("div", { class: "worlds-entry is-broken", title: recipe.error }, h("b", {}, recipe.name), h("small", {}, recipe.error));
    }
    return this.entry({ sort: "recipe", name: recipe.name, maker: null }, recipe.name, recipe.summary);
  }

  private scene(scene: SceneInfo): HTMLElement {
    return this.entry({ sort: "scene", name: scene.form }, scene.form, scene.sentence);
  }

  private entry(choice: Choice, name: string, about: string): HTMLElement {
    const chosen = this.worlds.state.choice;
    const isChosen = chosen?.sort === choice.sort && chosen.name === choice.name;
    const press = () => this.worlds.choose(choice);
    return h("button", { class: "worlds-entry", "aria-pressed": String(isChosen), title: about, onclick: press }, h("b", {}, name), h("small", {}, about));
  }
}
