import "./style/page.css";
import "./style/map.css";
import "./style/timeline.css";
import "./style/agents.css";
import "./style/inspector.css";
import "./style/play.css";
import { App } from "./app";
import { ServerConnection } from "./feed/connection";
import { attachKeyboard } from "./input/keyboard";
import { attachHands } from "./play/hands";
import { enter } from "./session";
import { Shell } from "./shell";

const root = document.querySelector<HTMLElement>("#app")!;
const app = new App();
app.views.push(new Shell(root, app));
attachKeyboard(app);
attachHands(app);
window.addEventListener("resize", () => app.draw());
enter()
  .then(() => {
    const url = new URL("ws", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    app.connect((listener) => new ServerConnection(url.href, listener));
  })
  .catch((error: unknown) => app.report(error instanceof Error ? error.message : String(error)));
