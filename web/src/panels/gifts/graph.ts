// The graph of gifts and thefts: agents on a circle, arrows as wide as what went along them.

import { h } from "../../dom";
import { sizeOf, type Flow, type FlowKind } from "../../feed/flows";
import type { World } from "../../feed/world";
import { thingColor } from "../../things";
import { agentAt, bendOf, headOf, placeOnCircle, type Point } from "./circle";

const MARGIN = 18; // CSS pixels between the circle and the edge
const WIDEST = 7;
const MOST_NAMES = 40; // agents whose numbers are written
const VARIABLES: Record<FlowKind, string> = { gift: "--mark-gift", theft: "--mark-attack", share: "--mark-heart" };

export class Graph {
  readonly element = h("canvas", { class: "gift-graph", role: "img", "aria-label": "who gave to and took from whom" });
  private places: Point[] = [];

  /** `choose` is given the agent that is clicked, null for none. */
  constructor(choose: (agent: number | null) => void) {
    this.element.addEventListener("click", (event) => {
      choose(agentAt({ x: event.offsetX, y: event.offsetY }, this.places, MARGIN));
    });
  }

  /** Draws flows; those of the selected agent stand out. */
  draw(world: World, flows: readonly Flow[], what: string, selected: number | null): void {
    const count = world.description.num_agents;
    const size = this.element.clientWidth;
    this.element.width = this.element.height = Math.max(1, size * devicePixelRatio);
    this.places = Array.from({ length: count }, (_, agent) => placeOnCircle(agent, count, size, MARGIN));
    const context = this.element.getContext("2d")!;
    context.scale(devicePixelRatio, devicePixelRatio);
    const most = Math.max(1, ...flows.map((flow) => sizeOf(flow, what)));
    for (const flow of [...flows].reverse()) this.drawFlow(context, flow, sizeOf(flow, what) / most, size, selected);
    this.drawAgents(context, world, selected);
  }

  private drawFlow(context: CanvasRenderingContext2D, flow: Flow, share: number, size: number, selected: number | null): void {
    const [from, to] = [this.places[flow.from], this.places[flow.to]];
    if (from === undefined || to === undefined) return;
    const bend = bendOf(from, to, size);
    const color = getComputedStyle(this.element).getPropertyValue(VARIABLES[flow.kind]);
    const isOwn = selected === null || flow.from === selected || flow.to === selected;
    context.globalAlpha = isOwn ? 0.85 : 0.12;
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = Math.max(0.75, WIDEST * Math.sqrt(share));
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.quadraticCurveTo(bend.x, bend.y, to.x, to.y);
    context.stroke();
    const [left, right] = headOf(bend, to, 7 + context.lineWidth);
    context.beginPath();
    context.moveTo(to.x, to.y);
    context.lineTo(left.x, left.y);
    context.lineTo(right.x, right.y);
    context.fill();
    context.globalAlpha = 1;
  }

  private drawAgents(context: CanvasRenderingContext2D, world: World, selected: number | null): void {
    const { places } = this;
    const size = this.element.clientWidth;
    const style = getComputedStyle(this.element);
    const radius = Math.max(1.5, Math.min(6, (size * 1.2) / places.length));
    for (const [agent, { x, y }] of places.entries()) {
      context.globalAlpha = world.kind[agent] === 0 ? 0.25 : 1;
      context.fillStyle = thingColor(world, agent);
      context.beginPath();
      context.arc(x, y, agent === selected ? radius * 1.6 : radius, 0, 2 * Math.PI);
      context.fill();
      if (places.length > MOST_NAMES && agent !== selected) continue;
      context.fillStyle = style.getPropertyValue(agent === selected ? "--text" : "--muted");
      context.font = "10px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      const outward = 1 + 22 / size;
      context.fillText(String(agent), size / 2 + (x - size / 2) * outward, size / 2 + (y - size / 2) * outward);
    }
    context.globalAlpha = 1;
  }
}
