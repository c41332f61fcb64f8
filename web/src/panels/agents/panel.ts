// The table of agents: chosen columns, sorted by a click on their titles. Only the rows that can be seen exist.

import type { App } from "../../app";
import { fill, h, setText } from "../../dom";
import type { Branch } from "../../feed/branch";
import { RewardSums } from "../../feed/reward_sums";
import type { World } from "../../feed/world";
import { isTexts, keep, recall } from "../../stored";
import { playerOf, selectThing, thingColor } from "../../things";
import type { Panel, PanelKind } from "../panel";
import { ColumnChooser } from "./chooser";
import { tableColumns, usualColumns, type Source, type TableColumn } from "./columns";
import { nextOrder, scrollFor, sortAgents, visibleRows, type Order } from "./rows";

const ROW_PIXELS = 24; // as in agents.css
const SCROLLBAR_PIXELS = 14;

class AgentTable implements Panel {
  private readonly head = h("tr");
  private readonly above = h("tr", { class: "spacer", "aria-hidden": true });
  private readonly below = h("tr", { class: "spacer", "aria-hidden": true });
  private readonly body = h("tbody");
  private readonly box: HTMLElement;
  private readonly table: HTMLTableElement;
  private readonly tools = h("div", { class: "tools" });
  private rows: HTMLTableRowElement[] = [];
  private columns: TableColumn[] = [];
  private all: TableColumn[] = [];
  private order: Order = { column: "agent", isDescending: false };
  private branch: Branch | null = null;
  private sums: RewardSums | null = null;
  private shownSelection: number | null = null;

  constructor(
    host: HTMLElement,
    private readonly app: App,
  ) {
    this.table = h("table", { class: "agents" }, h("thead", {}, this.head), this.body);
    this.box = h("div", { class: "agents-box", tabindex: 0, "aria-label": "agents" }, this.table);
    this.box.addEventListener("scroll", () => this.update());
    host.append(this.box, this.tools);
  }

  update(): void {
    const { branch, world } = this.app;
    if (branch === null) return;
    if (branch !== this.branch) this.meet(branch);
    if (world === null) return;
    const source = this.source(branch, world);
    const agents = this.sorted(source);
    this.showSelection(agents);
    this.showRows(source, agents);
  }

  /** Begins with the columns that were chosen for this game before. */
  private meet(branch: Branch): void {
    this.branch = branch;
    this.sums = new RewardSums(branch.survey);
    this.all = tableColumns(branch.description);
    const chosen = recall(this.place("columns"), isTexts, usualColumns(branch.description));
    this.order = recall(this.place("order"), isOrder, { column: "agent", isDescending: false });
    const choose = (ids: string[]) => {
      keep(this.place("columns"), ids);
      this.useColumns(ids);
      this.update();
    };
    fill(this.tools, new ColumnChooser(this.all, chosen, choose).element);
    this.useColumns(chosen);
    this.box.style.height = `${(branch.description.num_agents + 1) * ROW_PIXELS + SCROLLBAR_PIXELS}px`;
  }

  private place(what: string): string {
    return `agents.${what}.${this.branch?.description.name ?? ""}`;
  }

  private useColumns(ids: readonly string[]): void {
    this.columns = ids.flatMap((id) => this.all.find((column) => column.id === id) ?? []);
    const titles = [{ id: "agent", title: "agent" }, ...this.columns];
    fill(this.head, ...titles.map(({ id, title }) => this.title(id, title)));
    this.rows = [];
    fill(this.body, this.above, this.below);
  }

  private title(id: string, title: string): HTMLElement {
    const isSorted = this.order.column === id;
    const sort = isSorted ? (this.order.isDescending ? "descending" : "ascending") : "none";
    const press = () => {
      this.order = nextOrder(this.order, id);
      keep(this.place("order"), this.order);
      this.useColumns(this.columns.map((column) => column.id));
      this.update();
    };
    return h("th", { scope: "col", "aria-sort": sort }, h("button", { class: "quiet", title, onclick: press }, title));
  }

  private source(branch: Branch, world: World): Source {
    if (this.columns.some((column) => column.id === "reward")) branch.wantSurvey();
    return { world, sums: this.sums!.at(world.tick), player: (agent) => playerOf(this.app, agent) };
  }

  private sorted(source: Source): number[] {
    const count = source.world.description.num_agents;
    const column = this.columns.find((candidate) => candidate.id === this.order.column);
    const valueOf = (agent: number) => column?.value(source, agent) ?? agent;
    return sortAgents(count, valueOf, this.order.isDescending, (agent) => source.world.kind[agent] !== 0);
  }

  /** Scrolls to the selected agent when another one has been selected. */
  private showSelection(agents: readonly number[]): void {
    const selected = this.app.pane?.selected ?? null;
    if (selected === this.shownSelection) return;
    this.shownSelection = selected;
    const row = selected === null ? -1 : agents.indexOf(selected);
    const height = this.box.clientHeight - ROW_PIXELS; // the titles cover one row
    const top = row < 0 ? null : scrollFor(row, this.box.scrollTop, height, ROW_PIXELS);
    if (top !== null) this.box.scrollTop = top;
  }

  private showRows(source: Source, agents: readonly number[]): void {
    const { first, count } = visibleRows(agents.length, this.box.scrollTop, this.box.clientHeight, ROW_PIXELS);
    while (this.rows.length < count) this.addRow();
    while (this.rows.length > count) this.rows.pop()!.remove();
    this.above.style.height = `${first * ROW_PIXELS}px`;
    this.below.style.height = `${(agents.length - first - count) * ROW_PIXELS}px`;
    this.table.setAttribute("aria-rowcount", String(agents.length + 1));
    for (const [place, row] of this.rows.entries()) this.showRow(row, source, agents[first + place]!, first + place);
  }

  private addRow(): void {
    const name = h("th", { scope: "row" }, h("i", { class: "dot" }), h("span"));
    const row = h("tr", { tabindex: 0 }, name, ...this.columns.map(() => h("td")));
    const select = () => {
      this.shownSelection = Number(row.dataset.agent);
      selectThing(this.app, this.shownSelection);
    };
    row.addEventListener("click", select);
    row.addEventListener("keydown", (event) => event.key === "Enter" && select());
    this.rows.push(row);
    this.below.before(row);
  }

  private showRow(row: HTMLTableRowElement, source: Source, agent: number, place: number): void {
    row.dataset.agent = String(agent);
    row.ariaRowIndex = String(place + 2);
    row.ariaSelected = String(this.app.pane?.selected === agent);
    row.classList.toggle("away", source.world.kind[agent] === 0);
    const [name, ...cells] = row.children as unknown as [HTMLElement, ...HTMLElement[]];
    (name.firstElementChild as HTMLElement).style.background = thingColor(source.world, agent);
    setText(name.lastElementChild!, String(agent));
    for (const [index, column] of this.columns.entries()) {
      const value = column.value(source, agent);
      const cell = cells[index]!;
      setText(cell, column.text?.(value) ?? String(value));
      cell.className = typeof value === "number" ? "number" : "";
      if (typeof value === "string") cell.title = value;
    }
  }
}

function isOrder(value: unknown): value is Order {
  const order = value as Order | null;
  return typeof order?.column === "string" && typeof order.isDescending === "boolean";
}

export const AGENTS: PanelKind = {
  id: "agents",
  title: "Agents",
  icon: "agents",
  create: (host, app) => new AgentTable(host, app),
};
