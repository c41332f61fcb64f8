// The frame of the page: top bar, the panes with their maps, panels at the side, the timeline below.

import type { App, View } from "./app";
import { PaneLabels } from "./compare";
import { Help } from "./chrome/help";
import { Settings } from "./chrome/settings";
import { Toasts } from "./chrome/toasts";
import { fill, h } from "./dom";
import { icon } from "./icons";
import { attachPointer } from "./input/pointer";
import { LayerButtons } from "./map/layer_buttons";
import { Minimap } from "./map/minimap";
import { PANELS } from "./panels";
import type { Panel, PanelKind } from "./panels/panel";
import { Timeline } from "./timeline/timeline";
import { TopBar } from "./top_bar";

const PANEL_SECONDS = 0.1; // between two updates of the panels

export class Shell implements View {
  private readonly panes = h("main", { class: "panes" });
  private readonly side = h("aside", { class: "side is-folded", "aria-label": "panels" });
  private readonly panels = new Map<string, { section: HTMLElement; panel: Panel }>();
  private readonly parts: View[];
  private readonly layerButtons: HTMLElement;
  private minimaps: Minimap[] = [];
  private shown: HTMLElement[] = [];
  private panelsDue = 0;

  constructor(
    root: HTMLElement,
    private readonly app: App,
  ) {
    const top = new TopBar(app);
    const timeline = new Timeline(app);
    const layers = new LayerButtons(app);
    const toasts = new Toasts(app);
    const help = new Help(app);
    this.parts = [top, timeline, layers, new PaneLabels(app), toasts, help, new Settings(app)];
    this.panes.append(layers.element);
    this.layerButtons = layers.element;
    root.append(top.element, this.panes, this.side, timeline.element, toasts.element, help.element);
    const fold = () => this.side.classList.toggle("is-folded");
    this.side.append(h("button", { class: "side-grip", "aria-label": "Fold or unfold the panels", onclick: fold }, icon("minus")));
    new ResizeObserver(() => app.draw()).observe(this.panes);
  }

  update(seconds: number): void {
    this.showPanes();
    this.showPanels(seconds);
    for (const part of [...this.parts, ...this.minimaps]) part.update(seconds);
  }

  private showPanes(): void {
    const maps = this.app.state.panes.flatMap((pane) => this.app.maps.get(pane) ?? []);
    const elements = maps.map((map) => map.element);
    if (elements.length === this.shown.length && elements.every((element, i) => element === this.shown[i])) return;
    for (const pane of this.app.state.panes) {
      const map = this.app.maps.get(pane);
      if (map === undefined || this.shown.includes(map.element)) continue;
      attachPointer(this.app, pane, map);
      const minimap = new Minimap(this.app, pane, map);
      map.element.append(minimap.element);
      this.minimaps.push(minimap);
    }
    fill(this.panes, ...elements, this.layerButtons);
    this.minimaps = this.minimaps.filter((minimap) => this.panes.contains(minimap.element));
    this.shown = elements;
    this.app.draw();
  }

  private showPanels(seconds: number): void {
    const open = this.app.state.openPanels;
    for (const kind of PANELS) {
      const isOpen = open.includes(kind.id) && this.app.branch !== null;
      if (isOpen && !this.panels.has(kind.id)) this.openPanel(kind);
      if (!isOpen && this.panels.has(kind.id)) this.closePanel(kind.id);
    }
    this.side.hidden = this.panels.size === 0;
    if (seconds < this.panelsDue) {
      if (this.panels.size > 0 && !this.app.state.isPlaying) setTimeout(() => this.app.draw(), PANEL_SECONDS * 1000);
      return;
    }
    this.panelsDue = seconds + PANEL_SECONDS;
    for (const { panel } of this.panels.values()) panel.update();
  }

  private openPanel(kind: PanelKind): void {
    const host = h("div", { class: "panel-body" });
    const close = h("button", { class: "quiet", title: "Close", "aria-label": "Close", onclick: () => this.toggle(kind.id) }, icon("close"));
    const section = h("section", { class: `panel panel-${kind.id}` }, h("header", {}, h("h2", {}, kind.title), close), host);
    const below = PANELS.slice(PANELS.indexOf(kind) + 1).find((other) => this.panels.has(other.id));
    this.side.insertBefore(section, below === undefined ? null : this.panels.get(below.id)!.section);
    this.panels.set(kind.id, { section, panel: kind.create(host, this.app) });
  }

  private closePanel(id: string): void {
    this.panels.get(id)?.section.remove();
    this.panels.delete(id);
  }

  private toggle(id: string): void {
    togglePanel(this.app, id);
  }
}

/** Opens a panel, or closes it if it is open. */
export function togglePanel(app: App, id: string): void {
  app.change((state) => {
    const isOpen = state.openPanels.includes(id);
    state.openPanels = isOpen ? state.openPanels.filter((open) => open !== id) : [...state.openPanels, id];
  });
}
