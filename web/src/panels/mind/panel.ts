// The policy's view of the selected agent: how likely each action was, what it expected, where it looked.

import type { App } from "../../app";
import { fill, h, setText } from "../../dom";
import type { Branch } from "../../feed/branch";
import { mindsOf, type Mind, type Minds } from "../../feed/minds";
import { toggleLayer } from "../../map/layer_buttons";
import { seek } from "../../playback";
import { playerOf } from "../../things";
import { shortUri } from "../agents/columns";
import type { Panel, PanelKind } from "../panel";
import { choicesOf, numChoices, type Choice } from "./bars";
import { ValueChart } from "./chart";

class MindPanel implements Panel {
  private readonly title = h("p", { class: "muted" });
  private readonly bars = h("div", { class: "bars choices" });
  private readonly facts = h("p", { class: "mind-facts" });
  private readonly chart: ValueChart;
  private readonly attention: HTMLButtonElement;
  private readonly uri = h("input", { type: "search", "aria-label": "address of a policy", placeholder: "train_dir/first" });
  private readonly asking: HTMLFormElement;
  private readonly own = h("button", { type: "button" }, "Stop asking");
  private readonly minds: Minds;
  private drawn = "";

  constructor(
    host: HTMLElement,
    private readonly app: App,
  ) {
    this.minds = mindsOf(app);
    this.chart = new ValueChart((tick) => seek(app, tick));
    this.attention = h("button", { title: "Show on the map where it looks", onclick: () => toggleLayer(app, "attention") }, "Show attention");
    this.asking = h("form", { class: "ask" }, h("label", {}, "Ask another policy ", this.uri), h("button", {}, "Ask"), this.own);
    this.asking.addEventListener("submit", (event) => this.submit(event));
    this.own.addEventListener("click", () => this.ask(null));
    host.append(this.title, this.bars, this.facts, this.chart.element, this.attention, this.asking);
  }

  update(): void {
    const { branch, world, pane } = this.app;
    if (branch === null || world === null) return;
    const agent = pane?.selected ?? null;
    const isAgent = agent !== null && world.isAgent(agent);
    this.asking.hidden = !this.app.state.mayControl;
    this.own.hidden = this.minds.askedPolicy(branch.number) === null;
    for (const part of [this.bars, this.facts, this.chart.element]) part.hidden = !isAgent;
    if (isAgent) this.show(branch, agent, world.tick);
    else setText(this.title, "Select an agent to see what its policy makes of what it sees.");
    this.attention.hidden = !isAgent || !this.noteLook(branch, agent, world.tick);
    this.attention.setAttribute("aria-pressed", String(this.app.state.layers.attention));
  }

  private show(branch: Branch, agent: number, tick: number): void {
    const { number } = branch;
    const asked = this.minds.askedPolicy(number);
    const seen = viewOf(this.minds, branch, agent, tick);
    const who = asked === null ? playerOf(this.app, agent) : asked;
    setText(this.title, this.heading(branch, agent, tick, seen?.tick ?? null, who));
    const isUnknown = this.minds.isUnknown(number, agent, tick);
    if (asked !== null && isUnknown && this.app.state.mayControl) this.minds.askPolicy(number, asked, tick);
    const series = this.minds.valuesOf(number, agent, this.app.lastTick);
    const [first, last] = [branch.state.first_tick, Math.max(this.app.lastTick, branch.state.first_tick + 1)];
    const width = this.chart.element.clientWidth;
    const style = getComputedStyle(this.chart.element).color;
    const drawn = [number, agent, tick, seen?.tick, asked, series.ticks.length, last, width, style].join();
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.chart.draw(series, first, last, tick);
    this.showMind(branch, agent, seen);
  }

  /** Lets the map show where it looks; returns whether that is known. */
  private noteLook(branch: Branch, agent: number, tick: number): boolean {
    const seen = viewOf(this.minds, branch, agent, tick);
    const attention = seen?.mind.attention ?? null;
    if (seen !== null) branch.looked = attention === null ? null : { agent, tick: seen.tick, attention };
    return branch.looked?.agent === agent;
  }

  private heading(branch: Branch, agent: number, tick: number, seen: number | null, who: string): string {
    if (seen === null && this.minds.askedPolicy(branch.number) !== null) return `${shortUri(who)} is thinking ...`;
    if (seen === null && branch.state.is_live) return `Agent ${agent} decides in the next step.`;
    if (seen === null) return "Nobody noted what went on in its policy here. Ask one what it makes of this recording.";
    return seen === tick ? `${shortUri(who)}, about what agent ${agent} does next` : `${shortUri(who)}, about what agent ${agent} just did`;
  }

  private showMind(branch: Branch, agent: number, seen: Seen | null): void {
    const { actions } = branch.description;
    if (seen === null) {
      fill(this.bars);
      setText(this.facts, "");
      return;
    }
    const { mind, tick } = seen;
    const chosen = tick + 1 < branch.survey.end ? branch.survey.action(tick + 1, agent) : null;
    fill(this.bars, ...choicesOf(actions, mind.probabilities, chosen).flatMap(choiceRow));
    const undecided = numChoices(mind.probabilities).toFixed(1);
    setText(this.facts, `Value ${mind.value.toFixed(3)} · as undecided as between ${undecided} actions`);
  }

  private submit(event: Event): void {
    event.preventDefault();
    const uri = this.uri.value.trim();
    if (uri !== "") this.ask(uri);
  }

  private ask(uri: string | null): void {
    const branch = this.app.branch;
    if (branch !== null) this.minds.askPolicy(branch.number, uri, this.app.world?.tick ?? 0);
  }
}

export interface Seen {
  mind: Mind;
  tick: number;
}

/** The view at a tick; at the head, where nobody has decided yet, the one that led there. */
export function viewOf(minds: Minds, branch: Branch, agent: number, tick: number): Seen | null {
  const isDecided = !branch.state.is_live || tick < branch.state.last_tick;
  for (const at of isDecided ? [tick] : [tick - 1]) {
    const mind = at < branch.state.first_tick ? null : minds.at(branch.number, agent, at);
    if (mind !== null) return { mind, tick: at };
  }
  return null;
}

function choiceRow({ name, share, isChosen }: Choice): HTMLElement[] {
  const bar = h("div");
  bar.style.width = `${share * 100}%`;
  const label = h("span", { class: isChosen ? "chosen" : "", title: isChosen ? "it did this" : null }, name);
  return [label, h("div", { class: "meter", "aria-hidden": true }, bar), h("span", { class: "amount" }, `${(share * 100).toFixed(0)}%`)];
}

export const MIND: PanelKind = {
  id: "mind",
  title: "Policy's view",
  icon: "policy",
  create: (host, app) => new MindPanel(host, app),
};
