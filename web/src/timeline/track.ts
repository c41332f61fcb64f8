// The bar with all ticks: marks of events, a small picture of the agents' traces, and the present tick.

import type { App } from "../app";
import { h } from "../dom";
import { isGoingOn, seek } from "../playback";
import { columnOf, countMarks, LANES } from "./marks";
import { drawTraces, spreadRows } from "./traces";

const LANE_PIXELS = 5;
const TRACES_PIXELS = 18;
const SECONDS = 0.5; // between two pictures of a track that grows
const HEIGHT = LANES.length * LANE_PIXELS + TRACES_PIXELS;

export class Track {
  readonly element: HTMLElement;
  private readonly marks = h("canvas", { class: "track-marks", "aria-hidden": true });
  private readonly head = h("div", { class: "track-head", "aria-hidden": true });
  private readonly slider = h("input", { type: "range", class: "bar", step: 1, "aria-label": "tick" });
  private drawn = "";
  private drawnAt = 0; // seconds
  private width = 0; // CSS pixels

  constructor(private readonly app: App) {
    this.slider.addEventListener("input", () => seek(app, Number(this.slider.value)));
    this.element = h("div", { class: "track" }, this.marks, this.head, this.slider);
    new ResizeObserver(([entry]) => this.resize(entry!.contentRect.width)).observe(this.element);
    this.element.title = LANES.map((lane) => lane.title).join(" · ");
  }

  private resize(width: number): void {
    this.width = width;
    this.app.draw();
  }

  update(seconds: number): void {
    const branch = this.app.branch;
    if (branch === null) return;
    const [first, last] = [branch.state.first_tick, this.app.lastTick];
    this.slider.min = String(first);
    this.slider.max = String(last);
    this.slider.value = String(this.app.state.tick);
    branch.wantSurvey();
    const share = (this.app.state.tick - first + 0.5) / (last - first + 1);
    this.head.style.left = `${share * 100}%`;
    const drawn = [branch.number, first, last, branch.survey.end, this.width, devicePixelRatio].join();
    if (drawn === this.drawn || (isGoingOn(this.app) && seconds < this.drawnAt + SECONDS)) return;
    this.draw(first, last);
    this.drawn = drawn;
    this.drawnAt = seconds;
  }

  private draw(first: number, last: number): void {
    const branch = this.app.branch!;
    const columns = Math.max(1, Math.round(this.width * devicePixelRatio));
    this.marks.width = columns;
    this.marks.height = Math.round(HEIGHT * devicePixelRatio);
    const context = this.marks.getContext("2d")!;
    context.scale(1, devicePixelRatio);
    const style = getComputedStyle(this.element);
    for (const [lane, counts] of countMarks(branch.survey, first, last, columns).entries()) {
      context.fillStyle = style.getPropertyValue(LANES[lane]!.color);
      const most = Math.max(1, ...counts);
      for (let column = 0; column < columns; column++) {
        if (counts[column] === 0) continue;
        context.globalAlpha = 0.35 + 0.65 * (counts[column]! / most);
        context.fillRect(column, lane * LANE_PIXELS, Math.max(1, devicePixelRatio), LANE_PIXELS - 1);
      }
    }
    context.globalAlpha = 1;
    const top = LANES.length * LANE_PIXELS;
    const rows = spreadRows(branch.survey.numAgents, TRACES_PIXELS);
    drawTraces(context, branch, { first, last, columns, top, height: TRACES_PIXELS, rows });
    context.clearRect(columnOf(branch.survey.end, first, last, columns) + 1, 0, columns, HEIGHT);
  }
}
