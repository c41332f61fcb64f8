// The line to the server: questions out, frames and news in. A saved page answers from what is in it instead.

import { unzlibSync } from "fflate";

import type { BranchState, Description } from "./description";
import { readChunk, type Chunk } from "./chunk";
import { VarintReader } from "./varints";

/** What the server tells; see mettascope/visitor.py. */
export type News =
  | { say: "welcome"; may_control: boolean; branches: BranchState[]; archives: KeptArchive[] }
  | { say: "branches"; branches: BranchState[] }
  | ({ say: "branch" } & Description)
  | ({ say: "state" } & BranchState)
  | { say: "hands"; branch: number; mine: { agent: number; actions: number[] }[] }
  | { say: "seats"; branch: number; seats: string[] }
  | { say: "forked"; branch: number; parent: number }
  | {
      say: "mind";
      branch: number;
      agent: number;
      tick: number;
      by: string | null; // the policy that was asked; null = whoever played
      probabilities?: number[];
      value?: number;
      attention?: [row: number, column: number, share: number][] | null;
    }
  | { say: "values"; branch: number; agent: number; first: number; values: [tick: number, value: number][] }
  | { say: "asked"; branch: number; policy_uri: string | null; first?: number; end?: number }
  | { say: "error"; text: string };

/** An archive that the server keeps for its pages. */
export interface KeptArchive {
  number: number;
  title: string;
}

/** What the page may ask; see mettascope/messages.py. */
export type Question =
  | { do: "watch" | "leave" | "pause" | "close"; branch: number }
  | { do: "frame"; branch: number; tick: number }
  | { do: "chunk"; branch: number; first: number; count: number }
  | { do: "survey"; branch: number; first: number }
  | { do: "mind"; branch: number; agent: number; tick: number }
  | { do: "values"; branch: number; agent: number; first: number }
  | { do: "ask"; branch: number; policy_uri: string | null; tick: number }
  | { do: "run"; branch: number; speed: number }
  | { do: "step"; branch: number; count: number }
  | { do: "restart"; branch: number; seed: number | null }
  | { do: "take" | "release" | "clear_memory"; branch: number; agent: number }
  | { do: "act"; branch: number; agent: number; action: number }
  | { do: "seat"; branch: number; policy_uri: string; agents: number[] }
  | { do: "copy_memory"; branch: number; agent: number; source: number }
  | {
      do: "fork";
      branch: number;
      tick: number;
      policy_uri?: string | null;
      changes?: Record<string, unknown>;
      hands?: number[];
    };

/** Whoever listens to a connection. */
export interface Listener {
  onNews(news: News): void;
  onFrame(branch: number, frame: Uint8Array): void;
  onChunk(branch: number, chunk: Chunk): void;
  onSurvey(branch: number, block: Uint8Array): void;
  onConnection(isOpen: boolean): void;
}

export interface Connection {
  ask(question: Question): void;
}

const FRAME = 0;
const CHUNK = 1;
const SURVEY = 2;
const DEFLATED_FRAME = 3;
const RETRY_MILLISECONDS = 1000;

export class ServerConnection implements Connection {
  private socket: WebSocket | null = null;
  private unsent: string[] = [];

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
  ) {
    this.open();
  }

  ask(question: Question): void {
    const text = JSON.stringify(question);
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
    else this.unsent.push(text);
  }

  private open(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.listener.onConnection(true);
      for (const text of this.unsent.splice(0)) socket.send(text);
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.receive(event.data);
    socket.onclose = () => {
      this.listener.onConnection(false);
      setTimeout(() => this.open(), RETRY_MILLISECONDS);
    };
    this.socket = socket;
  }

  private receive(data: string | ArrayBuffer): void {
    if (typeof data === "string") {
      this.listener.onNews(JSON.parse(data) as News);
      return;
    }
    try {
      this.receiveBytes(new VarintReader(new Uint8Array(data)));
    } catch (error) {
      this.listener.onNews({ say: "error", text: String(error) });
    }
  }

  // Inflated at once by our own means: the browser's streams take ten times as long for what is so small.
  private receiveBytes(reader: VarintReader): void {
    const what = reader.next();
    const branch = reader.next();
    if (what === FRAME) this.listener.onFrame(branch, reader.rest());
    else if (what === DEFLATED_FRAME) this.listener.onFrame(branch, unzlibSync(reader.rest()));
    else if (what === CHUNK) this.receiveChunk(branch, reader.next(), reader.rest());
    else if (what === SURVEY) this.listener.onSurvey(branch, unzlibSync(reader.rest()));
  }

  private receiveChunk(branch: number, first: number, bytes: Uint8Array): void {
    this.listener.onChunk(branch, readChunk(first, unzlibSync(bytes)));
  }
}
