// An episode in a file (`.baked`): answers the page's questions without a server; see docs/formats/baked.md.

import { asDescription, sheetSize } from "./check_description";
import { readChunk, type Chunk } from "./chunk";
import type { Connection, Listener, Question } from "./connection";
import type { Description } from "./description";
import { readHead } from "./world";
import { Zip } from "./zip";

const MOST_BYTES = 128 << 20; // of a file
const MOST_HEADER_BYTES = 8 << 20;
const LIMITS = { entries: 60_000, entryBytes: 16 << 20, bytes: 256 << 20 };
const CHUNK_TICKS = 50;
const SURVEY_TICKS = 500;
const VERSION = 1;
const ONLY_LOOKING = "this is a recording from a file: it can be looked at, not played";

/** What a file holds, opened and checked. */
export interface Archive {
  description: Description;
  zip: Zip;
}

/** Opens the bytes of a file. Throws Error with one line if they are no archive that this page can show. */
export async function openArchive(bytes: Uint8Array): Promise<Archive> {
  if (bytes.length > MOST_BYTES) throw new Error(`an archive has at most ${MOST_BYTES >> 20} MiB`);
  const zip = new Zip(bytes, LIMITS);
  const description = readHeader(await readText(zip));
  const sheet = await zip.read("atlas.png");
  checkPicture(sheet, description);
  description.atlas.sheet = new Blob([sheet as BlobPart], { type: "image/png" });
  return { description, zip };
}

/** Answers for one archive; its branch has a number that the server does not use. */
export class ArchiveConnection implements Connection {
  private answered: Promise<void> = Promise.resolve(); // one after the other

  constructor(
    private readonly archive: Archive,
    private readonly number: number,
    private readonly title: string,
    private readonly listener: Listener,
  ) {}

  /** All that the page must know before the first frame. */
  get description(): Description {
    const { description } = this.archive;
    const state = { branch: this.number, title: this.title, parent: null, is_live: false, hands: [], players: [], speed: 0 };
    return { ...description, ...state, seats: [] };
  }

  ask(question: Question): void {
    this.answered = this.answered
      .then(() => this.answer(question))
      .catch((error: unknown) => this.listener.onNews({ say: "error", text: lineOf(error) }));
  }

  private async answer(question: Question): Promise<void> {
    const branch = this.number;
    if (question.do === "watch") {
      this.listener.onNews({ say: "branch", ...this.description });
      await this.giveChunk(this.archive.description.first_tick);
    } else if (question.do === "frame") await this.giveChunk(question.tick);
    else if (question.do === "chunk") await this.giveChunk(question.first);
    else if (question.do === "survey") await this.giveSurvey(question.first);
    else if (question.do === "mind") {
      this.listener.onNews({ say: "mind", branch, agent: question.agent, tick: question.tick, by: null });
    } else if (question.do === "values") {
      this.listener.onNews({ say: "values", branch, agent: question.agent, first: question.first, values: [] });
    } else if (question.do !== "leave" && question.do !== "close") throw new Error(ONLY_LOOKING);
  }

  /** The chunk that holds a tick, which is also the answer to a question for a single frame. */
  private async giveChunk(tick: number): Promise<void> {
    const { description, zip } = this.archive;
    const first = Math.max(Math.floor(tick / CHUNK_TICKS) * CHUNK_TICKS, description.first_tick);
    const chunk = readChunk(first, await zip.read(entryName("chunks", first)));
    const end = Math.min(first - (first % CHUNK_TICKS) + CHUNK_TICKS - 1, description.last_tick);
    checkTicks(chunk, end);
    this.listener.onChunk(this.number, chunk);
  }

  private async giveSurvey(tick: number): Promise<void> {
    const { description, zip } = this.archive;
    const first = tick - ((tick - description.first_tick) % SURVEY_TICKS);
    this.listener.onSurvey(this.number, await zip.read(entryName("surveys", first)));
  }
}

/** What went wrong, in one line. */
export function lineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 300);
}

async function readText(zip: Zip): Promise<string> {
  if (zip.size("header.json") > MOST_HEADER_BYTES) throw new Error("header.json is too large");
  return new TextDecoder("utf-8", { fatal: true }).decode(await zip.read("header.json"));
}

function readHeader(text: string): Description {
  const header = JSON.parse(text) as Record<string, unknown> | null;
  if (header === null || header.format !== "mettascope-archive") throw new Error("header.json is not that of an archive");
  if (header.version !== VERSION) {
    throw new Error(`archives of version ${String(header.version).slice(0, 20)} are unknown; this page reads ${VERSION}`);
  }
  if (header.chunk_ticks !== CHUNK_TICKS || header.survey_ticks !== SURVEY_TICKS) {
    throw new Error(`chunk_ticks must be ${CHUNK_TICKS} and survey_ticks ${SURVEY_TICKS}`);
  }
  return asDescription(header.world);
}

/** The picture has the size that the description tells, so that nothing larger is decoded. */
function checkPicture(png: Uint8Array, description: Description): void {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const { width, height } = sheetSize(description.atlas);
  const isPng = png.length > 24 && view.getUint32(0) === 0x89504e47 && view.getUint32(12) === 0x49484452;
  if (!isPng || view.getUint32(16) !== width || view.getUint32(20) !== height) {
    throw new Error(`atlas.png is no picture of ${width} x ${height} pixels`);
  }
}

/** A chunk holds all its ticks and begins with a key frame. */
function checkTicks(chunk: Chunk, last: number): void {
  if (chunk.end !== last + 1) throw new Error(`the chunk of tick ${chunk.first} is not whole`);
  for (let tick = chunk.first; tick <= last; tick++) {
    const head = readHead(chunk.frame(tick));
    const base = tick === chunk.first ? null : tick - 1;
    if (head.tick !== tick || head.base !== base) throw new Error(`the frame of tick ${tick} is another one`);
  }
}

function entryName(folder: string, tick: number): string {
  return `${folder}/${String(tick).padStart(8, "0")}`;
}
