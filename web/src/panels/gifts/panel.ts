// Gifts and thefts over some ticks: who gave to and took from whom, and whose work the selected agent's reward is.

import type { App } from "../../app";
import { fill, h, setText } from "../../dom";
import type { Branch } from "../../feed/branch";
import { flowsOf, REWARD, spanOf, TIMES, variablesOf, type Flow } from "../../feed/flows";
import type { World } from "../../feed/world";
import { largest } from "../../map/layers/gifts";
import { selectThing } from "../../things";
import type { Panel, PanelKind } from "../panel";
import { Graph } from "./graph";
import { Rewards } from "./rewards";

const SPANS: readonly [number, string][] = [
  [1, "this tick"],
  [20, "last 20 ticks"],
  [100, "last 100 ticks"],
  [500, "last 500 ticks"],
  [0, "all ticks so far"],
];
const MOST_LINES = 12; // of the list below the graph
const VERBS = { gift: "gave", theft: "lost to a theft by", share: "shared with" } as const;

class Gifts implements Panel {
  private readonly what = h("select", { "aria-label": "what is summed up" });
  private readonly graph: Graph;
  private readonly note = h("p", { class: "muted" });
  private readonly list = h("ol", { class: "flows" });
  private readonly rewards: Rewards;
  private offered = "";
  private drawn = "";

  constructor(
    host: HTMLElement,
    private readonly app: App,
  ) {
    const { ticks } = app.state.summed;
    const span = h("select", { "aria-label": "ticks that are summed up" });
    span.append(...SPANS.map(([value, text]) => h("option", { value, selected: value === ticks }, text)));
    span.addEventListener("change", () => app.change((state) => (state.summed.ticks = Number(span.value))));
    this.what.addEventListener("change", () => app.change((state) => (state.summed.what = this.what.value)));
    this.graph = new Graph((agent) => selectThing(app, agent));
    this.rewards = new Rewards(app);
    const legend = h("div", { class: "traces-legend" }, entry("gift", "gift"), entry("theft", "theft"), entry("share", "shared reward"));
    host.append(h("div", { class: "tools" }, span, this.what), this.graph.element, legend, this.note, this.list, this.rewards.element);
  }

  update(): void {
    const { branch, world, state } = this.app;
    if (branch === null || world === null) return;
    branch.wantSurvey();
    const span = spanOf(branch.survey, world.tick, state.summed.ticks);
    const selected = this.app.pane?.selected ?? null;
    const agent = selected !== null && world.isAgent(selected) ? selected : null;
    const width = this.graph.element.clientWidth;
    const style = getComputedStyle(this.graph.element).color;
    const drawn = [branch.number, span.first, span.end, branch.survey.end, state.summed.what, agent, width, style].join();
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const flows = flowsOf(branch.survey, span);
    this.offer(branch, flows);
    this.show(world, flows, agent);
    this.rewards.show(branch, world, agent, span, flows);
  }

  private show(world: World, flows: readonly Flow[], agent: number | null): void {
    const { what } = this.app.state.summed;
    this.graph.draw(world, largest(flows, what, null, 400), what, agent);
    const listed = largest(flows, what, agent, MOST_LINES);
    setText(this.note, listed.length > 0 ? "" : "Nobody gave, took or shared anything in these ticks.");
    fill(this.list, ...listed.map((flow) => h("li", {}, sentence(world, flow))));
  }

  /** Lets people choose among what went from hand to hand. */
  private offer(branch: Branch, flows: readonly Flow[]): void {
    const { what } = this.app.state.summed;
    const variables = variablesOf(flows).map(String);
    const values = [TIMES, ...variables, ...(what === TIMES || variables.includes(what) ? [] : [what])];
    if (values.join() === this.offered) return;
    this.offered = values.join();
    const name = (value: string) => (value === TIMES ? "how often" : nameOf(branch.description.variables[Number(value)]?.name));
    fill(this.what, ...values.map((value) => h("option", { value, selected: value === what }, name(value))));
  }
}

/** A flow in words: "agent 3 gave agent 5: 20 energy (4 times)". */
export function sentence(world: World, flow: Flow): string {
  const amounts = [...flow.amounts].map(([variable, amount]) => {
    return variable === REWARD ? `${amount / 1000} reward` : `${amount} ${nameOf(world.description.variables[variable]?.name)}`;
  });
  const times = flow.times === 1 ? "once" : `${flow.times} times`;
  return `agent ${flow.from} ${VERBS[flow.kind]} agent ${flow.to}: ${amounts.join(", ")} (${times})`;
}

function nameOf(name: string | undefined): string {
  return name ?? "reward";
}

function entry(kind: Flow["kind"], text: string): HTMLElement {
  return h("span", {}, h("i", { class: `dot flow-${kind}` }), text);
}

export const GIFTS: PanelKind = {
  id: "gifts",
  title: "Gifts and thefts",
  icon: "gifts",
  create: (host, app) => new Gifts(host, app),
};
