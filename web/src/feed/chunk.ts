// Frames of successive ticks, as mettascope/frames.py packs them: the first one is a key frame.

import { VarintReader } from "./varints";

export class Chunk {
  constructor(
    readonly first: number,
    private readonly frames: Uint8Array[],
  ) {}

  /** The tick after its last one. */
  get end(): number {
    return this.first + this.frames.length;
  }

  has(tick: number): boolean {
    return tick >= this.first && tick < this.end;
  }

  /** The frame of a tick that the chunk has. */
  frame(tick: number): Uint8Array {
    return this.frames[tick - this.first]!;
  }
}

/** Takes a chunk apart; throws RangeError if it has been cut. */
export function readChunk(first: number, bytes: Uint8Array): Chunk {
  const reader = new VarintReader(bytes);
  const frames: Uint8Array[] = [];
  while (!reader.isAtEnd) frames.push(reader.take(reader.next()));
  return new Chunk(first, frames);
}
