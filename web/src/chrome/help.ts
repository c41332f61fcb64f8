// The keyboard's help, made from the bindings themselves.

import type { App, View } from "../app";
import { h } from "../dom";
import { icon } from "../icons";
import { BINDINGS } from "../input/keyboard";
import { HAND_HELP } from "../play/keys";

const NAMES: Record<string, string> = { " ": "Space", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

export class Help implements View {
  readonly element = h("dialog", { class: "help", "aria-label": "Keys" });

  constructor(private readonly app: App) {
    const close = () => app.change((state) => (state.isHelpOpen = false));
    const header = h("header", { class: "row spread" }, h("h2", {}, "Keys"), h("button", { class: "quiet", "aria-label": "Close", onclick: close }, icon("close")));
    const page = BINDINGS.map(({ keys, help }) => row(keys.map(nameOf), help));
    const hand = HAND_HELP.map(([keys, help]) => row(keys.split(", "), help));
    const mouse = [
      row(["click"], "Select what is there; again: what lies below it"),
      row(["drag"], "Move the map"),
      row(["wheel, pinch"], "Zoom"),
      row(["drop a file"], "Open a replay or an archive"),
    ];
    const section = (title: string, rows: HTMLElement[]) => h("section", {}, h("h3", {}, title), ...rows);
    this.element.append(header, h("div", { class: "help-columns" }, section("The page", page), section("While you play an agent", hand), section("Mouse and touch", mouse)));
    this.element.addEventListener("close", close);
    this.element.addEventListener("click", (event) => event.target === this.element && close());
  }

  update(): void {
    const { isHelpOpen } = this.app.state;
    if (isHelpOpen && !this.element.open) this.element.showModal();
    if (!isHelpOpen && this.element.open) this.element.close();
  }
}

/** A key as people read it. */
export function nameOf(key: string): string {
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

function row(keys: string[], help: string): HTMLElement {
  return h("div", { class: "help-row" }, h("span", { class: "help-keys" }, ...keys.map((key) => h("kbd", {}, key))), h("span", {}, help));
}
