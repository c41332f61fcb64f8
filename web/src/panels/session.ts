// The session: beginning the episode anew, and beginning other worlds.

import type { App } from "../app";
import { h, setText } from "../dom";
import { icon } from "../icons";
import { whyNotControl } from "../play/hands";
import { NewWorld } from "./new_world";
import type { Panel, PanelKind } from "./panel";
import { readSeed } from "../play/seed";

export const SESSION: PanelKind = {
  id: "session",
  title: "World",
  icon: "world",
  create: (host, app) => new SessionPanel(host, app),
};

class SessionPanel implements Panel {
  private readonly now = h("p", { class: "muted" });
  private readonly seed = h("input", { type: "text", inputmode: "numeric", class: "seed", "aria-label": "seed" });
  private readonly resets: HTMLButtonElement[];
  private readonly download: HTMLAnchorElement;
  private readonly fresh: NewWorld;

  constructor(host: HTMLElement, private readonly app: App) {
    const reset = (text: string, title: string, seed: () => number | null) =>
      h("button", { title, onclick: () => this.restart(seed) }, text);
    this.resets = [
      reset("Same seed", "Begin this episode anew", () => null),
      reset("New seed", "Begin another episode of this world", () => Math.floor(Math.random() * 2 ** 31)),
      reset("This seed", "Begin the episode of the seed that is typed here", () => readSeed(this.seed.value)),
    ];
    this.download = h("a", { class: "button", download: "" }, icon("download"), " Replay file");
    this.fresh = new NewWorld(app);
    host.append(
      this.now,
      h("div", { class: "row" }, icon("reset"), ...this.resets.slice(0, 2), this.seed, this.resets[2]!),
      h("div", { class: "row" }, this.download),
      this.fresh.element,
    );
  }

  update(): void {
    const { branch } = this.app;
    if (branch === null) return;
    const { description, state } = branch;
    const reason = whyNotControl(this.app);
    const isEnded = state.players.length > 0 && !state.is_live && this.app.state.mayControl;
    setText(this.now, `${description.name}, seed ${description.seed}, ${description.num_agents} agents, at most ${description.max_steps} steps`);
    for (const button of this.resets) {
      button.disabled = reason !== null && !isEnded;
      button.title = button.disabled ? (reason ?? "") : button.title;
    }
    this.seed.placeholder = String(description.seed);
    this.download.hidden = branch.number < 0; // an archive lies in the page, not on the server
    const address = `api/branches/${branch.number}/replay`;
    if (this.download.getAttribute("href") !== address) this.download.setAttribute("href", address);
    this.fresh.update();
  }

  private restart(seed: () => number | null): void {
    try {
      this.app.ask({ do: "restart", branch: this.app.branch!.number, seed: seed() });
    } catch (error) {
      this.app.report(error instanceof Error ? error.message : String(error));
    }
  }
}
