import "./style/page.css";
import "./style/map.css";
import "./style/timeline.css";
import "./style/agents.css";
import "./style/inspector.css";
import "./style/graphs.css";
import "./style/play.css";
import "./style/worlds.css";
import "./style/files.css";
import "./style/chrome.css";
import { App } from "./app";
import { lineOf, openArchive } from "./feed/archive";
import { ServerConnection } from "./feed/connection";
import { readShared, restore, type Shared } from "./chrome/share";
import { attachFiles, openAnswer, savedArchive } from "./files";
import { attachKeyboard } from "./input/keyboard";
import { attachHands } from "./play/hands";
import { enter } from "./session";
import { Shell } from "./shell";
import { WorldsPage } from "./worlds/page";

const root = document.querySelector<HTMLElement>("#app")!;
const app = new App();
const worlds = new WorldsPage(app, root);
app.views.push(new Shell(root, app), worlds);
root.append(worlds.element);
attachKeyboard(app);
attachHands(app);
attachFiles(app);
window.addEventListener("resize", () => app.draw());
const saved = savedArchive();
(saved === null ? goToServer() : openSaved(saved)).catch((error: unknown) => app.report(lineOf(error)));

async function goToServer(): Promise<void> {
  const shared = readShared(location.hash);
  if (shared !== null) restoreOnce(shared);
  await enter();
  const url = new URL("ws", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  const replay = new URLSearchParams(location.search).get("replay");
  app.connect((listener) => new ServerConnection(url.href, listener));
  if (replay !== null) await openNamed(replay);
}

/** Shows what a link asks for when the server has told what is open. */
function restoreOnce(shared: Shared): void {
  let isDone = false;
  app.newsListeners.push((news) => {
    if (news.say !== "welcome" || isDone) return;
    isDone = true;
    restore(app, shared);
  });
}

/** Opens the replay of the run folder that the address names (`?replay=`). */
async function openNamed(name: string): Promise<void> {
  await openAnswer(app, await fetch(`api/replays/open?name=${encodeURIComponent(name)}`, { method: "POST" }), name);
}

async function openSaved(bytes: Uint8Array): Promise<void> {
  app.openArchive(await openArchive(bytes));
  app.onConnection(true); // all that there is
}
