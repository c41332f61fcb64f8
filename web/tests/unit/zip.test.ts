import { describe, expect, it } from "vitest";
import { crc32, Zip } from "../../src/feed/zip";
import { deflateRaw, makeZip } from "./sample_zip";

const LIMITS = { entries: 10, entryBytes: 20_000, bytes: 30_000 };
const HELLO = new TextEncoder().encode("hello, hello, hello");

describe("Zip", () => {
  it("reads stored and deflated entries", async () => {
    const zip = new Zip(await makeZip([{ name: "a", data: HELLO }, { name: "b/c", data: HELLO, isDeflated: true }]), LIMITS);
    expect(zip.names).toEqual(["a", "b/c"]);
    expect([zip.size("a"), zip.size("nothing")]).toEqual([HELLO.length, 0]);
    expect([...(await zip.read("a"))]).toEqual([...HELLO]);
    expect([...(await zip.read("b/c"))]).toEqual([...HELLO]);
    await expect(zip.read("nothing")).rejects.toThrow("nothing is missing");
  });

  it("reads the example of the CRC's standard", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("refuses more than the limits before it reads anything", async () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ name: `${i}`, data: HELLO }));
    const large = [{ name: "a", data: HELLO, size: 20_001 }];
    const together = ["a", "b"].map((name) => ({ name, data: HELLO, size: 15_001 }));
    await expect(makeZip(many).then((bytes) => new Zip(bytes, LIMITS))).rejects.toThrow("too many entries");
    await expect(makeZip(large).then((bytes) => new Zip(bytes, LIMITS))).rejects.toThrow("too large");
    await expect(makeZip(together).then((bytes) => new Zip(bytes, LIMITS))).rejects.toThrow("too large");
  });

  it("stops inflating where an entry lies about its size", async () => {
    const packed = await deflateRaw(new Uint8Array(1_000_000));
    const zip = new Zip(await makeZip([{ name: "bomb", data: HELLO, packed, isDeflated: true, size: 100 }]), LIMITS);
    await expect(zip.read("bomb")).rejects.toThrow("bomb is damaged");
  });

  it("refuses damage, encryption, unknown methods and names that come twice", async () => {
    const zip = async (...parts: Parameters<typeof makeZip>[0]) => new Zip(await makeZip(parts), LIMITS);
    await expect((await zip({ name: "a", data: HELLO, crc: 1 })).read("a")).rejects.toThrow("a is damaged");
    const noise = { name: "a", data: HELLO, packed: Uint8Array.of(255, 255, 1), isDeflated: true };
    await expect((await zip(noise)).read("a")).rejects.toThrow("a is damaged");
    await expect(zip({ name: "a", data: HELLO, flags: 1 })).rejects.toThrow("encrypted");
    await expect(zip({ name: "a", data: HELLO }, { name: "a", data: HELLO })).rejects.toThrow("same name");
  });

  it("refuses every file that has been cut", async () => {
    const whole = await makeZip([{ name: "a", data: HELLO, isDeflated: true }]);
    for (let length = 0; length < whole.length; length++) expect(() => new Zip(whole.subarray(0, length), LIMITS)).toThrow();
  });
});
