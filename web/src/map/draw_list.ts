// What is to be drawn, in order: sprites of the atlas and plain shapes, in cells of the map (x right, y down).

export const SPRITE_FLOATS = 8; // x, y, width, height, tile, alpha, part, angle
export const SHAPE_FLOATS = 11; // x, y, width, height, angle, form, thickness, r, g, b, a

/** A part of a tile: the whole, or a quarter of it (walls are put together from quarters). */
export const WHOLE = 0;
export type Part = 0 | 1 | 2 | 3 | 4; // whole, north-west, north-east, south-west, south-east

export type Color = readonly [number, number, number, number]; // 0..1, not premultiplied

const FORM = { rectangle: 0, disc: 1, frame: 2, ring: 3 } as const;

/** Successive instances that one draw call draws. */
export interface Run {
  sort: "sprites" | "shapes";
  first: number;
  count: number;
}

class Floats {
  data = new Float32Array(1024);
  length = 0;

  /** Makes room for `count` more and returns where they go. */
  reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.data.length) {
      const larger = new Float32Array(Math.max(this.length, this.data.length * 2));
      larger.set(this.data);
      this.data = larger;
    }
    return start;
  }
}

export class DrawList {
  readonly sprites = new Floats();
  readonly shapes = new Floats();
  readonly runs: Run[] = [];
  version = 0; // another one after each clearing, so that whoever copies the list knows when to

  clear(): void {
    this.version++;
    this.sprites.length = 0;
    this.shapes.length = 0;
    this.runs.length = 0;
  }

  /** A tile whose upper left corner is at (x, y). */
  sprite(tile: number, x: number, y: number, width = 1, height = 1, alpha = 1, part: Part = WHOLE, angle = 0): void {
    const at = this.sprites.reserve(SPRITE_FLOATS);
    const data = this.sprites.data;
    data[at] = x;
    data[at + 1] = y;
    data[at + 2] = width;
    data[at + 3] = height;
    data[at + 4] = tile;
    data[at + 5] = alpha;
    data[at + 6] = part;
    data[at + 7] = angle;
    this.count("sprites");
  }

  rectangle(x: number, y: number, width: number, height: number, color: Color): void {
    this.shape(FORM.rectangle, x, y, width, height, 0, 0, color);
  }

  /** A rectangle's outline; `thickness` in cells. */
  frame(x: number, y: number, width: number, height: number, thickness: number, color: Color): void {
    this.shape(FORM.frame, x, y, width, height, 0, thickness, color);
  }

  disc(x: number, y: number, radius: number, color: Color): void {
    this.shape(FORM.disc, x - radius, y - radius, 2 * radius, 2 * radius, 0, 0, color);
  }

  ring(x: number, y: number, radius: number, thickness: number, color: Color): void {
    this.shape(FORM.ring, x - radius, y - radius, 2 * radius, 2 * radius, 0, thickness, color);
  }

  line(x0: number, y0: number, x1: number, y1: number, width: number, color: Color): void {
    const length = Math.hypot(x1 - x0, y1 - y0);
    const middle = [(x0 + x1) / 2, (y0 + y1) / 2] as const;
    const angle = Math.atan2(y1 - y0, x1 - x0);
    this.shape(FORM.rectangle, middle[0] - length / 2, middle[1] - width / 2, length, width, angle, 0, color);
  }

  private shape(
    form: number,
    x: number,
    y: number,
    width: number,
    height: number,
    angle: number,
    thickness: number,
    color: Color,
  ): void {
    const at = this.shapes.reserve(SHAPE_FLOATS);
    this.shapes.data.set([x, y, width, height, angle, form, thickness, ...color], at);
    this.count("shapes");
  }

  private count(sort: Run["sort"]): void {
    const last = this.runs[this.runs.length - 1];
    if (last?.sort === sort) {
      last.count++;
      return;
    }
    const first = sort === "sprites" ? this.sprites.length / SPRITE_FLOATS : this.shapes.length / SHAPE_FLOATS;
    this.runs.push({ sort, first: first - 1, count: 1 });
  }
}
