// A form that begins a world of any recipe.

import type { App } from "../app";
import { fill, h, setText } from "../dom";
import { readSeed } from "../play/seed";
import { USUAL_POLICIES } from "./play_seat";

interface Recipe {
  name: string;
  summary: string;
  error: string | null;
  makers: { name: string; tool: string; summary: string }[];
}

interface Argument {
  name: string;
  about: string;
  value: string | null;
  choices?: string[];
}

interface Offer {
  recipe: Recipe;
  maker: string;
}

type Input = HTMLInputElement | HTMLSelectElement;

export class NewWorld {
  readonly element: HTMLDetailsElement;
  private readonly kinds = h("select", { class: "wide", "aria-label": "recipe" });
  private readonly summary = h("p", { class: "muted" });
  private readonly fields = h("div", {});
  private readonly policy = h("input", { type: "text", class: "wide", list: "world-policies", spellcheck: "false" });
  private readonly seed = h("input", { type: "text", class: "seed", inputmode: "numeric", placeholder: "0" });
  private readonly go = h("button", { class: "primary", onclick: () => this.run(this.begin()) }, "Begin this world");
  private offers: Offer[] = [];
  private inputs = new Map<string, Input>();

  constructor(private readonly app: App) {
    this.policy.placeholder = "the recipe's own";
    const policies = h("datalist", { id: "world-policies" }, ...USUAL_POLICIES.map((uri) => h("option", { value: uri })));
    const form = [field("Recipe", this.kinds), this.summary, this.fields, field("Who plays", this.policy)];
    const end = [field("Seed", this.seed), policies, h("div", { class: "row" }, this.go)];
    this.element = h("details", { class: "new-world" }, h("summary", {}, "New world"), ...form, ...end);
    this.kinds.addEventListener("change", () => this.run(this.choose()));
    this.element.addEventListener("toggle", () => {
      if (this.element.open && this.offers.length === 0) this.run(this.list());
    });
  }

  update(): void {
    const { mayControl, isConnected } = this.app.state;
    this.go.disabled = !mayControl || !isConnected || this.offers.length === 0;
    this.go.title = mayControl ? "" : "This page may only watch.";
  }

  private async list(): Promise<void> {
    const { recipes } = (await answer(await fetch("api/recipes"))) as { recipes: Recipe[] };
    const playing = recipes.filter((recipe) => recipe.error === null);
    this.offers = playing.flatMap((recipe) => recipe.makers.filter(isPlay).map((maker) => ({ recipe, maker: maker.name })));
    fill(this.kinds, ...this.offers.map((offer, index) => h("option", { value: index }, nameOf(offer))));
    await this.choose();
  }

  private async choose(): Promise<void> {
    const offer = this.offers[Number(this.kinds.value)];
    if (offer === undefined) return;
    setText(this.summary, offer.recipe.summary);
    fill(this.fields);
    const { name } = offer.recipe;
    const response = await fetch(`api/recipes/${encodeURIComponent(name)}?maker=${encodeURIComponent(offer.maker)}`);
    const described = (await answer(response)) as { arguments: Argument[] };
    const own = described.arguments.filter((argument) => argument.name !== "policy_uri");
    this.inputs = new Map(own.map((argument) => [argument.name, inputOf(argument)]));
    fill(this.fields, ...[...this.inputs].map(([label, input]) => field(label.replaceAll("_", " "), input)));
  }

  private async begin(): Promise<void> {
    const offer = this.offers[Number(this.kinds.value)];
    if (offer === undefined) return;
    const given = [...this.inputs].map(([name, input]) => [name, input.value.trim()] as const);
    const body = JSON.stringify({
      recipe: offer.recipe.name,
      maker: offer.maker,
      changes: Object.fromEntries(given.filter(([, value]) => value !== "")),
      policy_uri: this.policy.value.trim() || null,
      seed: this.seed.value.trim() === "" ? 0 : readSeed(this.seed.value),
    });
    const headers = { "Content-Type": "application/json" };
    const begun = (await answer(await fetch("api/worlds/play", { method: "POST", headers, body }))) as { branch: number };
    this.app.showBranch(begun.branch);
  }

  private run(work: Promise<void>): void {
    work
      .catch((error: unknown) => this.app.report(error instanceof Error ? error.message : String(error)))
      .finally(() => this.app.draw());
  }
}

/** What the server answers; throws Error with its line if it refuses. */
async function answer(response: Response): Promise<unknown> {
  const content = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(content.error ?? response.statusText);
  return content;
}

function isPlay(maker: Recipe["makers"][number]): boolean {
  return maker.tool === "play";
}

function nameOf({ recipe, maker }: Offer): string {
  return maker === "play" ? recipe.name : `${recipe.name}: ${maker}`;
}

function field(label: string, input: HTMLElement): HTMLElement {
  return h("label", { class: "field" }, h("span", {}, label), input);
}

function inputOf({ about, value, choices }: Argument): Input {
  const typed = value ?? "";
  if (choices === undefined || choices.length === 0) {
    return h("input", { type: "text", class: "wide", placeholder: typed, title: about, spellcheck: "false" });
  }
  const options = choices.map((choice) => h("option", { value: choice, selected: choice === typed }, choice));
  return h("select", { class: "wide", title: about }, ...options);
}
