// The timeline below the map: play, step, speed, and the bar with all ticks.

import type { App, View } from "../app";
import { h, setText } from "../dom";
import { Track } from "./track";
import { isGoingOn, seek, setSpeed, step, togglePlay } from "../playback";

export class Timeline implements View {
  readonly element: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly speed = h("span", { class: "speed" });
  private readonly tick = h("span", { class: "tick" });
  private readonly track: Track;

  constructor(private readonly app: App) {
    const button = (text: string, title: string, onclick: () => void) => h("button", { title, onclick }, text);
    this.play = button("▶", "Play or pause (Space)", () => togglePlay(app));
    this.track = new Track(app);
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
      this.track.element,
      this.tick,
    );
  }

  update(): void {
    const { state } = this.app;
    setText(this.play, isGoingOn(this.app) ? "⏸" : "▶");
    setText(this.speed, `${state.speed / 10}x`);
    this.track.update();
    setText(this.tick, `${state.tick} / ${this.app.lastTick}`);
  }
}
