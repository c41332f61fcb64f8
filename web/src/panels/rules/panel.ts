// The rule sheet of the game: what agents do, have and share, and all rules; those that fired in this step are lit.

import type { App } from "../../app";
import { fill, h, setText } from "../../dom";
import type { Branch } from "../../feed/branch";
import type { RuleParts } from "../../feed/description";
import { WHAT, type World } from "../../feed/world";
import { renderMarkdown } from "../../markdown";
import type { Panel, PanelKind } from "../panel";

const FIRED = WHAT.indexOf("fired");

class RuleSheet implements Panel {
  private readonly search = h("input", { type: "search", placeholder: "Search rules", "aria-label": "search rules" });
  private readonly content = h("div", { class: "sheet" });
  private rules: { rule: number; line: HTMLElement; count: HTMLElement }[] = [];
  private branch: Branch | null = null;
  private shown = "";

  constructor(
    host: HTMLElement,
    private readonly app: App,
  ) {
    this.search.addEventListener("input", () => this.filter());
    host.append(this.search, this.content);
  }

  update(): void {
    const { branch, world } = this.app;
    if (branch === null || world === null) return;
    if (branch !== this.branch) this.meet(branch);
    const shown = `${branch.number} ${world.tick}`;
    if (shown !== this.shown) this.light(world);
    this.shown = shown;
  }

  private meet(branch: Branch): void {
    this.branch = branch;
    this.shown = "";
    const { rules, rule_parts, sheet } = branch.description;
    this.rules = rules.map((sentence, rule) => {
      const count = h("span", { class: "fired-count" });
      return { rule, line: h("li", {}, h("span", {}, sentence), count), count };
    });
    const groups = rule_parts.length > 0 ? rulesByVerb(rule_parts) : [["all rules", [...rules.keys()]] as [string, number[]]];
    const verbs = groups.map(([verb, numbers]) =>
      h("section", {}, h("h4", {}, verb), h("ul", { class: "rules" }, ...numbers.map((rule) => this.rules[rule]!.line))),
    );
    const sections = sheet.map(({ title, text }) => h("details", {}, h("summary", {}, title), ...renderMarkdown(text)));
    fill(this.content, h("details", { open: true }, h("summary", {}, "Rules"), ...verbs), ...sections);
    this.filter();
  }

  /** Shows the rules and sections that hold what is searched for. */
  private filter(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const hasIt = (element: Element) => (element.textContent ?? "").toLowerCase().includes(wanted);
    for (const { line } of this.rules) line.hidden = !hasIt(line);
    for (const section of this.content.querySelectorAll("section")) section.hidden = !section.querySelector("li:not([hidden])");
    for (const part of this.content.querySelectorAll("details")) {
      part.hidden = !hasIt(part);
      if (wanted !== "" && !part.hidden) part.open = true;
    }
  }

  private light(world: World): void {
    const counts = countFired(world);
    for (const { rule, line, count } of this.rules) {
      const fired = counts.get(rule) ?? 0;
      line.classList.toggle("fired", fired > 0);
      setText(count, fired > 0 ? `${fired}×` : "");
    }
  }
}

/** How often each rule fired in the step that led here. */
export function countFired(world: World): Map<number, number> {
  const counts = new Map<number, number>();
  for (const event of world.events) {
    if (event.what === FIRED) counts.set(event.rule, (counts.get(event.rule) ?? 0) + 1);
  }
  return counts;
}

/** Numbers of rules by the first verb that they name, in the order in which they are tried; those of steps last. */
export function rulesByVerb(parts: readonly RuleParts[]): [string, number[]][] {
  const groups = new Map<string, number[]>();
  for (const [rule, { on }] of parts.entries()) {
    const verb = on[0] ?? "";
    groups.set(verb, [...(groups.get(verb) ?? []), rule]);
  }
  const steps = groups.get("step");
  groups.delete("step");
  return steps === undefined ? [...groups] : [...groups, ["every step", steps]];
}

export const RULES: PanelKind = {
  id: "rules",
  title: "Rules of the game",
  icon: "rules",
  create: (host, app) => new RuleSheet(host, app),
};
