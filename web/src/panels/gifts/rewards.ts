// Whose work an agent's reward is: its own, what others shared with it, and what it passed on; in a span and now.

import type { App } from "../../app";
import { fill, h, type Child } from "../../dom";
import type { Branch } from "../../feed/branch";
import { attribute, sumFlows, type Attribution, type Flow, type Span } from "../../feed/flows";
import type { World } from "../../feed/world";
import { selectThing, thingColor } from "../../things";

const MOST_NAMES = 6;

export class Rewards {
  readonly element = h("section", { class: "rewards" });

  constructor(private readonly app: App) {}

  show(branch: Branch, world: World, agent: number | null, span: Span, flows: readonly Flow[]): void {
    if (agent === null) {
      fill(this.element, h("p", { class: "muted" }, "Select an agent to see whose work its reward is."));
      return;
    }
    const now = { first: Math.max(branch.survey.first, span.end - 1), end: span.end };
    const over = attribute(branch.survey, agent, span, flows);
    const own = attribute(branch.survey, agent, now, sumFlows(branch.survey.marksBetween(now.first, now.end)));
    fill(
      this.element,
      h("h3", {}, `Reward of agent ${agent}`),
      h(
        "table",
        { class: "sheet-table" },
        h("thead", {}, h("tr", {}, h("th"), h("th", {}, "ticks"), h("th", {}, "now"))),
        h(
          "tbody",
          {},
          line("earned", over.earned, own.earned),
          line("+ from others", over.received, own.received),
          line("− passed on", over.passed, own.passed),
          line("paid", over.total, own.total),
        ),
      ),
      this.names(world, "From", over.sources),
      this.names(world, "To", over.receivers),
    );
  }

  private names(world: World, title: string, parts: Attribution["sources"]): HTMLElement | null {
    if (parts.length === 0) return null;
    const shown = parts.slice(0, MOST_NAMES).flatMap(({ agent, amount }): Child[] => {
      const dot = h("i", { class: "dot" });
      dot.style.background = thingColor(world, agent);
      const button = h("button", { class: "thing", onclick: () => selectThing(this.app, agent) }, `agent ${agent}`);
      return [h("span", { class: "part" }, dot, button, ` ${amount / 1000}`)];
    });
    const more = parts.length > MOST_NAMES ? ` and ${parts.length - MOST_NAMES} more` : null;
    return h("p", { class: "parts" }, `${title}: `, ...shown, more);
  }
}

function line(name: string, ...amounts: number[]): HTMLElement {
  return h("tr", {}, h("th", { scope: "row" }, name), ...amounts.map((amount) => h("td", { class: "number" }, String(amount / 1000))));
}
