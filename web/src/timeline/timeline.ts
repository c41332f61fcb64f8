// The timeline below the map: play, step, speed, and the bar with all ticks.

import type { App, View } from "../app";
import { h, setText } from "../dom";
import { isGoingOn, seek, setSpeed, step, togglePlay } from "../playback";

export class Timeline implements View {
  readonly element: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly speed = h("span", { class: "speed" });
  private readonly tick = h("span", { class: "tick" });
  private readonly bar = h("input", { type: "range", class: "bar", min: 0, max: 0, step: 1, "aria-label": "tick" });

  constructor(private readonly app: App) {
    const button = (text: string, title: string, onclick: () => void) => h("button", { title, onclick }, text);
    this.play = button("▶", "Play or pause (Space)", () => togglePlay(app));
    this.bar.addEventListener("input", () => seek(app, Number(this.bar.value)));
    this.element = h(
      "footer",
      { class: "timeline" },
      button("⏮", "To the start (Home)", () => seek(app, app.branch?.state.first_tick ?? 0)),
      button("‹", "Step back ([)", () => step(app, -1)),
      this.play,
      button("›", "Step on (])", () => step(app, 1)),
      button("⏭", "To the end (End)", () => seek(app, app.lastTick)),
      button("−", "Slower (,)", () => setSpeed(app, app.state.speed / 2)),
      this.speed,
      button("+", "Faster (.)", () => setSpeed(app, app.state.speed * 2)),
      this.bar,
      this.tick,
    );
  }

  update(): void {
    const { state } = this.app;
    setText(this.play, isGoingOn(this.app) ? "⏸" : "▶");
    setText(this.speed, `${state.speed / 10}x`);
    this.bar.max = String(this.app.lastTick);
    this.bar.min = String(this.app.branch?.state.first_tick ?? 0);
    this.bar.value = String(state.tick);
    setText(this.tick, `${state.tick} / ${this.app.lastTick}`);
  }
}
