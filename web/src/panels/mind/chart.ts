// A small chart of the value that a policy expected, tick by tick.

import { h } from "../../dom";
import type { Series } from "../../feed/minds";

const HEIGHT = 70; // CSS pixels
const LEFT = 38; // room for the numbers
const PADDING = 5;

export interface Scale {
  low: number;
  high: number;
}

/** The range of values that a chart shows; never empty. */
export function scaleOf(values: readonly number[]): Scale {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low < 1e-6 ? { low: low - 0.5, high: high + 0.5 } : { low, high };
}

/** The values of a span, as a line of at most `columns` points: of each column the last one. */
export function thinned({ ticks, values }: Series, first: number, last: number, columns: number): [tick: number, value: number][] {
  const points = new Map<number, [number, number]>();
  for (const [index, tick] of ticks.entries()) {
    if (tick < first || tick > last) continue;
    points.set(Math.floor(((tick - first) / Math.max(1, last - first)) * columns), [tick, values[index]!]);
  }
  return [...points.values()];
}

export class ValueChart {
  readonly element = h("canvas", { class: "value-chart", role: "img", "aria-label": "value over time" });
  private span = { first: 0, last: 1 };

  /** `seek` is given the tick that is clicked. */
  constructor(seek: (tick: number) => void) {
    this.element.addEventListener("click", (event) => {
      const share = (event.offsetX - LEFT) / Math.max(1, this.element.clientWidth - LEFT);
      seek(Math.round(this.span.first + share * (this.span.last - this.span.first)));
    });
  }

  draw(series: Series, first: number, last: number, tick: number): void {
    this.span = { first, last };
    const width = this.element.clientWidth;
    this.element.width = Math.max(1, width * devicePixelRatio);
    this.element.height = HEIGHT * devicePixelRatio;
    const context = this.element.getContext("2d")!;
    context.scale(devicePixelRatio, devicePixelRatio);
    const style = getComputedStyle(this.element);
    const points = thinned(series, first, last, width - LEFT);
    const scale = scaleOf(points.map(([, value]) => value));
    const x = (at: number) => LEFT + ((at - first) / Math.max(1, last - first)) * (width - LEFT - 1);
    const y = (value: number) => PADDING + ((scale.high - value) / (scale.high - scale.low)) * (HEIGHT - 2 * PADDING);
    this.drawScale(context, scale, style, y, width);
    context.strokeStyle = style.getPropertyValue("--accent");
    context.lineWidth = 1.5;
    context.beginPath();
    let before = -2;
    for (const [at, value] of points) {
      const isGap = at - before > Math.max(2, (2 * (last - first)) / width);
      if (isGap) context.moveTo(x(at), y(value));
      else context.lineTo(x(at), y(value));
      before = at;
    }
    context.stroke();
    context.fillStyle = style.getPropertyValue("--text");
    context.fillRect(x(tick) - 0.5, 0, 1, HEIGHT);
  }

  private drawScale(context: CanvasRenderingContext2D, { low, high }: Scale, style: CSSStyleDeclaration, y: (value: number) => number, width: number): void {
    context.fillStyle = style.getPropertyValue("--muted");
    context.font = "10px system-ui, sans-serif";
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.strokeStyle = style.getPropertyValue("--line");
    for (const value of new Set([low, 0, high])) {
      const isCrowded = value === 0 && (Math.abs(y(0) - y(low)) < 12 || Math.abs(y(0) - y(high)) < 12) && low !== 0 && high !== 0;
      if (isCrowded) continue;
      context.fillText(value.toPrecision(2), LEFT - 5, Math.min(HEIGHT - 6, Math.max(6, y(value))));
      context.beginPath();
      context.moveTo(LEFT, y(value));
      context.lineTo(width, y(value));
      context.stroke();
    }
  }
}
