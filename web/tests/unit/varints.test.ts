import { describe, expect, it } from "vitest";
import { VarintReader } from "../../src/feed/varints";

describe("VarintReader", () => {
  it("reads numbers of one and of several bytes", () => {
    const reader = new VarintReader(Uint8Array.of(5, 0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x7f));
    expect([reader.next(), reader.next(), reader.next()]).toEqual([5, 128, 2 ** 35 - 1]);
    expect(reader.isAtEnd).toBe(true);
  });

  it("unfolds signed numbers", () => {
    const reader = new VarintReader(Uint8Array.of(0, 1, 2, 3, 4));
    expect(Array.from({ length: 5 }, () => reader.nextSigned())).toEqual([0, -1, 1, -2, 2]);
  });

  it("refuses a number that has been cut or is too long", () => {
    expect(() => new VarintReader(Uint8Array.of(0x80)).next()).toThrow("has been cut");
    expect(() => new VarintReader(new Uint8Array(9).fill(0x80)).next()).toThrow("too long");
  });
});
