// The timeline below the map: play, step, speed, and the bar with all ticks.

import type { App, View } from "../app";
import { h, setText } from "../dom";
import { icon, setIcon, type IconName } from "../icons";
import { Track } from "./track";
import { isGoingOn, seek, setSpeed, step, togglePlay } from "../playback";

export class Timeline implements View {
  readonly element: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly speed = h("span", { class: "speed" });
  private readonly tick = h("span", { class: "tick" });
  private readonly track: Track;

  constructor(private readonly app: App) {
    const button = (name: IconName, title: string, onclick: () => void) =>
      h("button", { title, "aria-label": title, onclick }, icon(name));
    this.play = button("play", "Play or pause (Space)", () => togglePlay(app));
    this.track = new Track(app);
    this.element = h(
      "footer",
      { class: "timeline" },
      button("start", "To the start (Home)", () => seek(app, app.branch?.state.first_tick ?? 0)),
      button("back", "Step back ([)", () => step(app, -1)),
      this.play,
      button("on", "Step on (])", () => step(app, 1)),
      button("end", "To the end (End)", () => seek(app, app.lastTick)),
      button("minus", "Slower (,)", () => setSpeed(app, app.state.speed / 2)),
      this.speed,
      button("plus", "Faster (.)", () => setSpeed(app, app.state.speed * 2)),
      this.track.element,
      this.tick,
    );
  }

  update(seconds: number): void {
    const { state } = this.app;
    setIcon(this.play, isGoingOn(this.app) ? "pause" : "play");
    setText(this.speed, `${state.speed / 10}x`);
    this.track.update(seconds);
    setText(this.tick, `${state.tick} / ${this.app.lastTick}`);
  }
}
