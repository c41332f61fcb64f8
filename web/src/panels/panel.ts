// A panel shows one aspect of the focused pane beside the map. Each is a file in panels; panels/index.ts lists them.

import type { App } from "../app";

export interface Panel {
  /** Brings the panel's elements up to date; called a few times per second while it is open. */
  update(): void;
}

export interface PanelKind {
  id: string; // in the URL and in State.openPanels
  title: string;
  icon: string; // a name in icons.ts, or one character
  create(host: HTMLElement, app: App): Panel;
}
