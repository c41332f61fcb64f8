// Reading zips: what our archives need and no more. A file may come from anybody, so every size is bounded by what the
// directory says, and that by the limits.

export interface ZipLimits {
  entries: number;
  entryBytes: number; // of one entry, inflated
  bytes: number; // of all, inflated
}

interface Entry {
  isDeflated: boolean;
  crc: number;
  packedSize: number;
  size: number;
  offset: number; // of its local header
}

const END_SIZE = 22;
const END_MARK = 0x06054b50;
const ENTRY_SIZE = 46;
const ENTRY_MARK = 0x02014b50;
const LOCAL_SIZE = 30;
const LOCAL_MARK = 0x04034b50;
const MOST_COMMENT = 0xffff;
const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
const SLICE = 4096; // bytes that are inflated at a time: at most a thousand times as many come out

export class Zip {
  private readonly entries: Map<string, Entry>;

  /** Reads the directory. Throws Error with one line if this is no zip or larger than the limits allow. */
  constructor(
    private readonly bytes: Uint8Array,
    limits: ZipLimits,
  ) {
    this.entries = readDirectory(bytes, limits);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  /** How many bytes an entry has; 0 if there is none. */
  size(name: string): number {
    return this.entries.get(name)?.size ?? 0;
  }

  /** The bytes of an entry. Throws Error with one line if it is missing or damaged. */
  async read(name: string): Promise<Uint8Array> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error(`${name} is missing`);
    const packed = this.packed(entry, name);
    const data = entry.isDeflated ? await inflateRaw(packed, entry.size, name) : packed;
    if (data.length !== entry.size || crc32(data) !== entry.crc) throw new Error(`${name} is damaged`);
    return data;
  }

  private packed(entry: Entry, name: string): Uint8Array {
    const view = viewOf(this.bytes);
    const isThere = entry.offset + LOCAL_SIZE <= this.bytes.length;
    if (!isThere || view.getUint32(entry.offset, true) !== LOCAL_MARK) throw new Error(`${name} is damaged`);
    const lengths = view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
    const start = entry.offset + LOCAL_SIZE + lengths;
    if (start + entry.packedSize > this.bytes.length) throw new Error(`${name} has been cut`);
    return this.bytes.subarray(start, start + entry.packedSize);
  }
}

function readDirectory(bytes: Uint8Array, limits: ZipLimits): Map<string, Entry> {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > limits.entries) throw new Error(`too many entries: ${count}`);
  const entries = new Map<string, Entry>();
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_SIZE > end || view.getUint32(at, true) !== ENTRY_MARK) throw new Error("its directory is damaged");
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as Triple;
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength));
    const entry = readEntry(view, at);
    if (entries.has(name)) throw new Error("two entries have the same name");
    total += entry.size;
    if (entry.size > limits.entryBytes || total > limits.bytes) throw new Error("it is too large");
    entries.set(name, entry);
    at += ENTRY_SIZE + nameLength + extra + comment;
  }
  return entries;
}

type Triple = [number, number, number];

function readEntry(view: DataView, at: number): Entry {
  const method = view.getUint16(at + 10, true);
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0 || (method !== STORED && method !== DEFLATED)) {
    throw new Error("it is encrypted or compressed in an unknown way");
  }
  const [crc, packedSize, size] = [16, 20, 24].map((place) => view.getUint32(at + place, true)) as Triple;
  return { isDeflated: method === DEFLATED, crc, packedSize, size, offset: view.getUint32(at + 42, true) };
}

/** Where the end record is: behind it lies at most a comment. */
function findEnd(view: DataView): number {
  const least = Math.max(0, view.byteLength - END_SIZE - MOST_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= least; at--) {
    if (view.getUint32(at, true) === END_MARK) return at;
  }
  throw new Error("it is no zip, or has been cut");
}

/** Undoes deflate slice by slice and stops as soon as more comes out than was told. */
async function inflateRaw(packed: Uint8Array, size: number, name: string): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate-raw");
  const written = feed(stream.writable.getWriter(), packed);
  const reader = stream.readable.getReader();
  const whole = new Uint8Array(size);
  let at = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (at + part.value.length > size) throw new Error("too much");
      whole.set(part.value, at);
      at += part.value.length;
    }
    await written;
  } catch {
    await reader.cancel().catch(() => undefined);
    await written.catch(() => undefined);
    throw new Error(`${name} is damaged`);
  }
  return whole.subarray(0, at);
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, packed: Uint8Array): Promise<void> {
  for (let at = 0; at < packed.length; at += SLICE) {
    await writer.ready;
    await writer.write(packed.subarray(at, at + SLICE) as BufferSource);
  }
  await writer.close();
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
