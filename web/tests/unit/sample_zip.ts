// Zips and archives for tests, made by hand.

import { crc32 } from "../../src/feed/zip";

export interface Part {
  name: string;
  data: Uint8Array;
  isDeflated?: boolean;
  size?: number; // told, if it is a lie
  flags?: number;
  crc?: number;
  packed?: Uint8Array;
}

export async function deflateRaw(data: Uint8Array): Promise<Uint8Array> {
  const stream = new CompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  void writer.write(data as BufferSource);
  void writer.close();
  const reader = stream.readable.getReader();
  const parts: number[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(...part.value);
  return Uint8Array.from(parts);
}

export async function makeZip(parts: Part[]): Promise<Uint8Array> {
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = new TextEncoder().encode(part.name);
    const packed = part.packed ?? (part.isDeflated ? await deflateRaw(part.data) : part.data);
    const fields = [
      part.flags ?? 0, part.isDeflated ? 8 : 0, 0, 0, part.crc ?? crc32(part.data), packed.length,
      part.size ?? part.data.length, name.length, 0,
    ];
    const head = (mark: number) => numbers([[4, mark], [2, 20], ...sized(fields)]);
    const entry = [...numbers([[4, 0x02014b50], [2, 20]]), ...head(0).subarray(4)];
    directory.push(Uint8Array.from([...entry, ...numbers([[2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), ...name]));
    local.push(head(0x04034b50), name, packed);
    offset += 30 + name.length + packed.length;
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = numbers([[4, 0x06054b50], [2, 0], [2, 0], [2, parts.length], [2, parts.length], [4, size], [4, offset], [2, 0]]);
  return joined([...local, ...directory, end]);
}

function sized(fields: number[]): [number, number][] {
  const sizes = [2, 2, 2, 2, 4, 4, 4, 2, 2];
  return fields.map((field, i) => [sizes[i]!, field]);
}

function numbers(fields: [number, number][]): Uint8Array {
  const bytes: number[] = [];
  for (const [size, value] of fields) for (let i = 0; i < size; i++) bytes.push(Math.floor(value / 256 ** i) & 0xff);
  return Uint8Array.from(bytes);
}

export function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
