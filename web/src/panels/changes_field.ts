// A field for changes of a game's numbers, with suggestions from the paths that the game has.

import { fill, h, setText } from "../dom";
import { pathsOf, readChanges, suggestions, type Changes } from "../play/changes";

export class ChangesField {
  readonly element: HTMLElement;
  private readonly text = h("textarea", { class: "wide", rows: 3, spellcheck: "false", "aria-label": "changes of the rules" });
  private readonly offered = h("div", { class: "offered" });
  private readonly wrong = h("p", { class: "reason refused", role: "status", hidden: true });
  private paths: [string, string][] = [];
  private config: unknown = null;

  constructor() {
    this.text.placeholder = "verbs.attack.price = 5";
    this.text.addEventListener("input", () => this.check());
    this.text.addEventListener("keyup", () => this.offer());
    this.text.addEventListener("click", () => this.offer());
    this.element = h("div", { class: "changes" }, this.text, this.offered, this.wrong);
  }

  set disabled(isDisabled: boolean) {
    this.text.disabled = isDisabled;
  }

  /** Offers the paths of this game. */
  use(config: unknown): void {
    if (config === this.config) return;
    this.config = config;
    fill(this.offered);
    this.paths = pathsOf(config);
  }

  /** The changes; throws Error with one line if there is a mistake. */
  read(): Changes {
    return readChanges(this.text.value);
  }

  private check(): void {
    let problem = "";
    try {
      this.read();
    } catch (error) {
      const isUnfinished = !this.text.value.slice(this.text.selectionStart).includes("\n");
      problem = isUnfinished ? "" : String(error instanceof Error ? error.message : error);
    }
    setText(this.wrong, problem);
    this.wrong.hidden = problem === "";
  }

  private offer(): void {
    const { start, end } = this.line();
    const typed = this.text.value.slice(start, end);
    const found = typed.includes("=") ? [] : suggestions(this.paths, typed);
    fill(this.offered, ...found.map(([path, value]) => this.offerButton(path, value)));
  }

  private offerButton(path: string, value: string): HTMLElement {
    const take = () => {
      const { start, end } = this.line();
      this.text.setRangeText(`${path} = ${value}`, start, end, "end");
      this.text.focus();
      this.text.selectionStart = this.text.selectionEnd - value.length;
      this.check();
      fill(this.offered);
    };
    return h("button", { class: "quiet offer", onclick: take }, h("span", {}, path), h("span", { class: "muted" }, value));
  }

  /** The line where the caret is. */
  private line(): { start: number; end: number } {
    const { value, selectionStart } = this.text;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionStart);
    return { start, end: end < 0 ? value.length : end };
  }
}
