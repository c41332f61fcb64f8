// Keys: what each one does, in one table that the help shows, too.

import type { App } from "../app";
import { LAYER_TOGGLES, toggleLayer } from "../map/layer_buttons";
import { playKey } from "../play/keys";
import { toggleTake } from "../play/hands";
import { seek, setSpeed, step, togglePlay } from "../playback";

export interface Binding {
  keys: string[]; // values of KeyboardEvent.key; letters in lower case
  help: string;
  run(app: App, event: KeyboardEvent): void;
}

export const BINDINGS: readonly Binding[] = [
  { keys: [" "], help: "Play or pause", run: togglePlay },
  { keys: ["]"], help: "Step on", run: (app) => step(app, 1) },
  { keys: ["["], help: "Step back", run: (app) => step(app, -1) },
  { keys: ["."], help: "Faster", run: (app) => setSpeed(app, app.state.speed * 2) },
  { keys: [","], help: "Slower", run: (app) => setSpeed(app, app.state.speed / 2) },
  { keys: ["Home"], help: "To the start", run: (app) => seek(app, 0) },
  { keys: ["End"], help: "To the end", run: (app) => seek(app, app.lastTick) },
  ...LAYER_TOGGLES.map(({ layer, key, title }) => ({ keys: [key], help: title, run: (app: App) => toggleLayer(app, layer) })),
  { keys: ["t"], help: "Take the selected agent over, or give it back", run: toggleTake },
  { keys: ["F2"], help: "Show only the map", run: (app) => app.change((state) => (state.isUiHidden = !state.isUiHidden)) },
  { keys: ["?"], help: "Show or hide this help", run: (app) => app.change((state) => (state.isHelpOpen = !state.isHelpOpen)) },
];

/** Lets the page react to keys, except while somebody types into a field. */
export function attachKeyboard(app: App): void {
  window.addEventListener("keydown", (event) => {
    if (app.state.page !== "watch" || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (playKey(app, event)) {
      event.preventDefault();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const binding = BINDINGS.find((candidate) => candidate.keys.includes(key));
    if (binding === undefined) return;
    event.preventDefault();
    binding.run(app, event);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "range" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
