// Which columns the table has: a list to tick, with a field to search it.

import { fill, h } from "../../dom";
import type { TableColumn } from "./columns";

export class ColumnChooser {
  readonly element: HTMLDetailsElement;
  private readonly list = h("div", { class: "chooser-list" });
  private readonly search = h("input", { type: "search", placeholder: "Search columns", "aria-label": "search columns" });

  /** `choose` is given the ids of all chosen columns after each change. */
  constructor(
    private readonly columns: readonly TableColumn[],
    private chosen: readonly string[],
    private readonly choose: (ids: string[]) => void,
  ) {
    this.search.addEventListener("input", () => this.fill());
    this.element = h("details", { class: "chooser" }, h("summary", {}, "Columns"), this.search, this.list);
    this.fill();
  }

  private fill(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const shown = this.columns.filter((column) => column.title.toLowerCase().includes(wanted));
    const groups = [...new Set(shown.map((column) => column.group))];
    fill(
      this.list,
      ...groups.flatMap((group) => [
        h("h3", {}, group),
        ...shown.filter((column) => column.group === group).map((column) => this.entry(column)),
      ]),
    );
  }

  private entry(column: TableColumn): HTMLElement {
    const box = h("input", { type: "checkbox", checked: this.chosen.includes(column.id) });
    box.addEventListener("change", () => {
      const others = this.chosen.filter((id) => id !== column.id);
      const chosen = box.checked ? [...others, column.id] : others;
      this.chosen = chosen;
      this.choose(chosen);
    });
    return h("label", {}, box, column.title);
  }
}
