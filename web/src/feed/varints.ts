// Whole numbers in as few bytes as they need (LEB128), as mettascope/varints.py writes them.

export class VarintReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  get bytesLeft(): number {
    return this.bytes.length - this.at;
  }

  /** The next number, 0 or more. Throws RangeError if the bytes end within it. */
  next(): number {
    const small = this.bytes[this.at]!;
    if (small < 0x80) {
      this.at++;
      return small;
    }
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError("the last number has been cut");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
      if (factor > 2 ** 35) throw new RangeError("a number is too long");
    }
  }

  /** The next number, which may be negative. */
  nextSigned(): number {
    const folded = this.next();
    return folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
  }

  /** The next `count` bytes, as they are. */
  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new RangeError("the bytes end too early");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** All bytes that are left. */
  rest(): Uint8Array {
    return this.take(this.bytes.length - this.at);
  }
}
