// The inspector of one thing: what it has, what it does, and why what happened to it happened.

import type { App } from "../../app";
import { fill, h, setText, type Child } from "../../dom";
import type { World } from "../../feed/world";
import { playerOf, selectThing, thingColor, thingName, togglePin } from "../../things";
import { rewardText, shortUri } from "../agents/columns";
import { nearestKin } from "../kin/order";
import { Bars } from "./bars";
import { factsOf, rulesAbout, statsOf, type Applicable } from "./facts";
import { happenings, type Happening, type Sentence } from "./sentences";

const MOST_KIN = 4;

export class Card {
  readonly element: HTMLElement;
  private readonly dot = h("i", { class: "dot" });
  private readonly name = h("button", { class: "quiet card-name" });
  private readonly follow: HTMLButtonElement;
  private readonly pin: HTMLButtonElement;
  private readonly bars = new Bars();
  private readonly facts = h("dl", { class: "facts" });
  private readonly why = h("ol", { class: "why" });
  private readonly rules = new Fold("Rules about it");
  private readonly stats = new Fold("Statistics");
  private shown = "";

  constructor(
    readonly object: number,
    private readonly app: App,
  ) {
    this.name.addEventListener("click", () => selectThing(app, object));
    this.follow = h("button", { title: "Keep the camera on it", onclick: () => this.toggleFollow() }, "Follow");
    this.pin = h("button", { title: "Keep this inspector open", onclick: () => togglePin(app, object) }, "Pin");
    const head = h("header", {}, this.dot, this.name, this.follow, this.pin);
    const whyTitle = h("h3", {}, "Why did this happen?");
    const folds = [this.rules, this.stats].map((fold) => fold.element);
    this.element = h("article", { class: "card" }, head, this.bars.element, this.facts, whyTitle, this.why, ...folds);
    this.element.addEventListener("toggle", () => this.refresh(), true);
  }

  update(world: World): void {
    const { pane, branch } = this.app;
    const isFollowing = pane?.selected === this.object && pane.isFollowing;
    this.follow.setAttribute("aria-pressed", String(isFollowing));
    this.pin.setAttribute("aria-pressed", String(this.app.state.pinned.includes(this.object)));
    const shown = [branch?.number, world.tick, this.rules.isOpen, this.stats.isOpen, branch?.state.hands].join();
    if (shown === this.shown) return;
    this.shown = shown;
    this.dot.style.background = thingColor(world, this.object);
    setText(this.name, thingName(world, this.object));
    this.bars.show(world, this.object);
    this.showFacts(world);
    const found = happenings(world, this.object);
    fill(this.why, ...(found.length > 0 ? found.map((one) => this.happening(world, one)) : [h("li", { class: "muted" }, "Nothing in this step.")]));
    if (this.rules.isOpen) this.rules.show(...rulesAbout(world, this.object).map((rule) => ruleEntry(world, rule)));
    this.showStats(world);
  }

  private refresh(): void {
    this.shown = "";
    this.app.draw();
  }

  private toggleFollow(): void {
    selectThing(this.app, this.object);
    this.app.change(() => {
      const pane = this.app.pane;
      if (pane !== null) pane.isFollowing = !pane.isFollowing;
    });
  }

  private showFacts(world: World): void {
    const facts: [string, Child][] = factsOf(world, this.object);
    if (world.isAgent(this.object)) facts.push(...this.agentFacts(world));
    fill(this.facts, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  }

  private agentFacts(world: World): [string, Child][] {
    const mate = (world.partner[this.object] ?? 0) - 1;
    const action = world.description.actions[world.action[this.object] ?? 0]?.name ?? "";
    const facts: [string, Child][] = [
      ["did", action],
      ["reward now", rewardText(world.reward[this.object] ?? 0)],
      ["played by", h("span", { title: playerOf(this.app, this.object) }, shortUri(playerOf(this.app, this.object)))],
    ];
    if (mate >= 0) facts.push(["mate", this.thing(world, mate)]);
    const kin = nearestKin(world, this.object, MOST_KIN);
    if (kin.length > 0) facts.push(["kin", h("span", {}, ...kin.flatMap(({ agent, score }) => [this.thing(world, agent), ` ${score.toFixed(2)} `]))]);
    return facts;
  }

  private showStats(world: World): void {
    this.stats.element.hidden = !world.isAgent(this.object);
    if (!this.stats.isOpen) return;
    const entries = statsOf(world, this.object).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))]);
    this.stats.show(h("dl", { class: "facts wide" }, ...entries));
  }

  private happening(world: World, { head, rules, effects }: Happening): HTMLElement {
    const lines = effects.map((effect) => h("li", {}, ...this.sentence(world, effect)));
    return h(
      "li",
      {},
      ...this.sentence(world, head),
      ...rules.map((rule) => h("p", { class: "rule" }, rule)),
      lines.length > 0 ? h("ul", {}, ...lines) : null,
    );
  }

  private sentence(world: World, parts: Sentence): Child[] {
    return parts.map((part) => (typeof part === "string" ? part : this.thing(world, part)));
  }

  private thing(world: World, object: number): HTMLElement | string {
    const name = thingName(world, object);
    if (object < 0) return name;
    return h("button", { class: "thing", onclick: () => selectThing(this.app, object) }, name);
  }
}

/** A part that is closed at first; its content is made only while it is open. */
class Fold {
  readonly element: HTMLDetailsElement;
  private readonly content = h("div");

  constructor(title: string) {
    this.element = h("details", { class: "fold" }, h("summary", {}, title), this.content);
  }

  get isOpen(): boolean {
    return this.element.open;
  }

  show(...children: Child[]): void {
    fill(this.content, ...children);
  }
}

const SIGNS = new Map([
  [true, ["✓", "holds", "met"]],
  [false, ["✗", "does not hold", "unmet"]],
  [null, ["·", "depends on more", "unknown"]],
] as const);

function ruleEntry(world: World, { rule, part, conditions, isOpen }: Applicable): HTMLElement {
  const parts = world.description.rule_parts[rule]!;
  const head = `${parts.on.join(", ")} ${parts.targets.filter((target) => target !== "self").join(", ")}`;
  const lines = conditions.map((condition) => {
    const [sign, title, name] = SIGNS.get(condition.holds)!;
    return h("li", { class: name, title }, h("span", { "aria-hidden": true }, sign), condition.text);
  });
  const role = part === "actor" || parts.on.includes("step") ? "" : " (to it)";
  const effects = h("p", { class: "muted" }, parts.then.join(", ") || "nothing happens");
  return h("div", { class: isOpen ? "applicable" : "applicable closed" }, h("strong", {}, head + role), h("ul", {}, ...lines), effects);
}
