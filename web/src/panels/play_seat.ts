// Who plays an agent while no hand does: its policy and that policy's memory.

import type { App } from "../app";
import { fill, h, setText } from "../dom";
import { selectedAgent, whyNotControl } from "../play/hands";

export const USUAL_POLICIES = ["mock://random", "mock://scripted", "mock://noop"];

export class SeatForm {
  readonly element: HTMLElement;
  private readonly policy = h("input", { type: "text", class: "wide", list: "policies", "aria-label": "policy", spellcheck: "false" });
  private readonly known = h("datalist", { id: "policies" });
  private readonly now = h("p", { class: "muted ellipsis" });
  private readonly one: HTMLButtonElement;
  private readonly all: HTMLButtonElement;
  private readonly clear: HTMLButtonElement;
  private readonly copy: HTMLButtonElement;
  private readonly paste: HTMLButtonElement;
  private copied: { branch: number; agent: number } | null = null;
  private listed = "";

  constructor(private readonly app: App) {
    const button = (text: string, title: string, onclick: () => void) => h("button", { title, onclick }, text);
    this.policy.placeholder = "mock://scripted, train_dir/first ...";
    this.one = button("This agent", "Let this policy play the selected agent", () => this.seat([selectedAgent(app)!]));
    this.all = button("All agents", "Let this policy play every agent", () => this.seat(this.everybody()));
    this.clear = button("Clear", "Empty the memory of the agent's policy", () => this.askMemory("clear_memory"));
    this.copy = button("Copy", "Remember this agent as the one whose memory is pasted", () => this.copyMemory());
    this.paste = button("Paste", "Give this agent the memory that the copied one has now", () => this.pasteMemory());
    this.element = h(
      "details",
      { class: "seat" },
      h("summary", {}, "Policy and memory"),
      this.now,
      h("div", { class: "row" }, this.policy, this.known),
      h("div", { class: "row" }, h("span", { class: "muted" }, "plays"), this.one, this.all),
      h("div", { class: "row" }, h("span", { class: "muted" }, "memory"), this.clear, this.copy, this.paste),
    );
  }

  update(): void {
    const agent = selectedAgent(this.app);
    const reason = whyNotControl(this.app);
    const seat = agent === null ? undefined : this.app.branch?.description.seats[agent];
    setText(this.now, seat === undefined ? (reason ?? "Select an agent to see its policy.") : `Agent ${agent}: ${seat}`);
    this.policy.disabled = reason !== null;
    for (const button of [this.one, this.clear, this.copy]) button.disabled = reason !== null || agent === null;
    this.all.disabled = reason !== null;
    const isPastable = this.copied !== null && this.copied.branch === this.app.branch?.number && this.copied.agent !== agent;
    this.paste.disabled = reason !== null || agent === null || !isPastable;
    setText(this.paste, this.copied === null ? "Paste" : `Paste from ${this.copied.agent}`);
    this.listPolicies();
  }

  private listPolicies(): void {
    const uris = [...new Set([...(this.app.branch?.state.players ?? []), ...USUAL_POLICIES])];
    if (uris.join("\n") === this.listed) return;
    this.listed = uris.join("\n");
    fill(this.known, ...uris.map((uri) => h("option", { value: uri })));
  }

  private everybody(): number[] {
    return Array.from({ length: this.app.branch?.description.num_agents ?? 0 }, (_, agent) => agent);
  }

  private seat(agents: number[]): void {
    const uri = this.policy.value.trim();
    if (uri === "") this.app.report("Type the address of a policy first, for example mock://scripted.");
    else this.app.ask({ do: "seat", branch: this.app.branch!.number, policy_uri: uri, agents });
  }

  private askMemory(what: "clear_memory"): void {
    this.app.ask({ do: what, branch: this.app.branch!.number, agent: selectedAgent(this.app)! });
  }

  private copyMemory(): void {
    this.copied = { branch: this.app.branch!.number, agent: selectedAgent(this.app)! };
    this.app.draw();
  }

  private pasteMemory(): void {
    if (this.copied === null) return;
    const { branch, agent: source } = this.copied;
    this.app.ask({ do: "copy_memory", branch, agent: selectedAgent(this.app)!, source });
  }
}
