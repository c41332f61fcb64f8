// Inspectors: one for what is selected, one for each thing that is pinned.

import type { App } from "../../app";
import { fill, h } from "../../dom";
import type { Branch } from "../../feed/branch";
import type { Panel, PanelKind } from "../panel";
import { Card } from "./card";

class Inspector implements Panel {
  private readonly hint = h("p", { class: "muted" }, "Click an agent or a thing on the map.");
  private cards: Card[] = [];
  private branch: Branch | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly app: App,
  ) {
    host.append(this.hint);
  }

  update(): void {
    const { world, branch } = this.app;
    if (world === null || branch === null) return;
    if (branch !== this.branch) this.cards = [];
    this.branch = branch;
    const wanted = this.wanted(world.numObjects);
    if (wanted.join() !== this.cards.map((card) => card.object).join() || this.host.childElementCount === 0) this.list(wanted);
    for (const card of this.cards) card.update(world);
  }

  /** What is selected comes first, unless it is pinned and has its place already. */
  private wanted(numObjects: number): number[] {
    const { pinned } = this.app.state;
    const selected = this.app.pane?.selected ?? null;
    const objects = selected === null || pinned.includes(selected) ? pinned : [selected, ...pinned];
    return objects.filter((object) => object < numObjects);
  }

  private list(objects: readonly number[]): void {
    this.cards = objects.map((object) => this.cards.find((card) => card.object === object) ?? new Card(object, this.app));
    fill(this.host, ...(this.cards.length > 0 ? this.cards.map((card) => card.element) : [this.hint]));
  }
}

export const INSPECTOR: PanelKind = {
  id: "inspector",
  title: "Inspector",
  icon: "inspector",
  create: (host, app) => new Inspector(host, app),
};
