import { describe, expect, it } from "vitest";
import { ArchiveConnection, lineOf, openArchive } from "../../src/feed/archive";
import { Branch } from "../../src/feed/branch";
import { readChunk, type Chunk } from "../../src/feed/chunk";
import type { Listener, News } from "../../src/feed/connection";
import type { Description } from "../../src/feed/description";
import { Survey } from "../../src/feed/survey";
import { World } from "../../src/feed/world";
import { sampleArchive, sampleHeader, sampleParts, sampleWorld, CHUNK, type SampleWorld } from "./sample_archive";
import { makeZip } from "./sample_zip";

class Heard implements Listener {
  news: News[] = [];
  chunks: [number, Chunk][] = [];
  surveys: Uint8Array[] = [];
  onNews(news: News): void {
    this.news.push(news);
  }
  onChunk(branch: number, chunk: Chunk): void {
    this.chunks.push([branch, chunk]);
  }
  onSurvey(_: number, block: Uint8Array): void {
    this.surveys.push(block);
  }
  onFrame(): void {}
  onConnection(): void {}
}

async function connected(bytes?: Uint8Array): Promise<{ heard: Heard; connection: ArchiveConnection }> {
  const heard = new Heard();
  const archive = await openArchive(bytes ?? (await sampleArchive()));
  return { heard, connection: new ArchiveConnection(archive, -1, "mine", heard) };
}

async function answers(connection: ArchiveConnection, heard: Heard): Promise<News[]> {
  const count = heard.news.length;
  connection.ask({ do: "mind", branch: -1, agent: 0, tick: 0 }); // answered last
  while (heard.news.length === count || heard.news[heard.news.length - 1]!.say !== "mind") {
    await new Promise((resolve) => setTimeout(resolve));
  }
  return heard.news;
}

describe("ArchiveConnection", () => {
  it("describes its branch and gives the first chunk to who watches", async () => {
    const { heard, connection } = await connected();
    connection.ask({ do: "watch", branch: -1 });
    const [news] = await answers(connection, heard);
    expect(news).toMatchObject({ say: "branch", branch: -1, title: "mine", is_live: false, last_tick: 2, name: "sample" });
    expect(heard.chunks.map(([branch, chunk]) => [branch, chunk.first, chunk.end])).toEqual([[-1, 0, 3]]);
  });

  it("lets a branch show every tick, also one that it asks for on its own", async () => {
    const { heard, connection } = await connected();
    const branch = new Branch(connection.description, connection);
    const world = new World(connection.description);
    connection.ask({ do: "frame", branch: -1, tick: 2 });
    await answers(connection, heard);
    branch.receiveChunk(heard.chunks[0]![1]);
    const cells = [0, 1, 2].map((tick) => branch.show(world, tick) && [0, 1, 2].map((object) => world.cellOf(object)));
    expect(cells).toEqual([[5, 6, 7], [10, 6, 7], [15, 6, 7]]);
    connection.ask({ do: "survey", branch: -1, first: 0 });
    await answers(connection, heard);
    branch.receiveSurvey(heard.surveys[0]!);
    expect([0, 1, 2].map((tick) => branch.survey.cell(tick, 0))).toEqual([5, 10, 15]);
  });

  it("says that it cannot be played", async () => {
    const { heard, connection } = await connected();
    connection.ask({ do: "step", branch: -1, count: 1 });
    expect((await answers(connection, heard))[0]).toMatchObject({ say: "error" });
  });

  it("says what is wrong with a chunk and goes on", async () => {
    for (const chunk of [CHUNK.subarray(0, 21), CHUNK.subarray(0, 25), Uint8Array.of(2, 9, 9, ...CHUNK)]) {
      const parts = sampleParts().map((part) => (part.name.startsWith("chunks") ? { ...part, data: chunk } : part));
      const { heard, connection } = await connected(await makeZip(parts));
      connection.ask({ do: "chunk", branch: -1, first: 0, count: 50 });
      expect((await answers(connection, heard))[0]).toMatchObject({ say: "error" });
      expect(heard.chunks).toEqual([]);
    }
  });
});

describe("openArchive", () => {
  it("opens a whole file", async () => {
    expect((await openArchive(await sampleArchive())).description.atlas.sheet?.type).toBe("image/png");
  });

  const headers: Record<string, unknown> = {
    "another format": { ...sampleHeader(), format: "metta-replay" },
    "a later version": { ...sampleHeader(), version: 2 },
    "other chunks": { ...sampleHeader(), chunk_ticks: 1 },
    "no world": { ...sampleHeader(), world: null },
    null: null,
    "a list": [],
    "no JSON": "{",
    "deep JSON": "[".repeat(100_000),
    NaN: JSON.stringify(sampleHeader()).replace('"max_steps":3', '"max_steps":NaN'),
  };
  for (const [what, header] of Object.entries(headers)) {
    it(`refuses a header with ${what}`, async () => {
      await expect(sampleArchive(header).then(openArchive)).rejects.toThrow();
    });
  }

  const worlds: [string, (world: SampleWorld) => void][] = [
    ["a name that is no text", (world) => Object.assign(world, { name: 5 })],
    ["a very long name", (world) => Object.assign(world, { name: "x".repeat(1000) })],
    ["agents without end", (world) => Object.assign(world, { num_agents: 1e9 })],
    ["agents that are no objects", (world) => Object.assign(world, { num_agents: 4 })],
    ["half an agent", (world) => Object.assign(world, { num_agents: 1.5 })],
    ["a map without cells", (world) => Object.assign(world, { height: 0 })],
    ["a map too large", (world) => Object.assign(world, { height: 4000, width: 4000 })],
    ["ticks that run backwards", (world) => Object.assign(world, { last_tick: -1 })],
    ["too many ticks", (world) => Object.assign(world, { last_tick: 2_000_000 })],
    ["no columns", (world) => Object.assign(world, { columns: [] })],
    ["a huge column", (world) => Object.assign(world.columns[8]!, { name: "other", rows: 1 << 22, size: 1 << 22 })],
    ["two columns of one name", (world) => world.columns.push({ name: "extra", rows: 1, size: 1 }, { name: "extra", rows: 1, size: 1 })],
    ["fewer looks than kinds", (world) => world.looks.kinds.pop()],
    ["a colour that is a style", (world) => Object.assign(world.looks.colors, { ink: "red;background:url(//x)" })],
    ["a place of a tile that is no number", (world) => Object.assign(world.looks.layout, { mark: [0, 0, null, 1] })],
    ["a sheet too large", (world) => Object.assign(world.atlas, { tile_size: 512, columns: 256 })],
    ["tiles with gaps", (world) => Object.assign(world.atlas.tiles, { floor: 7 })],
    ["a picture of another size", (world) => Object.assign(world.atlas, { tile_size: 17 })],
    ["an aim that nobody knows", (world) => Object.assign(world.actions[0]!, { aim: { at: "__proto__" } })],
    ["caps of other variables", (world) => world.caps.push([1, 2])],
  ];
  for (const [what, how] of worlds) {
    it(`refuses a world with ${what}`, async () => {
      const world = sampleWorld();
      how(world);
      await expect(sampleArchive(sampleHeader(world)).then(openArchive)).rejects.toThrow(/^[^\n]{5,300}$/);
    });
  }

  it("takes markup in names as text and ignores what it does not know", async () => {
    const world = { ...sampleWorld(), name: "<img src=x onerror=alert(1)>", news: { deep: [1] } };
    expect((await openArchive(await sampleArchive(sampleHeader(world)))).description.name).toContain("<img");
  });
});

/** The same numbers on every run. */
function* randoms(seed: number): Generator<number, never> {
  for (let state = seed; ; ) yield (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

describe("files that somebody changed", () => {
  it("are refused with a line or opened, whichever bit it is", async () => {
    const whole = await sampleArchive();
    const random = randoms(1);
    for (let i = 0; i < 150; i++) {
      const changed = whole.slice();
      changed[Math.floor(random.next().value * whole.length)]! ^= 1 << Math.floor(random.next().value * 8);
      const line = await openArchive(changed).then(() => "opened", lineOf);
      expect(line).toMatch(/^[^\n]{5,300}$/);
    }
  });

  it("give frames that a world refuses or shows", () => {
    const random = randoms(2);
    const { columns, ...world } = sampleWorld();
    for (let i = 0; i < 300; i++) {
      const changed = CHUNK.slice();
      changed[Math.floor(random.next().value * changed.length)]! ^= 1 << Math.floor(random.next().value * 8);
      const shown = new World({ columns, ...world } as unknown as Description);
      try {
        const chunk = readChunk(0, changed);
        for (let tick = 0; tick < chunk.end; tick++) shown.apply(chunk.frame(tick));
        for (const kind of shown.kind) expect([0, 1, 2]).toContain(kind);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });

  it("cannot make a survey take more memory than its bytes", () => {
    const many = [0xff, 0xff, 0xff, 0x7f];
    for (const block of [[0, ...many, 2, 0], [0, 1, 2, ...many, ...Array(6).fill(0)]]) {
      const survey = new Survey(0, 2);
      expect(() => survey.add(Uint8Array.from(block))).toThrow(RangeError);
      expect(survey.end).toBe(0);
    }
  });

  it("cannot make a world take more memory than its bytes", () => {
    const far = [0xff, 0xff, 0xff, 0xff, 0x7f];
    const world = new World(sampleWorld() as unknown as Description);
    for (const frame of [[0, 0, 10, ...far], [0, 0, 0, ...far], [0, 0, 0, 1, ...far, 2, 10, 0], [...far, ...far]]) {
      expect(() => world.apply(Uint8Array.from(frame))).toThrow(RangeError);
    }
  });
});
