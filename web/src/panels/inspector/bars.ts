// What a thing carries, as bars with their limits.

import { fill, h, setText } from "../../dom";
import type { World } from "../../feed/world";
import { barsOf, fullness } from "./facts";

interface Line {
  meter: HTMLElement;
  fill: HTMLElement;
  text: HTMLElement;
}

export class Bars {
  readonly element = h("div", { class: "bars" });
  private readonly lines = new Map<string, Line>();
  private listed = "";

  show(world: World, object: number): void {
    const bars = barsOf(world, object);
    const listed = bars.map((bar) => bar.name).join();
    if (listed !== this.listed) this.list(bars.map((bar) => bar.name));
    this.listed = listed;
    for (const bar of bars) {
      const line = this.lines.get(bar.name)!;
      const share = fullness(bar);
      line.meter.hidden = share === null;
      line.meter.classList.toggle("timer", bar.isTimer);
      line.fill.style.width = `${(share ?? 0) * 100}%`;
      setText(line.text, share === null ? String(bar.value) : `${bar.value} / ${bar.cap}`);
    }
  }

  private list(names: string[]): void {
    this.lines.clear();
    const rows = names.flatMap((name) => {
      const line = { meter: h("div", { class: "meter", "aria-hidden": true }), fill: h("div"), text: h("span", { class: "amount" }) };
      line.meter.append(line.fill);
      this.lines.set(name, line);
      return [h("span", {}, name.replaceAll("_", " ")), h("div", {}, line.meter), line.text];
    });
    fill(this.element, ...rows);
  }
}
