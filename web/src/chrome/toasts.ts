// Lines that tell what went wrong. They go away by themselves, later while somebody reads them.

import type { App, View } from "../app";
import { h } from "../dom";

const SECONDS = 6; // and some more for long lines
const SECONDS_PER_LETTER = 0.05;
const MOST = 4;

export class Toasts implements View {
  readonly element = h("div", { class: "toasts", role: "alert" });

  constructor(private readonly app: App) {}

  update(): void {
    const texts = this.app.state.messages.splice(0);
    for (const text of texts) this.show(text);
  }

  private show(text: string): void {
    const same = [...this.element.children].find((known) => known.textContent === text);
    same?.remove();
    const toast = h("button", { class: "message", title: "Close", onclick: () => toast.remove() }, text);
    let timer = 0;
    const leave = () => (timer = window.setTimeout(() => toast.remove(), (SECONDS + text.length * SECONDS_PER_LETTER) * 1000));
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", leave);
    this.element.append(toast);
    while (this.element.children.length > MOST) this.element.firstElementChild?.remove();
    leave();
  }
}
