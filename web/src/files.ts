// Files that people drop on the page: archives are opened here, everything else goes to the server.

import type { App } from "./app";
import { lineOf, openArchive } from "./feed/archive";

const ARCHIVE = ".baked";
const LARGEST = 128 << 20; // bytes

/** Opens what is dropped on the page and what the server keeps; says so while something is held over the page. */
export function attachFiles(app: App): void {
  const known = new Set<number>();
  app.newsListeners.push((news) => {
    if (news.say !== "welcome") return;
    for (const { number, title } of news.archives.filter((kept) => !known.has(kept.number))) {
      known.add(number);
      fetchArchive(app, number, title).catch((error: unknown) => app.report(`${title}: ${lineOf(error)}`));
    }
  });
  window.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("is-dropping");
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("is-dropping");
  });
  window.addEventListener("drop", (event) => {
    document.body.classList.remove("is-dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void openFiles(app, files);
  });
}

/** Opens files one after the other; what is wrong with one is said and the next one follows. */
export async function openFiles(app: App, files: File[]): Promise<void> {
  for (const file of files) {
    await openFile(app, file).catch((error: unknown) => app.report(`${file.name}: ${lineOf(error)}`));
  }
}

async function openFile(app: App, file: File): Promise<void> {
  if (file.size > LARGEST) throw new Error(`a file has at most ${LARGEST >> 20} MiB`);
  if (file.name.endsWith(ARCHIVE)) app.openArchive(await openArchive(await bytesOf(file)), file.name);
  else await sendFile(app, file);
}

async function fetchArchive(app: App, number: number, title: string): Promise<void> {
  const response = await fetch(`api/archives/${number}`);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  app.openArchive(await openArchive(await bytesOf(response)), title);
}

/** The server opens a replay, or answers with the archive that it made of a file of another kind. */
async function sendFile(app: App, file: File): Promise<void> {
  if (!app.hasServer) throw new Error(`without a server this page opens ${ARCHIVE} files only`);
  const address = `api/replays?name=${encodeURIComponent(file.name)}`;
  const response = await fetch(address, { method: "POST", body: file });
  await openAnswer(app, response, file.name);
}

/** Shows what the server made of a replay: a branch of its own, or an archive for the page. */
export async function openAnswer(app: App, response: Response, name: string): Promise<void> {
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  if (!isJson) {
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    app.openArchive(await openArchive(await bytesOf(response)), name);
    return;
  }
  const answer = (await response.json()) as { branch?: number; error?: string };
  if (answer.branch === undefined) throw new Error(answer.error ?? `the server answered ${response.status}`);
  app.showBranch(answer.branch);
}

async function bytesOf(source: Blob | Response): Promise<Uint8Array> {
  return new Uint8Array(await source.arrayBuffer());
}

/** The archive that lies in a saved page, as base64; null in a page from a server. */
export function savedArchive(): Uint8Array | null {
  const element = document.querySelector("script[type='application/x-mettascope-archive']");
  if (element === null) return null;
  return Uint8Array.from(atob(element.textContent ?? ""), (letter) => letter.charCodeAt(0));
}
