// The traces panel: what each agent did around the present tick. A click selects an agent and goes to the tick.

import type { App } from "../app";
import { fill, h } from "../dom";
import { seek } from "../playback";
import { drawTraces, spreadRows, verbColor, verbNumbers } from "../timeline/traces";
import type { Panel, PanelKind } from "./panel";

const ROW_PIXELS = 9;
const SPANS = [50, 100, 200, 500, 1000, 5000]; // ticks that the panel shows

class Traces implements Panel {
  private readonly canvas = h("canvas", { class: "traces", "aria-label": "traces of agents" });
  private readonly legend = h("div", { class: "traces-legend" });
  private span = 100;
  private drawn = "";

  constructor(
    host: HTMLElement,
    private readonly app: App,
  ) {
    const zoom = h("select", { "aria-label": "ticks", onchange: () => this.zoom(Number(zoom.value)) });
    zoom.append(...SPANS.map((span) => h("option", { value: span, selected: span === this.span }, `${span} ticks`)));
    this.canvas.addEventListener("click", (event) => this.pick(event.offsetX, event.offsetY));
    host.append(zoom, this.canvas, this.legend);
  }

  update(): void {
    const branch = this.app.branch;
    if (branch === null) return;
    branch.wantSurvey();
    const { first, last } = this.window();
    const selected = this.app.pane?.selected ?? null;
    const width = this.canvas.clientWidth;
    const drawn = [branch.number, first, last, this.app.state.tick, branch.survey.end, selected, width].join();
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.draw(first, last, selected);
    this.showLegend();
  }

  private zoom(span: number): void {
    this.span = span;
    this.app.draw();
  }

  /** The ticks that are shown: as many before as after the present one, if there are so many. */
  private window(): { first: number; last: number } {
    const start = this.app.branch!.state.first_tick;
    const first = Math.max(start, Math.min(this.app.state.tick - this.span / 2, this.app.lastTick - this.span + 1));
    return { first: Math.floor(first), last: Math.floor(first) + this.span - 1 };
  }

  private draw(first: number, last: number, selected: number | null): void {
    const branch = this.app.branch!;
    const agents = branch.survey.numAgents;
    const ratio = devicePixelRatio;
    const [width, height] = [this.canvas.clientWidth, agents * ROW_PIXELS];
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    const style = getComputedStyle(this.canvas);
    context.fillStyle = style.getPropertyValue("--line");
    if (selected !== null && selected < agents) context.fillRect(0, selected * ROW_PIXELS, width, ROW_PIXELS);
    drawTraces(context, branch, { first, last, columns: width, top: 0, height, rows: spreadRows(agents, agents) });
    context.fillStyle = style.getPropertyValue("--accent");
    context.fillRect(((this.app.state.tick - first + 0.5) / this.span) * width - 1, 0, 2, height);
  }

  private pick(x: number, y: number): void {
    const { first } = this.window();
    const tick = first + Math.floor((x / this.canvas.clientWidth) * this.span);
    const pane = this.app.pane;
    if (pane === null || tick > this.app.lastTick) return;
    this.app.change(() => (pane.selected = Math.floor(y / ROW_PIXELS)));
    seek(this.app, tick);
  }

  private showLegend(): void {
    const branch = this.app.branch!;
    const verbs = [...new Set(branch.description.actions.map((action) => action.verb))];
    if (this.legend.childElementCount === verbs.length - 1) return;
    const used = new Set(verbNumbers(branch));
    const entries = verbs.flatMap((verb, number) => {
      const color = verbColor(number);
      if (color === null || !used.has(number)) return [];
      const dot = h("i", { class: "dot" });
      dot.style.background = color;
      return [h("span", {}, dot, verb)];
    });
    fill(this.legend, ...entries);
  }
}

export const TRACES: PanelKind = {
  id: "traces",
  title: "Traces",
  icon: "≡",
  create: (host, app) => new Traces(host, app),
};
