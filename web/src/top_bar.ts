// The top bar: what is shown, which panels are open, theme and help.

import type { App, View } from "./app";
import { Actions } from "./chrome/actions";
import { fill, h, setText } from "./dom";
import { icon, isIcon } from "./icons";
import { PANELS } from "./panels";
import type { PanelKind } from "./panels/panel";
import { togglePanel } from "./shell";
import type { Page } from "./state";

const PAGES: readonly { page: Page; title: string }[] = [
  { page: "watch", title: "Watch" },
  { page: "worlds", title: "Worlds" },
];

export class TopBar implements View {
  readonly element: HTMLElement;
  private readonly branches = h("nav", { class: "branches", "aria-label": "open worlds" });
  private readonly pages = h("nav", { class: "pages", "aria-label": "pages" });
  private readonly connection = h("span", { class: "connection", role: "status" });
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly actions: Actions;
  private listed = "";

  constructor(private readonly app: App) {
    for (const { page, title } of PAGES) {
      const press = () => app.change((state) => (state.page = page));
      this.pages.append(h("button", { value: page, onclick: press }, title));
    }
    const panels = h("nav", { class: "panel-buttons", "aria-label": "panels" });
    for (const kind of PANELS) {
      const press = () => togglePanel(app, kind.id);
      const button = h("button", { class: "quiet", title: kind.title, "aria-label": kind.title, onclick: press }, panelIcon(kind));
      this.buttons.set(kind.id, button);
      panels.append(button);
    }
    this.actions = new Actions(app);
    this.element = h("header", { class: "top" }, h("h1", {}, "Mettascope"), this.pages, this.branches, this.connection, panels, this.actions.element);
  }

  update(): void {
    const { state } = this.app;
    this.pages.hidden = !this.app.isServed;
    for (const button of this.pages.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === state.page));
    setText(this.connection, state.isConnected ? (state.mayControl ? "" : "watching") : "no connection");
    for (const [id, button] of this.buttons) button.setAttribute("aria-pressed", String(state.openPanels.includes(id)));
    this.actions.update();
    const shown = state.panes.map((pane) => pane.branch);
    const listed = JSON.stringify([shown, state.mayControl, state.branches.map((branch) => [branch.branch, branch.title])]);
    if (listed !== this.listed) this.listBranches(shown);
    this.listed = listed;
  }

  private listBranches(shown: number[]): void {
    const { branches, mayControl } = this.app.state;
    const tabs = branches.map(({ branch, title }) => {
      const show = (event: Event) => this.app.showBranch(branch, (event as MouseEvent).shiftKey);
      const pressed = String(shown.includes(branch));
      const button = h("button", { "aria-pressed": pressed, title: "Shift + click: beside", onclick: show }, title);
      const isClosable = branches.length > 1 && (mayControl || branch < 0);
      return h("span", { class: "tab" }, button, isClosable ? this.closeButton(branch, title) : null);
    });
    fill(this.branches, ...tabs);
  }

  /** Closes a world for everybody, or a file that only this page shows. */
  private closeButton(branch: number, title: string): HTMLElement {
    const close = () => this.app.ask({ do: "close", branch });
    const label = `Close ${title}`;
    return h("button", { class: "quiet", title: label, "aria-label": label, onclick: close }, icon("close"));
  }
}

function panelIcon({ id, icon: name }: PanelKind): Node | string {
  if (isIcon(name)) return icon(name);
  return isIcon(id) ? icon(id) : name;
}
