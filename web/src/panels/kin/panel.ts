// Kinship: a matrix of agents and agents, dark where the one of the column is near to the one of the row.

import type { App } from "../../app";
import { h, setText } from "../../dom";
import type { World } from "../../feed/world";
import { selectThing } from "../../things";
import type { Panel, PanelKind } from "../panel";
import { groupedByKin } from "./order";

const LEAST_PIXELS = 2; // of a cell
const MOST_PIXELS = 28;
const WHEEL_ZOOM = 0.002; // per pixel of the wheel

class Kinship implements Panel {
  private readonly canvas = h("canvas", { class: "kin-matrix", "aria-label": "kinship of agents" });
  private readonly box: HTMLElement;
  private readonly text = h("p", { class: "muted" });
  private readonly grouped = h("input", { type: "checkbox", checked: true });
  private readonly tools: HTMLElement;
  private order: number[] = [];
  private cell = 0; // CSS pixels; 0 = so that all fit
  private drawn = "";
  private pointed = "";

  constructor(
    host: HTMLElement,
    private readonly app: App,
  ) {
    this.grouped.addEventListener("change", () => this.redraw());
    this.tools = h("div", { class: "tools" }, h("label", {}, this.grouped, " kin side by side"));
    this.box = h("div", { class: "kin-box" }, this.canvas);
    this.canvas.addEventListener("pointermove", (event) => this.point(event.offsetX, event.offsetY));
    this.canvas.addEventListener("pointerleave", () => this.point(-1, -1));
    this.canvas.addEventListener("click", (event) => this.pick(event.offsetY));
    this.box.addEventListener("wheel", (event) => this.zoom(event), { passive: false });
    host.append(this.tools, this.box, this.text);
  }

  update(): void {
    const world = this.app.world;
    if (world === null) return;
    this.box.hidden = this.tools.hidden = !world.hasKinship;
    setText(this.text, this.message(world));
    if (!world.hasKinship) return;
    const style = getComputedStyle(this.canvas);
    const colors = [style.getPropertyValue("--text"), style.getPropertyValue("--accent")];
    const drawn = [this.app.branch?.number, checksum(world.kinship), this.cellPixels(world), colors, this.app.pane?.selected].join();
    if (drawn !== this.drawn) this.draw(world, colors as [string, string]);
    this.drawn = drawn;
  }

  private message(world: World): string {
    if (world.hasKinship) return this.pointed || "A row: how near the others are to an agent. Wheel zooms, a click selects.";
    const kinship = (world.description.config as { kinship?: { op?: string } } | null)?.kinship?.op ?? "none";
    return kinship === "none" ? "This game has no kinship." : "There are too many agents to show who is kin to whom.";
  }

  private cellPixels(world: World): number {
    const fitting = this.box.clientWidth / world.description.num_agents;
    return Math.max(LEAST_PIXELS, Math.min(MOST_PIXELS, this.cell === 0 ? fitting : this.cell));
  }

  private draw(world: World, [ink, accent]: [string, string]): void {
    const count = world.description.num_agents;
    const pixels = this.cellPixels(world);
    const gap = pixels >= 6 ? 1 : 0;
    this.order = this.grouped.checked ? groupedByKin(world) : Array.from({ length: count }, (_, agent) => agent);
    const size = Math.floor(count * pixels);
    this.canvas.width = this.canvas.height = size * devicePixelRatio;
    this.canvas.style.width = this.canvas.style.height = `${size}px`;
    const context = this.canvas.getContext("2d")!;
    context.scale(devicePixelRatio, devicePixelRatio);
    const selected = this.app.pane?.selected ?? -1;
    for (const [row, agent] of this.order.entries()) {
      for (const [column, other] of this.order.entries()) {
        const score = world.kinshipOf(agent, other);
        context.globalAlpha = agent === other ? 0.12 : 0.04 + 0.96 * score;
        context.fillStyle = agent === other ? ink : agent === selected || other === selected ? accent : ink;
        context.fillRect(column * pixels, row * pixels, pixels - gap, pixels - gap);
      }
    }
  }

  /** The agents of the row and the column under the pointer. */
  private under(x: number, y: number): [number, number] | null {
    const world = this.app.world;
    if (world === null || x < 0 || y < 0) return null;
    const pixels = this.cellPixels(world);
    const [agent, other] = [this.order[Math.floor(y / pixels)], this.order[Math.floor(x / pixels)]];
    return agent === undefined || other === undefined ? null : [agent, other];
  }

  private point(x: number, y: number): void {
    const found = this.under(x, y);
    const world = this.app.world;
    if (found === null || world === null) this.pointed = "";
    else this.pointed = `Agent ${found[1]} is ${world.kinshipOf(...found).toFixed(2)} near to agent ${found[0]}.`;
    this.update();
  }

  private pick(y: number): void {
    const found = this.under(0, y);
    if (found !== null) selectThing(this.app, found[0]);
  }

  private zoom(event: WheelEvent): void {
    const world = this.app.world;
    if (world === null) return;
    event.preventDefault();
    const before = this.cellPixels(world);
    this.cell = before * Math.exp(-event.deltaY * WHEEL_ZOOM);
    const factor = this.cellPixels(world) / before;
    const rectangle = this.box.getBoundingClientRect();
    const [x, y] = [event.clientX - rectangle.left, event.clientY - rectangle.top];
    this.update();
    this.box.scrollLeft = (this.box.scrollLeft + x) * factor - x;
    this.box.scrollTop = (this.box.scrollTop + y) * factor - y;
  }

  private redraw(): void {
    this.drawn = "";
    this.app.draw();
  }
}

/** A number that another matrix hardly has. */
function checksum(values: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum = (sum * 31 + values[i]!) | 0;
  return sum;
}

export const KIN: PanelKind = {
  id: "kin",
  title: "Kinship",
  icon: "kinship",
  create: (host, app) => new Kinship(host, app),
};
