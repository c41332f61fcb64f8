// A fork: the world goes on from this tick with other players, other rules or a hand, beside the one that it leaves.

import type { App } from "../app";
import { fill, h, setText } from "../dom";
import { icon } from "../icons";
import { selectedAgent } from "../play/hands";
import { ChangesField } from "./changes_field";
import type { Panel, PanelKind } from "./panel";
import { USUAL_POLICIES } from "./play_seat";

export const FORK: PanelKind = {
  id: "fork",
  title: "Fork",
  icon: "fork",
  create: (host, app) => new ForkPanel(host, app),
};

class ForkPanel implements Panel {
  private readonly where = h("p", {});
  private readonly reason = h("p", { class: "reason" });
  private readonly policy = h("input", { type: "text", class: "wide", list: "fork-policies", spellcheck: "false" });
  private readonly hand = h("input", { type: "text", class: "wide", inputmode: "numeric", placeholder: "nobody" });
  private readonly changes = new ChangesField();
  private readonly go: HTMLButtonElement;
  private readonly beside = h("div", { class: "chips" });
  private listed = "";

  constructor(host: HTMLElement, private readonly app: App) {
    this.policy.placeholder = "keep the players";
    this.go = h("button", { class: "primary", onclick: () => this.fork() });
    const policies = h("datalist", { id: "fork-policies" }, ...USUAL_POLICIES.map((uri) => h("option", { value: uri })));
    const field = (label: string, input: HTMLElement) => h("label", { class: "field" }, h("span", {}, label), input);
    const form = [
      field("Who plays on", this.policy),
      field("By hand", this.hand),
      field("Other rules", this.changes.element),
    ];
    const compare = h("div", {}, h("h3", {}, "Compare side by side"), this.beside);
    host.append(this.where, ...form, policies, h("div", { class: "row" }, this.go), this.reason, compare);
    this.update();
  }

  update(): void {
    const { branch, state } = this.app;
    if (branch === null) return;
    const tick = this.tick();
    const agent = selectedAgent(this.app);
    setText(this.where, `A second future of “${branch.state.title}”, from tick ${tick} on.`);
    setText(this.go, `Fork at tick ${tick}`);
    this.hand.placeholder = agent === null ? "nobody, or numbers of agents" : `nobody; ${agent} is selected`;
    const reason = state.mayControl ? "" : "This page may only watch: control needs the other link that the server printed.";
    setText(this.reason, reason);
    this.reason.hidden = reason === "";
    for (const input of [this.policy, this.hand, this.go]) input.disabled = reason !== "";
    this.changes.disabled = reason !== "";
    this.changes.use(branch.description.config);
    this.listOthers();
  }

  private tick(): number {
    const { first_tick, last_tick } = this.app.branch!.state;
    return Math.min(last_tick, Math.max(first_tick, Math.round(this.app.state.tick)));
  }

  private fork(): void {
    const { app } = this;
    try {
      const changes = this.changes.read();
      const hands = readAgents(this.hand.value, app.branch!.description.num_agents);
      const policy_uri = this.policy.value.trim() || null;
      app.ask({ do: "fork", branch: app.branch!.number, tick: this.tick(), policy_uri, changes, hands });
    } catch (error) {
      app.report(error instanceof Error ? error.message : String(error));
    }
  }

  private listOthers(): void {
    const { state } = this.app;
    const shown = state.panes.map((pane) => pane.branch);
    const others = state.branches.filter((branch) => !shown.includes(branch.branch));
    const listed = JSON.stringify(others.map((branch) => [branch.branch, branch.title]));
    if (listed === this.listed) return;
    this.listed = listed;
    const chips = others.map((branch) => {
      const show = () => this.app.showBranch(branch.branch, true);
      return h("button", { class: "chip ellipsis", title: `Show ${branch.title} beside`, onclick: show }, icon("beside"), ` ${branch.title}`);
    });
    fill(this.beside, ...(chips.length > 0 ? chips : [h("span", { class: "muted" }, "No other world is open.")]));
  }
}

/** Numbers of agents, with anything between them; throws Error if there is no such agent. */
export function readAgents(text: string, numAgents: number): number[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const agents = words.map((word) => (/^\d+$/.test(word) ? Number(word) : NaN));
  const wrong = words.find((_, i) => !(agents[i]! < numAgents));
  if (wrong !== undefined) throw new Error(`by hand: there is no agent ${wrong}; there are 0 to ${numAgents - 1}`);
  return [...new Set(agents)];
}
