// The tiles that a game's things are drawn with, as numbers that are found once.

import type { Description } from "../feed/description";

export class Tiles {
  readonly floor: readonly [number, number];
  readonly kind: number[]; // [kind], -1 = not drawn
  readonly rest: number[]; // [kind]
  readonly wall: (number[] | null)[]; // [kind][state], null = no wall
  readonly shadow: number[]; // [state]
  readonly ground: (readonly [number, number])[]; // [ground], light and dark
  readonly trace: number[]; // [trace]
  readonly agent: number[][][]; // [colour][form][heading]
  readonly bar: number[]; // [level]
  readonly crack: number[];
  readonly mark: number[];
  readonly team: number[];
  readonly gem: number[];
  readonly shield: number;
  readonly ice: number;

  constructor(private readonly description: Description) {
    const { looks } = description;
    const { counts } = looks;
    this.floor = [this.find("floor"), this.find("floor:shade")];
    this.kind = looks.kinds.map((kind) => (kind.tile === null ? -1 : this.find(kind.tile)));
    this.rest = looks.kinds.map((kind) => (kind.rest === null ? -1 : this.find(kind.rest)));
    this.wall = looks.kinds.map((kind) => (kind.wall === null ? null : looks.walls[kind.wall].map((t) => this.find(t))));
    this.shadow = looks.walls.shadow.map((tile) => this.find(tile));
    this.ground = looks.grounds.map((ground) => [this.find(ground.tile), this.find(ground.shade)] as const);
    this.trace = looks.traces.map((trace) => this.find(trace.tile));
    this.agent = range(counts.colors).map((color) =>
      range(counts.forms).map((form) => range(4).map((heading) => this.find(`agent:${color}:${form}:${heading}`))),
    );
    this.bar = range(counts.energy_levels + 1).map((level) => this.find(`bar:${level}`));
    this.crack = range(counts.cracks).map((number) => this.find(`crack:${number + 1}`));
    this.mark = range(counts.marks).map((number) => this.find(`mark:${number + 1}`));
    this.team = range(counts.teams).map((number) => this.find(`team:${number + 1}`));
    this.gem = looks.gems.map((gem) => this.find(gem.tile));
    this.shield = this.find("shield");
    this.ice = this.find("ice");
  }

  /** The number of a tile; that of "unknown" for a name that the atlas has not. */
  find(name: string): number {
    const { tiles } = this.description.atlas;
    return tiles[name] ?? tiles.unknown ?? 0;
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
